package org.mcrc.compiler.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;

/** Replaces reads of what is not stored by the expression that produces it. */
final class Inliner {
    private final Map<String, Definition> definitions;
    private final Set<String> inlined;
    private final Map<Read, Expression> done = new HashMap<>();
    private final Map<String, Expression> bodies = new HashMap<>();

    /** @param inlined the names of the definitions that are not stored */
    Inliner(Map<String, Definition> definitions, Set<String> inlined) {
        this.definitions = definitions;
        this.inlined = inlined;
    }

    Expression inline(Expression expression) {
        return Expressions.rewrite(expression, node -> node instanceof Read read
                && inlined.contains(read.tensor().name()) ? produce(read) : node);
    }

    /**
     * The body of a definition with indices of its own in its reduction: where it is put in, those of the definition may
     * have another meaning. They are the same wherever it is put in, so that equal elements stay equal.
     */
    private Expression withOwnIndices(Definition producer) {
        return bodies.computeIfAbsent(producer.name(), _ -> {
            if (producer.reduction() == null) {
                return producer.body();
            }
            Reduce reduce = producer.reduction();
            List<Index> own = reduce.indices().stream().map(Index::fresh).toList();
            Map<Index, List<IndexForm>> renaming = new HashMap<>();
            for (int k = 0; k < own.size(); k++) {
                renaming.put(reduce.indices().get(k), IndexForm.of(own.get(k)));
            }
            return Expressions.reduce(reduce.operator(), own, Expressions.substitute(reduce.guard(), renaming),
                    Expressions.substitute(reduce.body(), renaming));
        });
    }

    private Expression produce(Read read) {
        Expression known = done.get(read);
        if (known == null) {
            Definition producer = definitions.get(read.tensor().name());
            Map<Index, List<IndexForm>> replacement = new HashMap<>();
            for (int axis = 0; axis < producer.axes().size(); axis++) {
                replacement.put(producer.axes().get(axis), read.subscripts().get(axis));
            }
            known = inline(Expressions.substitute(withOwnIndices(producer), replacement));
            done.put(read, known);
        }
        return known;
    }
}
