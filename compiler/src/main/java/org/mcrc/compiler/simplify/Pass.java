package org.mcrc.compiler.simplify;

import org.mcrc.compiler.index.IndexProgram;

/** One rewriting of a whole program. */
public interface Pass {
    /** The pass's name in printed forms and failures. */
    default String name() {
        return getClass().getSimpleName();
    }

    IndexProgram run(IndexProgram program);
}
