package org.mcrc.compiler.index;

import java.util.List;
import java.util.stream.Collectors;

/** The pixels of a periodic grid; axis 1 is the first and slowest one. A subscript into it wraps. */
public record Grid(List<Integer> extents) implements Domain {
    public Grid {
        extents = List.copyOf(extents);
        if (extents.isEmpty() || extents.stream().anyMatch(extent -> extent < 1)) {
            throw new IllegalArgumentException("extents must be positive: " + extents);
        }
    }

    /** The number of axes. */
    public int rank() {
        return extents.size();
    }

    /** The extent along axis {@code axis}, counted from 0. */
    public int extent(int axis) {
        return extents.get(axis);
    }

    @Override
    public int size() {
        return extents.stream().reduce(1, Math::multiplyExact);
    }

    @Override
    public int components() {
        return extents.size();
    }

    @Override
    public String toString() {
        return extents.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }
}
