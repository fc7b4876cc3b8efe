package org.mcrc.compiler.simplify;

import java.util.Optional;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;

/** 0 * x and 0 / x are 0: adjoints of what does not matter vanish, whatever x is. */
final class ZeroFactor implements Rule {
    @Override
    public Optional<Expression> apply(Expression node) {
        boolean zero = node instanceof Binary(BinaryOperator operator, Expression left, Expression right)
                && (operator == BinaryOperator.MULTIPLY && (isZero(left) || isZero(right))
                        || operator == BinaryOperator.DIVIDE && isZero(left));
        return zero ? Optional.of(Expressions.constant(0)) : Optional.empty();
    }

    private static boolean isZero(Expression operand) {
        return operand instanceof Constant(double value) && value == 0;
    }
}
