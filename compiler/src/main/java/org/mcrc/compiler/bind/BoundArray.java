package org.mcrc.compiler.bind;

import java.util.List;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.Tensor;

/**
 * An array of a descriptor as its formulas see it on one level.
 *
 * @param tensor where its elements are
 * @param axes what its subscripts range over, in the order declared; a field's pixels first
 * @param slicedAxis the axis of the tensor's grid (from 0) that its slices are perpendicular to, or -1
 * @param sliced whether the tensor's first axis is the number of the slice
 * @param open whether what lies beyond the edge of its grid does not exist
 * @param indices indices over {@code axes} that the next two are about
 * @param condition where its elements exist, a condition on {@code indices}
 * @param validity where its elements read nothing beyond an open boundary
 */
record BoundArray(Tensor tensor, List<Axis> axes, int slicedAxis, boolean sliced, boolean open, List<Index> indices,
        Expression condition, Validity validity) {
    /**
     * What a subscript ranges over.
     *
     * @param vector whether its values are vectors
     */
    record Axis(Domain domain, boolean vector) {}

    BoundArray {
        axes = List.copyOf(axes);
        indices = List.copyOf(indices);
    }

    /** An array all of whose elements exist. */
    static BoundArray whole(Tensor tensor, List<Axis> axes, int slicedAxis, boolean open) {
        return new BoundArray(tensor, axes, slicedAxis, false, open, List.of(), Expressions.always(), new Validity());
    }

    /** The grid among its axes, or null. */
    Grid grid() {
        return axes.stream().map(Axis::domain).filter(Grid.class::isInstance).map(Grid.class::cast).findFirst()
                .orElse(null);
    }
}
