package org.mcrc.compiler.simplify;

import java.util.Optional;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;

/** Signs move outwards and cancel: --x is x, -x * y is -(x * y), x + -y is x - y, x - -y is x + y. */
final class Negation implements Rule {
    @Override
    public Optional<Expression> apply(Expression node) {
        return switch (node) {
            case Unary(UnaryOperator outer, Unary(UnaryOperator inner, Expression operand))
                    when outer == UnaryOperator.NEGATE && inner == UnaryOperator.NEGATE -> Optional.of(operand);
            case Binary(BinaryOperator operator, Unary(UnaryOperator sign, Expression left), Expression right)
                    when sign == UnaryOperator.NEGATE
                            && (operator == BinaryOperator.MULTIPLY || operator == BinaryOperator.DIVIDE) ->
                    Optional.of(Expressions.negate(Expressions.binary(operator, left, right)));
            case Binary(BinaryOperator operator, Expression left, Unary(UnaryOperator sign, Expression right))
                    when sign == UnaryOperator.NEGATE -> switch (operator) {
                        case MULTIPLY, DIVIDE -> Optional.of(Expressions.negate(
                                Expressions.binary(operator, left, right)));
                        case ADD -> Optional.of(Expressions.subtract(left, right));
                        case SUBTRACT -> Optional.of(Expressions.add(left, right));
                        case POWER, MINIMUM, MAXIMUM, ATAN2, POLYGAMMA, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND,
                                OR -> Optional.empty();
                    };
            case Binary(BinaryOperator operator, Unary(UnaryOperator sign, Expression left), Expression right)
                    when sign == UnaryOperator.NEGATE && operator == BinaryOperator.ADD ->
                    Optional.of(Expressions.subtract(right, left));
            case Expression _ -> Optional.empty();
        };
    }
}
