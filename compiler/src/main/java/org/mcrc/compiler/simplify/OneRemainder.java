package org.mcrc.compiler.simplify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.VectorDomain;

/**
 * A sum over the vectors of a box of which one alone satisfies the guard is its term for that one:
 * {@code sum[d: box(2) | (y - d) mod 2 == 0](f(d))} is {@code f(y mod 2)}. The adjoint of pooling is such a sum, which then is
 * a read of one element of the coarser grid.
 */
final class OneRemainder implements Rule {
    @Override
    public Optional<Expression> apply(Expression node) {
        if (!(node instanceof Reduce reduce) || reduce.operator() == ReductionOperator.ARGMAX
                || reduce.operator() == ReductionOperator.ARGMIN) {
            return Optional.empty();
        }
        List<Expression> conditions = new ArrayList<>();
        collect(reduce.guard(), conditions);
        for (Index index : reduce.indices()) {
            if (index.domain() instanceof VectorDomain set && !conditions.isEmpty()) {
                Optional<Expression> one = resolve(reduce, index, set, conditions);
                if (one.isPresent()) {
                    return one;
                }
            }
        }
        return Optional.empty();
    }

    private static void collect(Expression guard, List<Expression> conditions) {
        if (guard instanceof Binary(BinaryOperator operator, Expression left, Expression right)
                && operator == BinaryOperator.AND) {
            collect(left, conditions);
            collect(right, conditions);
        } else if (!Expressions.isAlways(guard)) {
            conditions.add(guard);
        }
    }

    private static Optional<Expression> resolve(Reduce reduce, Index index, VectorDomain set, List<Expression> conditions) {
        int[] extents = new int[set.components()];
        List<IndexForm> value = new ArrayList<>();
        List<Expression> rest = new ArrayList<>(conditions);
        for (int c = 0; c < extents.length; c++) {
            IndexForm.Component component = new IndexForm.Component(index, c);
            extents[c] = 0;
            for (Expression condition : conditions) {
                IndexForm.Quotient remainder = divisible(condition);
                if (extents[c] == 0 && remainder != null && determines(remainder.dividend(), index, component)) {
                    extents[c] = remainder.divisor();
                    int coefficient = remainder.dividend().linearCoefficient(component);
                    IndexForm other = remainder.dividend().minus(IndexForm.of(component).times(coefficient));
                    value.add(other.times(-coefficient).floorModulo(extents[c]));
                    rest.remove(condition);
                }
            }
            if (extents[c] == 0) {
                return Optional.empty();
            }
        }
        if (!isBox(set, extents)) {
            return Optional.empty();
        }
        Map<Index, List<IndexForm>> replacement = Map.of(index, value);
        Expression guard = Expressions.substitute(rest.stream().reduce(Expressions.always(), Expressions::and), replacement);
        Expression body = Expressions.substitute(reduce.body(), replacement);
        List<Index> indices = reduce.indices().stream().filter(each -> each != index).toList();
        if (!indices.isEmpty()) {
            return Optional.of(Expressions.reduce(reduce.operator(), indices, guard, body));
        }
        return Optional.of(Expressions.isAlways(guard) ? body
                : Expressions.select(guard, body, Expressions.constant(reduce.operator().identity())));
    }

    /** What a condition wants to be divisible, and by what: null where it is none of this kind. */
    private static IndexForm.Quotient divisible(Expression condition) {
        if (!(condition instanceof Binary(BinaryOperator operator, Coordinate(IndexForm form), Constant(double zero))
                && operator == BinaryOperator.EQUAL && zero == 0)) {
            return null;
        }
        return form.terms().keySet().stream().filter(monomial -> monomial.factors().size() == 1)
                .map(monomial -> monomial.factors().getFirst()).filter(IndexForm.Quotient.class::isInstance)
                .map(IndexForm.Quotient.class::cast)
                .filter(quotient -> form.equals(quotient.dividend().floorModulo(quotient.divisor())))
                .findFirst().orElse(null);
    }

    /** Whether a remainder of the dividend is had by one value of the component, whatever the index's other components are. */
    private static boolean determines(IndexForm dividend, Index index, IndexForm.Component component) {
        int coefficient = dividend.linearCoefficient(component);
        return Math.abs(coefficient) == 1
                && !dividend.minus(IndexForm.of(component).times(coefficient)).indices().contains(index);
    }

    /** Whether the members are all vectors between 0 and the extents. */
    private static boolean isBox(VectorDomain set, int[] extents) {
        long size = 1;
        for (int c = 0; c < extents.length; c++) {
            size *= extents[c];
            for (int ordinal = 0; ordinal < set.size(); ordinal++) {
                if (set.component(ordinal, c) < 0 || set.component(ordinal, c) >= extents[c]) {
                    return false;
                }
            }
        }
        return set.size() == size;
    }
}
