package org.mcrc.compiler.simplify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Product;

/** a * c + b * c is (a + b) * c: one product less, and the terms that share a factor meet. */
final class CommonFactor implements Rule {
    /** Of longer products, which are written with what they share, nothing is put outside of a sum. */
    private static final int MOST_FACTORS = 64;

    @Override
    public Optional<Expression> apply(Expression node) {
        if (!(node instanceof Binary(BinaryOperator sum, Expression left, Expression right))
                || sum != BinaryOperator.ADD && sum != BinaryOperator.SUBTRACT) {
            return Optional.empty();
        }
        if (left == right && sum == BinaryOperator.ADD) {
            return Optional.of(Expressions.multiply(Expressions.constant(2), left));
        }
        if (Product.hasMoreFactors(left, MOST_FACTORS) || Product.hasMoreFactors(right, MOST_FACTORS)) {
            return Optional.empty();
        }
        List<Expression> ofLeft = factors(left);
        List<Expression> ofRight = factors(right);
        List<Expression> common = new ArrayList<>(ofLeft);
        common.retainAll(ofRight);
        // Of a number alone, as in 2 * x + 2, nothing would be saved.
        boolean alone = ofLeft.size() == 1 || ofRight.size() == 1;
        common.removeIf(factor -> factor instanceof Constant && alone);
        if (common.isEmpty()) {
            return Optional.empty();
        }
        Expression factor = common.getFirst();
        return Optional.of(Expressions.multiply(
                Expressions.binary(sum, without(ofLeft, factor), without(ofRight, factor)), factor));
    }

    private static List<Expression> factors(Expression node) {
        if (node instanceof Binary(BinaryOperator operator, Expression left, Expression right)
                && operator == BinaryOperator.MULTIPLY) {
            List<Expression> factors = new ArrayList<>(factors(left));
            factors.addAll(factors(right));
            return factors;
        }
        return List.of(node);
    }

    private static Expression without(List<Expression> factors, Expression factor) {
        List<Expression> rest = new ArrayList<>(factors);
        rest.remove(factor);
        return rest.stream().reduce(Expressions::multiply).orElse(Expressions.constant(1));
    }
}
