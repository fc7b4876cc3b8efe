package org.mcrc.compiler.backend.cuda;

/** A value in generated code: an expression, and whether it is a truth value or a number. */
record Value(String code, boolean truth) {
    static Value number(String code) {
        return new Value(code, false);
    }
}
