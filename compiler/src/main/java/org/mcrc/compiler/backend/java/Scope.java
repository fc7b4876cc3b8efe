package org.mcrc.compiler.backend.java;

import com.palantir.javapoet.CodeBlock;
import org.mcrc.compiler.backend.LoopScope;

/** The body of a method or loop while it is written: its statements so far, and the values that have a name in it. */
final class Scope extends LoopScope<Scope, Value> {
    private final CodeBlock.Builder code = CodeBlock.builder();

    Scope(Scope parent) {
        super(parent);
    }

    @Override
    protected Scope self() {
        return this;
    }

    CodeBlock.Builder code() {
        return code;
    }
}
