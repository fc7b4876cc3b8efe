package org.mcrc.compiler.simplify;

import java.util.Optional;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;

/** 1 / (1 + exp(-u)) is sigmoid(u), which does not overflow and whose derivative follows from its value. */
final class Logistic implements Rule {
    @Override
    public Optional<Expression> apply(Expression node) {
        if (node instanceof Binary(BinaryOperator divide, Expression numerator, Expression denominator)
                && divide == BinaryOperator.DIVIDE
                && denominator instanceof Binary(BinaryOperator add, Expression left, Expression right)
                && add == BinaryOperator.ADD) {
            Expression exponential = isOne(left) ? right : isOne(right) ? left : null;
            if (exponential instanceof Unary(UnaryOperator exp, Expression exponent) && exp == UnaryOperator.EXP) {
                Expression sigmoid = Expressions.unary(UnaryOperator.SIGMOID, Expressions.negate(exponent));
                return Optional.of(isOne(numerator) ? sigmoid : Expressions.multiply(numerator, sigmoid));
            }
        }
        return Optional.empty();
    }

    private static boolean isOne(Expression operand) {
        return operand instanceof Constant(double value) && value == 1;
    }
}
