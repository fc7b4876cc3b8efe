package org.mcrc.compiler.index;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Takes products and sums apart, and puts them together again. */
public final class Product {
    private Product() {}

    /** Products of more factors are not taken apart: written with what they share, they may have any number. */
    private static final int MOST_FACTORS = 256;

    /** The factors of a product, in order; the two that it is written with where it has too many. */
    public static List<Expression> factors(Expression node) {
        List<Expression> factors = new ArrayList<>();
        if (!hasMoreFactors(node, MOST_FACTORS)) {
            collect(node, factors);
        } else {
            Expression positive = node;
            while (positive instanceof Unary(UnaryOperator operator, Expression operand)
                    && operator == UnaryOperator.NEGATE) {
                factors.add(Expressions.constant(-1));
                positive = operand;
            }
            if (positive instanceof Binary(BinaryOperator operator, Expression left, Expression right)) {
                factors.add(left);
                factors.add(operator == BinaryOperator.DIVIDE ? Expressions.divide(Expressions.constant(1), right) : right);
            }
        }
        return factors;
    }

    /** Whether a product has more factors than so many. */
    public static boolean hasMoreFactors(Expression node, int most) {
        return count(node, most, new IdentityHashMap<>()) > most;
    }

    /** How many factors there are, or one more than so many. */
    private static int count(Expression node, int most, Map<Expression, Integer> counts) {
        Integer known = counts.get(node);
        if (known != null) {
            return known;
        }
        int count = switch (node) {
            case Binary(BinaryOperator operator, Expression left, Expression right)
                    when operator == BinaryOperator.MULTIPLY -> count(left, most, counts) + count(right, most, counts);
            case Binary(BinaryOperator operator, Expression left, Expression _)
                    when operator == BinaryOperator.DIVIDE -> count(left, most, counts) + 1;
            case Unary(UnaryOperator operator, Expression operand)
                    when operator == UnaryOperator.NEGATE -> count(operand, most, counts) + 1;
            case Expression _ -> 1;
        };
        counts.put(node, Math.min(count, most + 1));
        return counts.get(node);
    }

    private static void collect(Expression node, List<Expression> factors) {
        if (node instanceof Binary(BinaryOperator operator, Expression left, Expression right)
                && operator == BinaryOperator.MULTIPLY) {
            collect(left, factors);
            collect(right, factors);
        } else if (node instanceof Binary(BinaryOperator operator, Expression left, Expression right)
                && operator == BinaryOperator.DIVIDE) {
            collect(left, factors);
            factors.add(Expressions.divide(Expressions.constant(1), right));
        } else if (node instanceof Unary(UnaryOperator operator, Expression operand)
                && operator == UnaryOperator.NEGATE) {
            factors.add(Expressions.constant(-1));
            collect(operand, factors);
        } else {
            factors.add(node);
        }
    }

    /** The product of factors; 1 of none. */
    public static Expression of(List<Expression> factors) {
        return factors.stream().reduce(Expressions::multiply).orElse(Expressions.constant(1));
    }

    /** The terms of a sum, with their signs. */
    public static List<Expression> terms(Expression node) {
        return switch (node) {
            case Binary(BinaryOperator operator, Expression left, Expression right)
                    when operator == BinaryOperator.ADD || operator == BinaryOperator.SUBTRACT -> {
                List<Expression> terms = new ArrayList<>(terms(left));
                terms(right).forEach(term -> terms.add(
                        operator == BinaryOperator.ADD ? term : Expressions.negate(term)));
                yield terms;
            }
            case Unary(UnaryOperator operator, Expression operand) when operator == UnaryOperator.NEGATE ->
                    terms(operand).stream().map(Expressions::negate).toList();
            case Expression _ -> List.of(node);
        };
    }

    /** The terms of a sum after products with sums are multiplied out. */
    public static List<Expression> expandedTerms(Expression node) {
        List<Expression> expanded = new ArrayList<>();
        for (Expression term : terms(node)) {
            List<List<Expression>> products = List.of(List.of());
            boolean sums = false;
            for (Expression factor : factors(term)) {
                List<Expression> summands = factor == term ? List.of(factor) : expandedTerms(factor);
                sums |= summands.size() > 1;
                products = products.stream().flatMap(product -> summands.stream().map(summand -> {
                    List<Expression> longer = new ArrayList<>(product);
                    longer.add(summand);
                    return longer;
                })).toList();
            }
            expanded.addAll(sums ? products.stream().map(Product::of).toList() : List.of(term));
        }
        return expanded;
    }

    /** The sum of terms; 0 of none. */
    public static Expression sumOf(List<Expression> terms) {
        return terms.stream().reduce(Expressions::add).orElse(Expressions.constant(0));
    }
}
