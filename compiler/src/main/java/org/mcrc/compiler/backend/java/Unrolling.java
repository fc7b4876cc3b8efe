package org.mcrc.compiler.backend.java;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.simplify.Simplifier;

/** Writes reductions of a few terms out, so that addresses are constants and terms share what they have in common. */
final class Unrolling {
    private static final int MOST_TERMS = 4;
    private static final int MOST_NODES = 64;

    private Unrolling() {}

    static Expression unroll(Expression root) {
        return Expressions.rewrite(root, node -> node instanceof Reduce reduce && isShort(reduce) ? terms(reduce) : node);
    }

    private static boolean isShort(Reduce reduce) {
        return reduce.indices().stream().allMatch(index -> index.domain() instanceof FiniteDomain)
                && Count.real(reduce.indices()) <= MOST_TERMS
                && Count.real(reduce.indices()) * Expressions.nodes(reduce).size() <= MOST_NODES
                && switch (reduce.operator()) {
                    case SUM, PRODUCT, MAXIMUM, MINIMUM -> true;
                    case ARGMAX, ARGMIN -> false;
                };
    }

    /** The terms combined, or the reduction where which of them there are depends on other indices. */
    private static Expression terms(Reduce reduce) {
        List<Expression> terms = new ArrayList<>();
        for (Map<Index, List<IndexForm>> values : assignments(reduce.indices())) {
            Expression guard = Simplifier.simplify(Expressions.substitute(reduce.guard(), values));
            if (Expressions.isAlways(guard)) {
                terms.add(Expressions.substitute(reduce.body(), values));
            } else if (!Expressions.isNever(guard)) {
                return reduce;
            }
        }
        BinaryOperator operator = switch (reduce.operator()) {
            case SUM -> BinaryOperator.ADD;
            case PRODUCT -> BinaryOperator.MULTIPLY;
            case MAXIMUM -> BinaryOperator.MAXIMUM;
            case MINIMUM -> BinaryOperator.MINIMUM;
            case ARGMAX, ARGMIN -> throw new IllegalArgumentException(reduce.toString());
        };
        return terms.stream().reduce((left, right) -> Expressions.binary(operator, left, right))
                .orElse(Expressions.constant(reduce.operator().identity()));
    }

    /** All values of indices together, the last one fastest. */
    private static List<Map<Index, List<IndexForm>>> assignments(List<Index> indices) {
        List<Map<Index, List<IndexForm>>> assignments = List.of(Map.of());
        for (Index index : indices) {
            List<Map<Index, List<IndexForm>>> longer = new ArrayList<>();
            for (Map<Index, List<IndexForm>> assignment : assignments) {
                for (List<IndexForm> value : values((FiniteDomain) index.domain())) {
                    Map<Index, List<IndexForm>> extended = new HashMap<>(assignment);
                    extended.put(index, value);
                    longer.add(extended);
                }
            }
            assignments = longer;
        }
        return assignments;
    }

    /** The values of an index, in order. */
    static List<List<IndexForm>> values(FiniteDomain domain) {
        List<List<IndexForm>> values = new ArrayList<>();
        for (int ordinal = 0; ordinal < domain.size(); ordinal++) {
            List<IndexForm> value = new ArrayList<>();
            for (int c = 0; c < domain.components(); c++) {
                value.add(IndexForm.constant(domain.component(ordinal, c)));
            }
            values.add(value);
        }
        return values;
    }
}
