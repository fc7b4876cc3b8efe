package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.kernel.Fold;

/**
 * How the elements of a reverse contraction are added up where they are computed, when each adds to its target at a distance of
 * its pixel that depends on the row alone. A run is some rows, one after another, that differ in the last component of that
 * distance only: of a line of pixels, all of them add to one line of the target, each shifted along it. So a line is left of
 * each run, where there was one of each row. Vectors are in order: of the 1985 of s2s3 with P = 31 there are 154 runs.
 *
 * <p>A line that is at most a {@link #SEGMENT} long, and divides it, wraps within it, and the sums of a run lie where the
 * pixels do. Of a longer line each segment has sums for as much more as the shifts of a run reach.
 *
 * @param line the pixels of a line
 * @param firstRows the first row of each run; then the number of rows
 * @param firstRuns the first run of each block of rows, with those of the padding; then the number of runs
 * @param offsets for each component of the distance but the last, and for each run
 * @param shifts the last component of each row, without that of {@code least}; its remainder where lines wrap within a segment
 * @param least the least last component of each run; 0 where lines wrap within a segment
 * @param reach the greatest of the shifts; 0 where lines wrap within a segment
 */
record Runs(int line, int[] firstRows, int[] firstRuns, int[][] offsets, int[] shifts, int[] least, int reach) {
    /** No run has rows of two blocks of so many: a warp has one at a time (halves.cuh). */
    static final int ROWS_OF_BLOCK = 16;

    /** The columns whose sums are taken together, of which a tile has one or two. */
    static final int SEGMENT = 128;

    /** Farther from each other than this no two rows of a run may shift: a thread has a sum for each 32 places. */
    private static final int MOST_REACH = 2 * SEGMENT;

    /** Runs with fewer rows than this on average do not pay. */
    private static final int LEAST_ROWS = 4;

    /** The runs of a contribution; empty where it is none of this kind, or where there are too many or too wide ones. */
    static Optional<Runs> of(Fold fold, Fold.Contribution contribution) {
        if (contribution.target().axes().size() != 1 || !(fold.pixel().domain() instanceof Grid grid)
                || !contribution.target().axes().getFirst().equals(grid)
                || fold.rows().stream().anyMatch(row -> !(row.domain() instanceof FiniteDomain))) {
            return Optional.empty();
        }
        int last = grid.rank() - 1;
        int line = grid.extent(last);
        boolean wraps = SEGMENT % line == 0;
        if (!wraps && line % SEGMENT != 0) {
            return Optional.empty();
        }
        int rows = Math.toIntExact(Count.of(fold.rows()));
        int[][] distances = new int[grid.rank()][];
        for (int c = 0; c <= last; c++) {
            IndexForm distance = contribution.subscripts().getFirst().get(c).minus(IndexForm.of(fold.pixel(), c));
            if (!fold.rows().containsAll(distance.indices())) {
                return Optional.empty();
            }
            distances[c] = values(distance, fold.rows(), rows);
        }
        List<Integer> firstRows = new ArrayList<>();
        List<Integer> firstRuns = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            if (row % ROWS_OF_BLOCK == 0) {
                firstRuns.add(firstRows.size());
            }
            if (row % ROWS_OF_BLOCK == 0 || !sameLine(distances, row, row - 1)) {
                firstRows.add(row);
            }
        }
        int runs = firstRows.size();
        if ((long) runs * LEAST_ROWS > rows) {
            return Optional.empty();
        }
        int blocks = Staging.padded(rows) / ROWS_OF_BLOCK;
        while (firstRuns.size() <= blocks) {
            firstRuns.add(runs);
        }
        int[][] offsets = new int[last][];
        for (int c = 0; c < last; c++) {
            int[] distance = distances[c];
            offsets[c] = firstRows.stream().mapToInt(row -> distance[row]).toArray();
        }
        firstRows.add(rows);
        int[] shifts = distances[last];
        int[] least = new int[runs];
        for (int run = 0; run < runs; run++) {
            int from = firstRows.get(run);
            int to = firstRows.get(run + 1);
            least[run] = wraps ? 0 : Arrays.stream(shifts, from, to).min().getAsInt();
            for (int row = from; row < to; row++) {
                shifts[row] = wraps ? Math.floorMod(shifts[row], line) : shifts[row] - least[run];
            }
        }
        int reach = wraps ? 0 : Arrays.stream(shifts).max().orElse(0);
        return reach > MOST_REACH ? Optional.empty()
                : Optional.of(new Runs(line, numbers(firstRows), numbers(firstRuns), offsets, shifts, least, reach));
    }

    private static int[] numbers(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The values of a form in every row. */
    private static int[] values(IndexForm form, List<Index> rows, int count) {
        int[] values = new int[count];
        Map<IndexForm.Component, Integer> components = new HashMap<>();
        for (int row = 0; row < count; row++) {
            int rest = row;
            for (Index index : rows.reversed()) {
                FiniteDomain domain = (FiniteDomain) index.domain();
                for (int c = 0; c < domain.components(); c++) {
                    components.put(new IndexForm.Component(index, c), domain.component(rest % domain.size(), c));
                }
                rest /= domain.size();
            }
            values[row] = form.evaluate(components::get);
        }
        return values;
    }

    private static boolean sameLine(int[][] distances, int row, int other) {
        for (int c = 0; c < distances.length - 1; c++) {
            if (distances[c][row] != distances[c][other]) {
                return false;
            }
        }
        return true;
    }

    int count() {
        return firstRows.length - 1;
    }

    /** The sums that a run has of a segment. */
    int sumsOfSegment() {
        return SEGMENT + reach;
    }

    /** Whether each chunk begins with a line where lines wrap, and with a segment where not. */
    boolean isFor(Chunk chunk) {
        return chunk.isWhole() || chunk.size() % (wraps() ? line : SEGMENT) == 0;
    }

    /** Whether the sums of a run lie where the pixels do. */
    boolean wraps() {
        return SEGMENT % line == 0;
    }

    /** How many sums a run has of so many columns: whole segments where lines are longer. */
    long stride(long columns) {
        return wraps() ? columns : columns / SEGMENT * sumsOfSegment();
    }
}
