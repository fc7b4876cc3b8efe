package org.mcrc.compiler.index;

import java.util.List;

/** Whether a vector made of indices belongs to a set. */
public record Member(List<IndexForm> vector, VectorDomain domain) implements Expression {
    public Member {
        vector = List.copyOf(vector);
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
