package org.mcrc.compiler.index;

import java.util.ArrayList;
import java.util.List;

/** Takes products and sums apart, and puts them together again. */
public final class Product {
    private Product() {}

    /** The factors of a product, in order. */
    public static List<Expression> factors(Expression node) {
        List<Expression> factors = new ArrayList<>();
        collect(node, factors);
        return factors;
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
