package org.mcrc.compiler.backend.cuda;

import org.mcrc.compiler.backend.LoopScope;

/** The body of a kernel or loop while it is written: its lines so far, and the values that have a name in it. */
final class Scope extends LoopScope<Scope, Value> {
    private static final String INDENT = "    ";

    private final StringBuilder text = new StringBuilder();

    Scope(Scope parent) {
        super(parent);
    }

    @Override
    protected Scope self() {
        return this;
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
}
