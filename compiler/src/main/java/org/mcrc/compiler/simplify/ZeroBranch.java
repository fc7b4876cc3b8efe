package org.mcrc.compiler.simplify;

import java.util.Optional;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;

/**
 * {@code (if c then a else 0) * b} is {@code if c then a * b else 0}: the adjoint of a branch that is not taken is 0 even
 * where the branch's derivative is infinite.
 */
final class ZeroBranch implements Rule {
    @Override
    public Optional<Expression> apply(Expression node) {
        return switch (node) {
            case Binary(BinaryOperator operator, Select select, Expression right)
                    when operator == BinaryOperator.MULTIPLY || operator == BinaryOperator.DIVIDE ->
                    push(select, branch -> Expressions.binary(operator, branch, right));
            case Binary(BinaryOperator operator, Expression left, Select select)
                    when operator == BinaryOperator.MULTIPLY ->
                    push(select, branch -> Expressions.multiply(left, branch));
            case Unary(UnaryOperator operator, Select select) when operator == UnaryOperator.NEGATE ->
                    push(select, Expressions::negate);
            case Expression _ -> Optional.empty();
        };
    }

    private static Optional<Expression> push(Select select, java.util.function.UnaryOperator<Expression> operation) {
        if (isZero(select.otherwise())) {
            return Optional.of(Expressions.select(select.condition(), operation.apply(select.then()),
                    select.otherwise()));
        }
        return isZero(select.then()) ? Optional.of(Expressions.select(select.condition(), select.then(),
                operation.apply(select.otherwise()))) : Optional.empty();
    }

    private static boolean isZero(Expression operand) {
        return operand instanceof Constant(double value) && value == 0;
    }
}
