package org.mcrc.compiler.bind;

import org.mcrc.compiler.index.Index;

/** The local names at a place: indices, parameters of functions, solved constants. */
final class Scope {
    /** No local names. */
    static final Scope EMPTY = new Scope(null, null, null, null);

    private final Scope outer;
    private final String name;
    private final Index index;
    private final Value value;

    private Scope(Scope outer, String name, Index index, Value value) {
        this.outer = outer;
        this.name = name;
        this.index = index;
        this.value = value;
    }

    Scope with(String localName, Index localIndex) {
        return new Scope(this, localName, localIndex, null);
    }

    Scope with(String localName, Value localValue) {
        return new Scope(this, localName, null, localValue);
    }

    /** The index of that name, or null. */
    Index index(String wanted) {
        Scope found = find(wanted);
        return found == null ? null : found.index;
    }

    /** The value of a parameter or solved constant of that name, or null. */
    Value value(String wanted) {
        Scope found = find(wanted);
        return found == null ? null : found.value;
    }

    private Scope find(String wanted) {
        for (Scope scope = this; scope != EMPTY; scope = scope.outer) {
            if (scope.name.equals(wanted)) {
                return scope;
            }
        }
        return null;
    }
}
