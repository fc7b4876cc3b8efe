package org.mcrc.compiler.simplify;

import java.util.Optional;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;

/** x + 0, x - 0, x * 1, x / 1, x ^ 1 are x; 0 - x is -x; x ^ 0 is 1. */
final class NeutralOperand implements Rule {
    @Override
    public Optional<Expression> apply(Expression node) {
        return switch (node) {
            case Binary(BinaryOperator operator, Expression left, Constant(double right)) -> switch (operator) {
                case ADD, SUBTRACT -> right == 0 ? Optional.of(left) : Optional.empty();
                case MULTIPLY, DIVIDE -> right == 1 ? Optional.of(left)
                        : right == -1 ? Optional.of(Expressions.negate(left)) : Optional.empty();
                case POWER -> right == 1 ? Optional.of(left)
                        : right == 0 ? Optional.of(Expressions.constant(1)) : Optional.empty();
                case MINIMUM, MAXIMUM, ATAN2, POLYGAMMA, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND, OR ->
                        Optional.empty();
            };
            case Binary(BinaryOperator operator, Constant(double left), Expression right) -> switch (operator) {
                case ADD -> left == 0 ? Optional.of(right) : Optional.empty();
                case SUBTRACT -> left == 0 ? Optional.of(Expressions.negate(right)) : Optional.empty();
                case MULTIPLY -> left == 1 ? Optional.of(right)
                        : left == -1 ? Optional.of(Expressions.negate(right)) : Optional.empty();
                case DIVIDE, POWER, MINIMUM, MAXIMUM, ATAN2, POLYGAMMA, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND, OR ->
                        Optional.empty();
            };
            case Expression _ -> Optional.empty();
        };
    }
}
