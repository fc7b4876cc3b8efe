package org.mcrc.compiler.simplify;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;

/** Drops the definitions that lead to nothing that is asked for. */
public final class DropUnused implements Pass {
    @Override
    public IndexProgram run(IndexProgram program) {
        Set<String> needed = new HashSet<>();
        program.roots().forEach(root -> needed.add(root.name()));
        List<Definition> kept = new ArrayList<>();
        for (Definition definition : program.definitions().reversed()) {
            if (needed.contains(definition.name())) {
                Expressions.reads(definition.body()).forEach(read -> needed.add(read.tensor().name()));
                kept.add(definition);
            }
        }
        Collections.reverse(kept);
        return program.withDefinitions(kept);
    }
}
