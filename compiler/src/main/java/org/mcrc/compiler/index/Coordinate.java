package org.mcrc.compiler.index;

import java.util.List;

/** An integer made of indices, as a real number. */
public record Coordinate(IndexForm form) implements Expression {
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
