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

/** Replaces reads of what is not stored by the expression that produces it. */
final class Inliner {
    private final Map<String, Definition> definitions;
    private final Set<String> inlined;
    private final Map<Read, Expression> done = new HashMap<>();

    /** @param inlined the names of the definitions that are not stored */
    Inliner(Map<String, Definition> definitions, Set<String> inlined) {
        this.definitions = definitions;
        this.inlined = inlined;
    }

    Expression inline(Expression expression) {
        return Expressions.rewrite(expression, node -> node instanceof Read read
                && inlined.contains(read.tensor().name()) ? produce(read) : node);
    }

    private Expression produce(Read read) {
        Expression known = done.get(read);
        if (known == null) {
            Definition producer = definitions.get(read.tensor().name());
            Map<Index, List<IndexForm>> replacement = new HashMap<>();
            for (int axis = 0; axis < producer.axes().size(); axis++) {
                replacement.put(producer.axes().get(axis), read.subscripts().get(axis));
            }
            known = inline(Expressions.substitute(producer.body(), replacement));
            done.put(read, known);
        }
        return known;
    }
}
