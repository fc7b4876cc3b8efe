package org.mcrc.compiler.simplify;

import java.util.Optional;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;

/** Operations on numbers are carried out. */
final class ConstantFolding implements Rule {
    @Override
    public Optional<Expression> apply(Expression node) {
        return switch (node) {
            case Unary(UnaryOperator operator, Constant(double value)) -> fold(operator, value);
            case Binary(BinaryOperator operator, Constant(double left), Constant(double right)) ->
                    fold(operator, left, right);
            case Expression _ -> Optional.empty();
        };
    }

    private static Optional<Expression> fold(UnaryOperator operator, double value) {
        return switch (operator) {
            case NEGATE -> Optional.of(Expressions.constant(0.0 - value));
            case ABS -> Optional.of(Expressions.constant(Math.abs(value)));
            case SQRT -> Optional.of(Expressions.constant(Math.sqrt(value)));
            case RELU -> Optional.of(Expressions.constant(value > 0 ? value : 0));
            case SIGN -> Optional.of(Expressions.constant(Math.signum(value)));
            case STEP -> Optional.of(Expressions.constant(value > 0 ? 1 : 0));
            case FLOOR -> Optional.of(Expressions.constant(Math.floor(value)));
            case EXP, LOG, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, TANH, SIGMOID, LGAMMA, DIGAMMA, NOT ->
                    Optional.empty();
        };
    }

    private static Optional<Expression> fold(BinaryOperator operator, double left, double right) {
        return switch (operator) {
            case ADD -> Optional.of(Expressions.constant(left + right));
            case SUBTRACT -> Optional.of(Expressions.constant(left - right));
            case MULTIPLY -> Optional.of(Expressions.constant(left * right));
            case DIVIDE -> Optional.of(Expressions.constant(left / right));
            case POWER -> Optional.of(Expressions.constant(Math.pow(left, right)));
            case MINIMUM -> Optional.of(Expressions.constant(Math.min(left, right)));
            case MAXIMUM -> Optional.of(Expressions.constant(Math.max(left, right)));
            case EQUAL -> truth(left == right, left, right, operator);
            case NOT_EQUAL -> truth(left != right, left, right, operator);
            case LESS -> truth(left < right, left, right, operator);
            case LESS_OR_EQUAL -> truth(left <= right, left, right, operator);
            case ATAN2, POLYGAMMA, AND, OR -> Optional.empty();
        };
    }

    private static Optional<Expression> truth(boolean value, double left, double right, BinaryOperator operator) {
        Expression folded = Expressions.truth(value);
        return folded == Expressions.binary(operator, Expressions.constant(left), Expressions.constant(right))
                ? Optional.empty() : Optional.of(folded);
    }
}
