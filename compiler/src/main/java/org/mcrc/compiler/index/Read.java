package org.mcrc.compiler.index;

import java.util.List;

/**
 * An element of a tensor.
 *
 * @param subscripts for each axis of the tensor the components of its subscript: one for each axis of a grid (which
 *     wraps), one for each component of a vector, one for an integer. A finite axis is read at the <em>value</em> of
 *     its index, not at its position
 */
public record Read(Tensor tensor, List<List<IndexForm>> subscripts) implements Expression {
    public Read {
        subscripts = subscripts.stream().map(List::copyOf).toList();
        if (subscripts.size() != tensor.axes().size()) {
            throw new IllegalArgumentException(tensor.name() + " has " + tensor.axes().size() + " axes, not "
                    + subscripts.size());
        }
        for (int axis = 0; axis < subscripts.size(); axis++) {
            if (subscripts.get(axis).size() != tensor.axes().get(axis).components()) {
                throw new IllegalArgumentException("axis " + axis + " of " + tensor.name() + " has subscripts of "
                        + tensor.axes().get(axis).components() + " components");
            }
        }
    }

    @Override
    public List<Expression> children() {
        return List.of();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return IndexPrinter.expression(this);
    }
}
