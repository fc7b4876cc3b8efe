package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.VectorDomain;

/**
 * How a tensor lies in memory: its finite axes first, in C order, then the grid in C order with a halo of
 * {@code halo[c]} pixels on both sides of axis c.
 *
 * @param exact whether its numbers are kept in double precision whatever the precision of the program
 * @param halo one number for each axis of the grid; empty where there is none
 */
public record Storage(Tensor tensor, boolean exact, List<Integer> halo) {
    /** Loads of a whole vector may run this many elements past the last one of an array. */
    public static final int SLACK = 64;

    public Storage {
        halo = List.copyOf(halo);
    }

    /** The stored extent of axis {@code c} of the grid. */
    public int paddedExtent(int c) {
        return tensor.grid().extent(c) + 2 * halo.get(c);
    }

    /** The distance in memory of neighbours along axis {@code c} of the grid. */
    public int gridStride(int c) {
        int stride = 1;
        for (int k = c + 1; k < halo.size(); k++) {
            stride = Math.multiplyExact(stride, paddedExtent(k));
        }
        return stride;
    }

    /** The number of elements of one padded grid; 1 where there is none. */
    public int plane() {
        return halo.isEmpty() ? 1 : Math.multiplyExact(gridStride(0), paddedExtent(0));
    }

    /** The product of the sizes of the finite axes. */
    public long planes() {
        return tensor.axes().stream().filter(FiniteDomain.class::isInstance).mapToLong(Domain::size)
                .reduce(1, Math::multiplyExact);
    }

    /** The number of elements to allocate. */
    public long length() {
        return Math.addExact(Math.multiplyExact(planes(), plane()), tensor.axes().isEmpty() ? 0 : SLACK);
    }

    /** The position of pixel (0, 0, …) in its padded grid. */
    public int origin() {
        int origin = 0;
        for (int c = 0; c < halo.size(); c++) {
            origin += halo.get(c) * gridStride(c);
        }
        return origin;
    }

    /**
     * Where an element lies.
     *
     * @param linear the part of the address that is a form
     * @param lookups further parts: positions that have to be looked up or limited to their domain
     */
    public record Address(IndexForm linear, List<Lookup> lookups) {}

    /** {@code stride} times the position in {@code domain} of the element with these components. */
    public record Lookup(List<IndexForm> components, FiniteDomain domain, int stride) {}

    /** The address of the element with these subscripts, as in a read. */
    public Address address(List<List<IndexForm>> subscripts) {
        IndexForm linear = IndexForm.constant(origin());
        List<Lookup> lookups = new ArrayList<>();
        int stride = plane();
        for (int axis = subscripts.size() - 1; axis >= 0; axis--) {
            List<IndexForm> subscript = subscripts.get(axis);
            switch (tensor.axes().get(axis)) {
                case Grid grid -> {
                    for (int c = 0; c < grid.rank(); c++) {
                        linear = linear.plus(subscript.get(c).times(gridStride(c)));
                    }
                }
                case IntegerDomain range -> {
                    IndexForm ordinal = subscript.getFirst().plus(-range.low());
                    long[] bounds = ordinal.bounds();
                    if (bounds[0] >= 0 && bounds[1] < range.size()) {
                        linear = linear.plus(ordinal.times(stride));
                    } else {
                        lookups.add(new Lookup(subscript, range, stride));
                    }
                    stride = next(stride, range);
                }
                case VectorDomain set -> {
                    IndexForm ordinal = IndexForm.ordinal(subscript, set);
                    if (ordinal.isConstant() && ordinal.constant() >= 0) {
                        linear = linear.plus(ordinal.times(stride));
                    } else if (wholeIndex(subscript, set) != null) {
                        linear = linear.plus(ordinal.times(stride));
                    } else {
                        lookups.add(new Lookup(subscript, set, stride));
                    }
                    stride = next(stride, set);
                }
            }
        }
        return new Address(linear, lookups);
    }

    private int next(int stride, FiniteDomain domain) {
        double next = (double) stride * domain.size();
        if (next > TooLarge.MOST_ELEMENTS) {
            throw new TooLarge(String.format(Locale.ROOT, "'%s' would have %.3g elements", tensor.name(), next));
        }
        return (int) next;
    }

    /** The index over exactly {@code set} whose value the components are, or null. */
    public static Index wholeIndex(List<IndexForm> components, VectorDomain set) {
        List<Index> indices = List.copyOf(components.getFirst().indices());
        return indices.size() == 1 && indices.getFirst().domain().equals(set)
                && components.equals(IndexForm.of(indices.getFirst())) ? indices.getFirst() : null;
    }
}
