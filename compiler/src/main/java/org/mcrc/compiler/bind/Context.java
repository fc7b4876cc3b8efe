package org.mcrc.compiler.bind;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IntegerDomain;

/** A level of a file, or its slices along one axis: what its arrays are computed from once. */
final class Context {
    private final int level;
    private final Grid grid;
    private final int slicedAxis;
    private final IntegerDomain slices;
    private final String suffix;
    private final Map<String, BoundArray> arrays = new HashMap<>();
    private final Set<String> failed = new HashSet<>();

    /**
     * @param level from 1, the finest
     * @param grid the pixels that formulas see: of the level's field, or of one of its slices
     * @param slicedAxis the axis (from 0) that the slices are perpendicular to, or -1 where there are none
     * @param slices the numbers of the slices, or null
     * @param suffix what the names of its arrays end in, such as {@code @2.3}
     */
    Context(int level, Grid grid, int slicedAxis, IntegerDomain slices, String suffix) {
        this.level = level;
        this.grid = grid;
        this.slicedAxis = slicedAxis;
        this.slices = slices;
        this.suffix = suffix;
    }

    int level() {
        return level;
    }

    Grid grid() {
        return grid;
    }

    /** The number of components of a vector. */
    int dimension() {
        return grid.rank();
    }

    int slicedAxis() {
        return slicedAxis;
    }

    String suffix() {
        return suffix;
    }

    /** A new index over the slices, or null where there are none. */
    Index newSlice() {
        return slices == null ? null : new Index("s", slices);
    }

    /** The number of slices, or 1. */
    int sliceCount() {
        return slices == null ? 1 : slices.size();
    }

    /** The array of that name, or null where it has not been bound. */
    BoundArray array(String name) {
        return arrays.get(name);
    }

    void put(String name, BoundArray array) {
        arrays.put(name, array);
    }

    /** Notes that an array has an error: what reads it is left alone. */
    void fail(String name) {
        failed.add(name);
    }

    boolean hasFailed(String name) {
        return failed.contains(name);
    }
}
