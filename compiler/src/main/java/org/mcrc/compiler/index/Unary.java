package org.mcrc.compiler.index;

import java.util.List;

/** A function of one operand. */
public record Unary(UnaryOperator operator, Expression operand) implements Expression {
    @Override
    public List<Expression> children() {
        return List.of(operand);
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
