package org.mcrc.compiler.index;

import java.util.List;

/**
 * {@code tensor[axes] = body}. In normal form the body is one reduction of an expression without reductions, or an
 * expression without reductions; {@link #reduction()} tells them apart.
 *
 * @param axes the indices of the tensor's axes, in order
 * @param comment what it is in the descriptor's terms, for printed forms and generated code; may be empty
 */
public record Definition(Tensor tensor, List<Index> axes, Expression body, String comment) {
    public Definition {
        axes = List.copyOf(axes);
        if (!axes.stream().map(Index::domain).toList().equals(tensor.axes())) {
            throw new IllegalArgumentException("the indices of " + tensor.name() + " do not range over its axes");
        }
    }

    public String name() {
        return tensor.name();
    }

    /** The reduction at the top of the body, or null where the body is pointwise. */
    public Reduce reduction() {
        return body instanceof Reduce reduce ? reduce : null;
    }

    /** The pixel index among the axes, or null. */
    public Index pixelAxis() {
        return axes.stream().filter(Index::isPixel).findFirst().orElse(null);
    }

    public Definition withBody(Expression newBody) {
        return newBody == body ? this : new Definition(tensor, axes, newBody, comment);
    }

    /** What is printed of it, without the comment. */
    public String formula() {
        return IndexPrinter.formula(this);
    }

    @Override
    public String toString() {
        return IndexPrinter.definition(this);
    }
}
