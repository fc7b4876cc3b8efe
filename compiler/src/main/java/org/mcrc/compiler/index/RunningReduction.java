package org.mcrc.compiler.index;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A reduction over a range that grows with an index around it: {@code prod[k: low..high | k <= n + offset](body)}, where
 * the body does not depend on n. From one value of n to the next there is one more term, so all values together take as
 * many steps as the longest alone.
 *
 * @param step the reduced index k
 * @param along the index n with which its range grows
 */
public record RunningReduction(Reduce reduction, Index step, Index along, int offset) {

    /** The reduction as one that runs along one of these indices; null where it does not. */
    public static RunningReduction match(Reduce reduction, Collection<Index> candidates) {
        boolean combines = switch (reduction.operator()) {
            case SUM, PRODUCT, MAXIMUM, MINIMUM -> true;
            case ARGMAX, ARGMIN -> false;
        };
        if (!combines || reduction.indices().size() != 1
                || !(reduction.indices().getFirst().domain() instanceof IntegerDomain steps)) {
            return null;
        }
        Index step = reduction.indices().getFirst();
        for (Index along : candidates) {
            OptionalInt offset = growth(reduction.guard(), step, along);
            // Every value of n but the least ones adds a term: beyond the last step nothing would.
            if (offset.isPresent() && along.domain() instanceof IntegerDomain range
                    && range.high() + offset.getAsInt() <= steps.high()
                    && !Expressions.freeIndices(reduction.body()).contains(along)) {
                return new RunningReduction(reduction, step, along, offset.getAsInt());
            }
        }
        return null;
    }

    /** The number c where {@code guard} says {@code step <= along + c}; empty where it says anything else. */
    public static OptionalInt growth(Expression guard, Index step, Index along) {
        if (!(along.domain() instanceof IntegerDomain) || !(guard instanceof Binary comparison)
                || comparison.operator() != BinaryOperator.LESS && comparison.operator() != BinaryOperator.LESS_OR_EQUAL) {
            return OptionalInt.empty();
        }
        IndexForm left = form(comparison.left());
        IndexForm right = form(comparison.right());
        if (left == null || right == null) {
            return OptionalInt.empty();
        }
        IndexForm rest = right.minus(left).plus(IndexForm.of(step, 0)).minus(IndexForm.of(along, 0));
        return rest.isConstant()
                ? OptionalInt.of(rest.constant() - (comparison.operator() == BinaryOperator.LESS ? 1 : 0))
                : OptionalInt.empty();
    }

    /** A number that is made of indices and integers as a form, or null. */
    private static IndexForm form(Expression number) {
        return switch (number) {
            case Coordinate coordinate -> coordinate.form();
            case Constant(double value) when value == (int) value -> IndexForm.constant((int) value);
            case Binary(BinaryOperator operator, Expression left, Expression right)
                    when operator == BinaryOperator.ADD || operator == BinaryOperator.SUBTRACT -> {
                IndexForm a = form(left);
                IndexForm b = form(right);
                yield a == null || b == null ? null : operator == BinaryOperator.ADD ? a.plus(b) : a.minus(b);
            }
            case Expression _ -> null;
        };
    }

    private IntegerDomain steps() {
        return (IntegerDomain) step.domain();
    }

    private IntegerDomain range() {
        return (IntegerDomain) along.domain();
    }

    /** The last of the steps that are taken before the least value of n; there are none where it is below the first. */
    public int lastBefore() {
        return range().low() + offset - 1;
    }

    /** Which of the steps are taken for any value of n. */
    public Expression taken() {
        int last = Math.addExact(range().high(), offset);
        return last >= steps().high() ? Expressions.always() : Expressions.binary(BinaryOperator.LESS_OR_EQUAL,
                Expressions.coordinate(IndexForm.of(step, 0)), Expressions.constant(last));
    }

    /** The term that a value of n adds; the neutral element where it adds none. */
    public Expression term() {
        IndexForm place = IndexForm.of(along, 0).plus(offset);
        Expression term = Expressions.substitute(reduction.body(), Map.of(step, List.of(place)));
        return lastBefore() + 1 >= steps().low() ? term : Expressions.select(Expressions.binary(
                BinaryOperator.LESS_OR_EQUAL, Expressions.constant(steps().low()), Expressions.coordinate(place)), term,
                Expressions.constant(reduction.operator().identity()));
    }
}
