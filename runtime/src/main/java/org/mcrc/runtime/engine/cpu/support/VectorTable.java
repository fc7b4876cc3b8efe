package org.mcrc.runtime.engine.cpu.support;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A finite set of vectors: its members' components, and the position of a vector among them. */
public final class VectorTable {
    /** The largest box of which every vector has an entry. */
    private static final double LARGEST_BOX = 1 << 26;

    private final int[][] axes;
    private final int[] low;
    private final int[] extent;
    private final boolean scatters;
    /** For every vector of the box around the members, made where it is first asked for: of a table only the values are. */
    private int[] positions;

    /** For the members alone, where they lie too far apart for that. */
    private Map<List<Integer>, Integer> scattered;

    /**
     * A set of vectors.
     *
     * @param dimension the number of components
     * @param members the members one after another, each with all its components
     */
    public VectorTable(int dimension, int[] members) {
        int count = members.length / dimension;
        axes = new int[dimension][count];
        low = new int[dimension];
        extent = new int[dimension];
        for (int c = 0; c < dimension; c++) {
            for (int member = 0; member < count; member++) {
                axes[c][member] = members[member * dimension + c];
            }
            low[c] = Arrays.stream(axes[c]).min().orElse(0);
            extent[c] = Arrays.stream(axes[c]).max().orElse(-1) - low[c] + 1;
        }
        scatters = Arrays.stream(extent).asDoubleStream().reduce(1, (a, b) -> a * b) > LARGEST_BOX;
    }

    private int[] positions() {
        int[] known = positions;
        if (known != null) {
            return known;
        }
        int[] made = new int[Arrays.stream(extent).reduce(1, Math::multiplyExact)];
        Arrays.fill(made, -1);
        for (int member = 0; member < axes[0].length; member++) {
            int place = 0;
            for (int c = 0; c < axes.length; c++) {
                place = place * extent[c] + axes[c][member] - low[c];
            }
            made[place] = member;
        }
        positions = made;
        return made;
    }

    private int amongScattered(Integer... vector) {
        if (scattered == null) {
            Map<List<Integer>, Integer> made = new HashMap<>();
            for (int member = 0; member < axes[0].length; member++) {
                int each = member;
                made.put(Arrays.stream(axes).map(axis -> axis[each]).toList(), member);
            }
            scattered = made;
        }
        return scattered.getOrDefault(List.of(vector), -1);
    }

    /** Component {@code c} (from 0) of every member; not to be changed. */
    public int[] axis(int c) {
        return axes[c];
    }

    /** Component {@code c} (from 0) of the member at a position, or 0 where there is none. */
    public int component(int c, int position) {
        return position < 0 || position >= axes[c].length ? 0 : axes[c][position];
    }

    /** The position of an integer, or -1 where it is no member. */
    public int position(int number) {
        if (scatters) {
            return amongScattered(number);
        }
        int i = number - low[0];
        return i < 0 || i >= extent[0] ? -1 : positions()[i];
    }

    /** The position of a vector of two components, or -1 where it is no member. */
    public int position(int first, int second) {
        if (scatters) {
            return amongScattered(first, second);
        }
        int i = first - low[0];
        int j = second - low[1];
        return i < 0 || i >= extent[0] || j < 0 || j >= extent[1] ? -1 : positions()[i * extent[1] + j];
    }

    /** The position of a vector of three components, or -1 where it is no member. */
    public int position(int first, int second, int third) {
        if (scatters) {
            return amongScattered(first, second, third);
        }
        int i = first - low[0];
        int j = second - low[1];
        int k = third - low[2];
        return i < 0 || i >= extent[0] || j < 0 || j >= extent[1] || k < 0 || k >= extent[2] ? -1
                : positions()[(i * extent[1] + j) * extent[2] + k];
    }
}
