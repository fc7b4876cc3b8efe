package org.mcrc.runtime.cli;

import java.util.ArrayList;
import java.util.List;
import org.mcrc.compiler.bind.BindSummary;
import org.mcrc.runtime.field.Resampling;

/**
 * The coarser levels on which a reconstruction begins.
 *
 * @param factor how many times smaller each is along every axis: the descriptor's own where it has levels
 */
record Coarsening(int factor) {

    /** Sketches of a coarse level have so many times more columns: with its fewer pixels they cost less all the same. */
    private static final int MORE_COLUMNS = 4;

    private static final int DEFAULT_FACTOR = 2;

    /** Fewer pixels along an axis have little of a microstructure left. */
    private static final int LEAST_EXTENT = 32;

    static Coarsening of(BindSummary summary) {
        List<BindSummary.Level> own = summary.levels().stream().filter(level -> level.file().isEmpty()).toList();
        return new Coarsening(own.size() < 2 ? DEFAULT_FACTOR
                : own.get(0).extents().getFirst() / own.get(1).extents().getFirst());
    }

    /**
     * The columns of a coarse level's sketches, the most wanted first.
     *
     * @param columns of the finest level's; none for none
     */
    static List<Integer> columns(List<Integer> columns) {
        List<Integer> more = new ArrayList<>();
        for (int times = MORE_COLUMNS; times >= 1; times /= 2) {
            for (int each : columns) {
                more.add(each * times);
            }
        }
        return more;
    }

    /** The extents of the levels below, the finest first, as long as they divide evenly. */
    List<List<Integer>> of(List<Integer> extents) {
        List<List<Integer>> levels = new ArrayList<>();
        List<Integer> current = extents;
        while (current.stream().allMatch(extent -> extent % factor == 0 && extent / factor >= LEAST_EXTENT)) {
            current = Resampling.coarser(current, factor);
            levels.add(current);
        }
        return levels;
    }
}
