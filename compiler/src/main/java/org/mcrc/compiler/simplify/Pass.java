package org.mcrc.compiler.simplify;

import java.util.function.Consumer;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.IndexProgram;

/** One rewriting of a whole program. */
public interface Pass {
    /** The pass's name in printed forms and failures. */
    default String name() {
        return getClass().getSimpleName();
    }

    IndexProgram run(IndexProgram program);

    /** The same, telling what it chose and why, where there is a choice. */
    default IndexProgram run(IndexProgram program, Consumer<Decision> decisions) {
        return run(program);
    }
}
