package org.mcrc.compiler.simplify;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.WithDerivative;

/**
 * The factors of a product that depend on no index gather in front, {@code a * x * b * y} is {@code (a * b) * (x * y)}: they
 * are multiplied once and not for every element.
 */
final class ScalarFactors implements Rule {
    @Override
    public Optional<Expression> apply(Expression node) {
        if (!(node instanceof Binary(BinaryOperator operator, Expression left, Expression right))
                || operator != BinaryOperator.MULTIPLY) {
            return Optional.empty();
        }
        // Within a scalar its numbers gather in the same way, so that they are multiplied now.
        return isScalar(node) ? gathered(left, right, Constant.class::isInstance)
                : gathered(left, right, ScalarFactors::isScalar);
    }

    private static Optional<Expression> gathered(Expression left, Expression right, Predicate<Expression> early) {
        if (early.test(right)) {
            return early.test(left) ? Optional.empty() : Optional.of(Expressions.multiply(right, left));
        }
        Expression ofLeft = front(left, early);
        Expression ofRight = front(right, early);
        if (early.test(left)) {
            return ofRight == null ? Optional.empty()
                    : Optional.of(Expressions.multiply(Expressions.multiply(left, ofRight), rest(right)));
        }
        if (ofLeft != null) {
            return Optional.of(Expressions.multiply(ofLeft, Expressions.multiply(rest(left), right)));
        }
        return ofRight == null ? Optional.empty()
                : Optional.of(Expressions.multiply(ofRight, Expressions.multiply(left, rest(right))));
    }

    /** The early factor in front of a product; null where there is none. */
    private static Expression front(Expression product, Predicate<Expression> early) {
        return product instanceof Binary(BinaryOperator operator, Expression left, Expression _)
                && operator == BinaryOperator.MULTIPLY && early.test(left) ? left : null;
    }

    private static Expression rest(Expression product) {
        return ((Binary) product).right();
    }

    private static boolean isScalar(Expression node) {
        return Expressions.freeIndices(node).isEmpty()
                && isScalar(node, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static boolean isScalar(Expression node, Set<Expression> seen) {
        return !seen.add(node) || switch (node) {
            case Constant _, Argument _ -> true;
            case Read read -> read.tensor().axes().isEmpty();
            case Coordinate _, Member _, Reduce _ -> false;
            case Unary _, Binary _, Select _, WithDerivative _ ->
                    node.children().stream().allMatch(child -> isScalar(child, seen));
        };
    }
}
