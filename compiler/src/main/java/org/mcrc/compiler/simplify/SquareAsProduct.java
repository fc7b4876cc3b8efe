package org.mcrc.compiler.simplify;

import java.util.Optional;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;

/** x ^ 2 is x * x: exact for every x, and cheap. */
final class SquareAsProduct implements Rule {
    @Override
    public Optional<Expression> apply(Expression node) {
        return node instanceof Binary(BinaryOperator operator, Expression base, Constant(double exponent))
                && operator == BinaryOperator.POWER && exponent == 2
                ? Optional.of(Expressions.multiply(base, base)) : Optional.empty();
    }
}
