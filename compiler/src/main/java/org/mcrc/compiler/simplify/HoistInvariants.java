package org.mcrc.compiler.simplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.UniqueNames;

/**
 * What a body over pixels computes from tensors without pixels becomes a definition of its own, so that it is computed once
 * for its own indices and not once for each pixel: the coefficient matrix of a reverse contraction, for one.
 */
public final class HoistInvariants implements Pass {
    @Override
    public IndexProgram run(IndexProgram program) {
        UniqueNames names = UniqueNames.in(program);
        List<Definition> result = new ArrayList<>();
        for (Definition definition : program.definitions()) {
            if (overPixels(definition)) {
                Map<Expression, Expression> hoisted = new HashMap<>();
                result.add(definition.withBody(hoist(definition, definition.body(), names, result, hoisted)));
            } else {
                result.add(definition);
            }
        }
        return program.withDefinitions(result);
    }

    private static boolean overPixels(Definition definition) {
        return definition.pixelAxis() != null
                || definition.reduction() != null && definition.reduction().indices().stream().anyMatch(Index::isPixel);
    }

    private static Expression hoist(Definition owner, Expression node, UniqueNames names, List<Definition> result,
            Map<Expression, Expression> hoisted) {
        Expression known = hoisted.get(node);
        if (known != null) {
            return known;
        }
        Expression replacement;
        if (isInvariant(node)) {
            List<Index> axes = List.copyOf(Expressions.freeIndices(node));
            Tensor tensor = Tensor.defined(names.part(owner.name() + "_coefficient"), axes);
            result.add(new Definition(tensor, axes, node, "coefficient in " + owner.name()));
            replacement = Expressions.readAt(tensor, axes);
        } else {
            replacement = Expressions.withChildren(node, node.children().stream()
                    .map(child -> hoist(owner, child, names, result, hoisted)).toList());
        }
        hoisted.put(node, replacement);
        return replacement;
    }

    private static boolean isInvariant(Expression node) {
        if (node.children().isEmpty() || node.isLogical() || node instanceof Reduce
                || Expressions.reads(node).isEmpty()) {
            return false;
        }
        Set<Index> free = Expressions.freeIndices(node);
        return !free.isEmpty() && free.stream().noneMatch(Index::isPixel)
                && Expressions.nodes(node).stream().noneMatch(Reduce.class::isInstance);
    }
}
