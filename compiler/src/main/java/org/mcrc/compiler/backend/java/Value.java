package org.mcrc.compiler.backend.java;

import org.mcrc.compiler.backend.LoopScope;

/** A Java expression and what it is. */
record Value(String code, Type type) implements LoopScope.Code {
    enum Type {
        /** A {@code double}, the same for all lanes. */
        NUMBER,
        /** A {@code boolean}, the same for all lanes. */
        TRUTH,
        /** A vector of the program's precision. */
        VECTOR,
        /** A mask of such vectors. */
        MASK
    }

    boolean isUniform() {
        return type == Type.NUMBER || type == Type.TRUTH;
    }
}
