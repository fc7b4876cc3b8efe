package org.mcrc.compiler.simplify;

import java.util.Optional;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;

/**
 * A choice between equal values, or by a condition that is known, is that value; known conditions drop out. A condition is
 * known in its own branches.
 */
final class Selection implements Rule {
    @Override
    public Optional<Expression> apply(Expression node) {
        return switch (node) {
            case Select(Expression condition, Expression then, Expression otherwise) -> {
                if (then == otherwise || Expressions.isAlways(condition)) {
                    yield Optional.of(then);
                }
                if (Expressions.isNever(condition)) {
                    yield Optional.of(otherwise);
                }
                if (condition instanceof Unary(UnaryOperator _, Expression negated)) {
                    yield Optional.of(Expressions.select(negated, otherwise, then));
                }
                Expression chosen = then instanceof Select inner && inner.condition() == condition ? inner.then() : then;
                Expression other = otherwise instanceof Select inner && inner.condition() == condition ? inner.otherwise()
                        : otherwise;
                yield chosen == then && other == otherwise ? Optional.empty()
                        : Optional.of(Expressions.select(condition, chosen, other));
            }
            case Unary(UnaryOperator operator, Expression operand) when operator == UnaryOperator.NOT -> {
                if (Expressions.isAlways(operand)) {
                    yield Optional.of(Expressions.truth(false));
                }
                if (Expressions.isNever(operand)) {
                    yield Optional.of(Expressions.always());
                }
                yield operand instanceof Unary(UnaryOperator _, Expression inner) ? Optional.of(inner) : Optional.empty();
            }
            case Binary(BinaryOperator operator, Expression left, Expression right)
                    when operator == BinaryOperator.AND -> {
                if (Expressions.isAlways(left) || Expressions.isNever(right) || left == right) {
                    yield Optional.of(right);
                }
                yield Expressions.isAlways(right) || Expressions.isNever(left) ? Optional.of(left) : Optional.empty();
            }
            case Binary(BinaryOperator operator, Expression left, Expression right)
                    when operator == BinaryOperator.OR -> {
                if (Expressions.isNever(left) || Expressions.isAlways(right) || left == right) {
                    yield Optional.of(right);
                }
                yield Expressions.isNever(right) || Expressions.isAlways(left) ? Optional.of(left) : Optional.empty();
            }
            case Expression _ -> Optional.empty();
        };
    }
}
