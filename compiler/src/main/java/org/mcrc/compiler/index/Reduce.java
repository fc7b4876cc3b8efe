package org.mcrc.compiler.index;

import java.util.List;

/**
 * The terms of an index domain combined.
 *
 * @param indices bound here, the last one fastest
 * @param guard a truth value made of indices only: terms where it is false do not exist
 */
public record Reduce(ReductionOperator operator, List<Index> indices, Expression guard, Expression body) implements Expression {
    public Reduce {
        indices = List.copyOf(indices);
    }

    @Override
    public List<Expression> children() {
        return List.of(guard, body);
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
