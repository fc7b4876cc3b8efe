package org.mcrc.compiler.backend;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.kernel.Storage;

/**
 * The depth of the outermost loop in which all indices of a form or expression are known: where a backend writes what does
 * not change further in.
 */
public final class Levels {
    private final Map<Index, Integer> ofPositions = new HashMap<>();
    private final Map<IndexForm.Component, Integer> ofComponents = new HashMap<>();
    private final Map<Expression, Integer> ofProvided = new IdentityHashMap<>();

    /** What was found, as long as no loop is opened or closed. */
    private final Map<Expression, Integer> found = new IdentityHashMap<>();

    /** The position of an index, and with it every component, is known at {@code depth}. */
    public void bindOrdinal(Index index, int depth) {
        ofPositions.put(index, depth);
        for (int c = 0; c < index.domain().components(); c++) {
            ofComponents.put(new IndexForm.Component(index, c), depth);
        }
        found.clear();
    }

    /** One component is known. */
    public void bindComponent(IndexForm.Component component, int depth) {
        ofComponents.put(component, depth);
        found.clear();
    }

    /** The position of an index is known, as that of an integer is with its value. */
    public void bindPosition(Index index, int depth) {
        ofPositions.put(index, depth);
        found.clear();
    }

    /** The surrounding code gives an expression its value. */
    public void provide(Expression expression, int depth) {
        ofProvided.put(expression, depth);
        found.clear();
    }

    /** A loop was closed. */
    public void close() {
        found.clear();
    }

    /** Where the position of an index became known. */
    public int ofPosition(Index index) {
        return ofPositions.get(index);
    }

    public int of(IndexForm form) {
        int level = 0;
        for (IndexForm.Monomial monomial : form.terms().keySet()) {
            for (IndexForm.Factor factor : monomial.factors()) {
                level = Math.max(level, of(factor));
            }
        }
        return level;
    }

    private int of(IndexForm.Factor factor) {
        return switch (factor) {
            case IndexForm.Component c -> ofComponents.get(c);
            case IndexForm.Quotient q -> of(q.dividend());
            case IndexForm.Ordinal o -> {
                Index whole = Storage.wholeIndex(o.vector(), o.domain());
                yield whole != null && ofPositions.containsKey(whole) ? ofPositions.get(whole)
                        : o.vector().stream().mapToInt(this::of).max().orElse(0);
            }
            case IndexForm.MemberComponent m -> of(m.position());
        };
    }

    public int of(Expression node) {
        Integer known = found.get(node);
        if (known == null) {
            known = ofProvided.getOrDefault(node, 0);
            if (!ofProvided.containsKey(node)) {
                for (Index index : Expressions.freeIndices(node)) {
                    for (int c = 0; c < index.domain().components(); c++) {
                        IndexForm.Component component = new IndexForm.Component(index, c);
                        if (mentions(node, component)) {
                            known = Math.max(known, ofComponents.get(component));
                        }
                    }
                }
                for (Expression inner : Expressions.nodes(node)) {
                    known = Math.max(known, ofProvided.getOrDefault(inner, 0));
                }
            }
            found.put(node, known);
        }
        return known;
    }

    /** Whether a component occurs anywhere in an expression. */
    public static boolean mentions(Expression node, IndexForm.Component component) {
        return Expressions.nodes(node).stream().flatMap(inner -> Expressions.forms(inner).stream())
                .anyMatch(form -> form.mentions(component));
    }
}
