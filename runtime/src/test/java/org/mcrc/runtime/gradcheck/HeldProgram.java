package org.mcrc.runtime.gradcheck;

import org.mcrc.compiler.index.IndexProgram;

/** {@link HeldBranches} for tests of other packages. */
public final class HeldProgram {
    private HeldProgram() {}

    /** The program whose branches are held where they are at another field, which is called {@link #point}. */
    public static IndexProgram of(IndexProgram program) {
        return HeldBranches.of(program);
    }

    public static String point(String field) {
        return HeldBranches.point(field);
    }
}
