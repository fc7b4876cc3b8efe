package org.mcrc.compiler.index;

import java.util.List;

/** A number; truth values are 1 and 0. */
public record Constant(double value) implements Expression {
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
