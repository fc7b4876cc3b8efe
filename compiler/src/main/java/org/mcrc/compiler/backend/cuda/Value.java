package org.mcrc.compiler.backend.cuda;

import org.mcrc.compiler.backend.LoopScope;

/** A value in generated code: an expression, and whether it is a truth value or a number. */
record Value(String code, boolean truth) implements LoopScope.Code {
    static Value number(String code) {
        return new Value(code, false);
    }
}
