package org.mcrc.compiler.backend.cuda;

import java.util.HashMap;
import java.util.Map;

/** The body of a kernel or loop while it is written: its lines so far, and the values that have a name in it. */
final class Scope {
    private static final String INDENT = "    ";

    private final Scope parent;
    private final int depth;
    private final StringBuilder text = new StringBuilder();
    private final Map<Object, Value> values = new HashMap<>();

    Scope(Scope parent) {
        this.parent = parent;
        this.depth = parent == null ? 0 : parent.depth + 1;
    }

    Scope parent() {
        return parent;
    }

    int depth() {
        return depth;
    }

    void line(String line) {
        text.append(line).append('\n');
    }

    /** Puts a semicolon behind the last line. */
    void endStatement() {
        text.insert(text.length() - 1, ';');
    }

    /** The lines so far, one level deeper. */
    String indented() {
        return text.toString().lines().map(line -> line.isEmpty() ? "" : INDENT + line)
                .reduce("", (all, line) -> all + line + "\n");
    }

    /** Adds lines that are indented already. */
    void block(String lines) {
        text.append(lines);
    }

    /** The enclosing scope at {@code depth}, or this one. */
    Scope at(int wanted) {
        Scope scope = this;
        while (scope.depth > wanted) {
            scope = scope.parent;
        }
        return scope;
    }

    void name(Object key, Value value) {
        values.put(key, value);
    }

    /** The value with this key that is visible here, or null. */
    Value find(Object key) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            Value value = scope.values.get(key);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
