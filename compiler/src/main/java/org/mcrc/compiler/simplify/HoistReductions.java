package org.mcrc.compiler.simplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Tensor;

/**
 * Brings a program into normal form: every reduction that does not stand at the top of a body becomes a definition of its
 * own, over the indices that are free in it.
 */
public final class HoistReductions implements Pass {
    @Override
    public IndexProgram run(IndexProgram program) {
        Set<String> names = new HashSet<>();
        program.fields().forEach(field -> names.add(field.name()));
        program.data().forEach(data -> names.add(data.tensor().name()));
        program.targets().forEach(target -> names.add(target.name()));
        program.definitions().forEach(definition -> names.add(definition.name()));
        List<Definition> result = new ArrayList<>();
        for (Definition definition : program.definitions()) {
            new Hoist(definition.name(), names, result).definition(definition);
        }
        return program.withDefinitions(result);
    }

    private static final class Hoist {
        private final String owner;
        private final Set<String> names;
        private final List<Definition> result;
        private final Map<List<Expression>, Expression> replaced = new HashMap<>();

        Hoist(String owner, Set<String> names, List<Definition> result) {
            this.owner = owner;
            this.names = names;
            this.result = result;
        }

        void definition(Definition definition) {
            Expression body = definition.body();
            if (body instanceof Reduce reduce) {
                Expression inner = withoutReductions(reduce.body(), Expressions.always());
                result.add(definition.withBody(
                        Expressions.reduce(reduce.operator(), reduce.indices(), reduce.guard(), inner)));
            } else {
                result.add(definition.withBody(withoutReductions(body, Expressions.always())));
            }
        }

        /** @param path what is known of the indices where the node is used, so that no term is read that must not be */
        private Expression withoutReductions(Expression node, Expression path) {
            if (Expressions.nodes(node).stream().noneMatch(Reduce.class::isInstance)) {
                return node;
            }
            if (node instanceof Reduce reduce) {
                Set<Index> free = new LinkedHashSet<>(Expressions.freeIndices(reduce));
                Expression guard = free.containsAll(Expressions.freeIndices(path))
                        ? Expressions.and(path, reduce.guard()) : reduce.guard();
                List<Expression> use = List.of(reduce, guard);
                Expression known = replaced.get(use);
                if (known == null) {
                    known = hoisted(reduce, free, guard);
                    replaced.put(use, known);
                }
                return known;
            }
            if (node instanceof Select select && Expressions.reads(select.condition()).isEmpty()) {
                return Expressions.select(select.condition(),
                        withoutReductions(select.then(), Expressions.and(path, select.condition())),
                        withoutReductions(select.otherwise(),
                                Expressions.and(path, Expressions.not(select.condition()))));
            }
            return Expressions.withChildren(node,
                    node.children().stream().map(child -> withoutReductions(child, path)).toList());
        }

        private Expression hoisted(Reduce reduce, Set<Index> free, Expression guard) {
            Expression body = withoutReductions(reduce.body(), Expressions.always());
            List<Index> axes = new ArrayList<>(free);
            axes.sort((a, b) -> Boolean.compare(b.isPixel(), a.isPixel()));
            Tensor tensor = Tensor.defined(fresh(), axes);
            result.add(new Definition(tensor, axes,
                    Expressions.reduce(reduce.operator(), reduce.indices(), guard, body), "part of " + owner));
            return Expressions.readAt(tensor, axes);
        }

        private String fresh() {
            int number = 1;
            while (!names.add(owner + "_" + number)) {
                number++;
            }
            return owner + "_" + number;
        }
    }
}
