package org.mcrc.compiler.index;

import java.util.List;

/** One of two values; only the chosen one matters, the other may be anything, NaN included. */
public record Select(Expression condition, Expression then, Expression otherwise) implements Expression {
    @Override
    public List<Expression> children() {
        return List.of(condition, then, otherwise);
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
