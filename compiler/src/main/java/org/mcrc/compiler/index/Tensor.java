package org.mcrc.compiler.index;

import java.util.List;

/**
 * An array of real numbers by name.
 *
 * @param name unique in a program
 * @param kind where its numbers come from
 * @param axes its shape: at most one {@link Grid}; none for a scalar
 */
public record Tensor(String name, Kind kind, List<Domain> axes) {
    /** Where a tensor's numbers come from. */
    public enum Kind {
        /** A microstructure field, given with every evaluation. */
        FIELD,
        /** Constant numbers from a file. */
        DATA,
        /** The desired value of an output. */
        TARGET,
        /** Computed by a definition. */
        DEFINED
    }

    public Tensor {
        axes = List.copyOf(axes);
    }

    public static Tensor defined(String name, List<Index> axes) {
        return new Tensor(name, Kind.DEFINED, axes.stream().map(Index::domain).toList());
    }

    /** The grid among the axes, or null. */
    public Grid grid() {
        return axes.stream().filter(Grid.class::isInstance).map(Grid.class::cast).findFirst().orElse(null);
    }

    /** The number of elements, or the greatest {@code long} where there are more. */
    public long size() {
        return Count.elements(axes);
    }

    @Override
    public String toString() {
        return name;
    }
}
