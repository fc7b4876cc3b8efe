package org.mcrc.compiler.index;

import java.util.List;

/** An operation on two operands. */
public record Binary(BinaryOperator operator, Expression left, Expression right) implements Expression {
    @Override
    public List<Expression> children() {
        return List.of(left, right);
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
