package org.mcrc.compiler.index;

import java.util.List;

/** A numeric parameter or solved constant: its value comes with the evaluation, not with the program. */
public record Argument(String name) implements Expression {
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
