package org.mcrc.compiler.index;

/** The integers from {@code low} to {@code high}, both included; empty where {@code high < low}. */
public record IntegerDomain(int low, int high) implements FiniteDomain {
    @Override
    public int size() {
        return Math.max(0, high - low + 1);
    }

    @Override
    public int components() {
        return 1;
    }

    @Override
    public int component(int ordinal, int component) {
        return low + ordinal;
    }

    @Override
    public int ordinal(int... components) {
        int value = components[0];
        return value < low || value > high ? -1 : value - low;
    }

    @Override
    public String toString() {
        return low + ".." + high;
    }
}
