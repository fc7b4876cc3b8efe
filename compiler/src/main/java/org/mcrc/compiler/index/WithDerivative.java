package org.mcrc.compiler.index;

import java.util.List;

/**
 * A value whose derivative is declared and not derived: {@code value} is a function of {@code argument} and its
 * derivative with respect to it is {@code derivative}.
 */
public record WithDerivative(Expression value, Expression argument, Expression derivative) implements Expression {
    @Override
    public List<Expression> children() {
        return List.of(value, argument, derivative);
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
