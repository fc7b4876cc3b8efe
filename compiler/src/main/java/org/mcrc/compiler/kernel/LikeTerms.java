package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.Product;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.simplify.Simplifier;

/**
 * Collects like terms in what is computed for every pixel: {@code g * (1 - a - a) + g * (1 - b - b)} is
 * {@code 2 * g * (1 - a - b)}, where {@code 2 * g} is the same for all pixels. A pass over pixels that are in a cache is
 * otherwise bound by its additions.
 *
 * <p>Only sums and products are taken apart: what is compared, or whose sign is asked for, keeps its rounding, so that equal
 * numbers stay equal.
 */
final class LikeTerms {
    /** What shares parts is taken apart as often as they are used: of larger expressions that would be without end. */
    private static final long MOST_OPERATIONS = 5000;

    private final Index pixel;

    /** For each product of factors without the pixel, the numbers with which the varying products are multiplied. */
    private final Map<Expression, Map<Expression, Double>> groups = new LinkedHashMap<>();

    private LikeTerms(Index pixel) {
        this.pixel = pixel;
    }

    /** The same value in fewer operations; the expression itself where there are none to save. */
    static Expression collect(Expression root, Index pixel) {
        if (Expressions.writtenOut(root) > MOST_OPERATIONS) {
            return root;
        }
        Expression collected = Simplifier.simplify(collected(root, pixel));
        return Cost.of(collected) < Cost.of(root) ? collected : root;
    }

    private static Expression collected(Expression root, Index pixel) {
        LikeTerms terms = new LikeTerms(pixel);
        terms.add(root, 1, Expressions.constant(1));
        return terms.sum();
    }

    /** Adds {@code number * uniform * node}. */
    private void add(Expression node, double number, Expression uniform) {
        switch (node) {
            case Constant(double value) -> add(Expressions.constant(1), number * value, uniform, true);
            case Unary(UnaryOperator operator, Expression operand) when operator == UnaryOperator.NEGATE ->
                    add(operand, -number, uniform);
            case Binary(BinaryOperator operator, Expression left, Expression right)
                    when operator == BinaryOperator.ADD || operator == BinaryOperator.SUBTRACT -> {
                add(left, number, uniform);
                add(right, operator == BinaryOperator.ADD ? number : -number, uniform);
            }
            case Binary(BinaryOperator operator, Expression _, Expression _) when operator == BinaryOperator.MULTIPLY ->
                    product(node, number, uniform);
            case Expression _ -> add(node, number, uniform, false);
        }
    }

    private void product(Expression node, double number, Expression uniform) {
        double constant = number;
        List<Expression> same = new ArrayList<>();
        List<Expression> varying = new ArrayList<>();
        for (Expression factor : Product.factors(node)) {
            if (factor instanceof Constant(double value)) {
                constant *= value;
            } else if (isUniform(factor)) {
                same.add(factor);
            } else {
                varying.add(factor);
            }
        }
        same.sort(java.util.Comparator.comparing(Expression::toString));
        Expression all = same.isEmpty() ? uniform : uniform instanceof Constant ? Product.of(same)
                : Expressions.multiply(uniform, Product.of(same));
        if (varying.size() == 1) {
            add(varying.getFirst(), constant, all);
            return;
        }
        List<Expression> collected = varying.stream().map(factor -> collected(factor, pixel)).toList();
        add(collected.isEmpty() ? Expressions.constant(1) : Product.of(collected), constant, all, collected.isEmpty());
    }

    private boolean isUniform(Expression expression) {
        Set<Index> free = Expressions.freeIndices(expression);
        return !free.contains(pixel);
    }

    private void add(Expression varying, double number, Expression uniform, boolean constant) {
        if (!constant && isUniform(varying)) {
            Expression all = uniform instanceof Constant ? varying : Expressions.multiply(uniform, varying);
            groups.computeIfAbsent(all, _ -> new LinkedHashMap<>()).merge(Expressions.constant(1), number, Double::sum);
            return;
        }
        groups.computeIfAbsent(uniform, _ -> new LinkedHashMap<>()).merge(varying, number, Double::sum);
    }

    private Expression sum() {
        List<Expression> parts = new ArrayList<>();
        groups.forEach((uniform, terms) -> {
            // By the size of their numbers: those that are the same are multiplied once.
            Map<Double, Expression> sums = new LinkedHashMap<>();
            double scale = scale(terms);
            Expression one = Expressions.constant(1);
            terms.forEach((varying, number) -> {
                double scaled = number / scale;
                if (scaled != 0) {
                    Expression term = varying == one ? Expressions.constant(Math.abs(scaled)) : varying;
                    double size = varying == one ? 1 : Math.abs(scaled);
                    sums.merge(size, scaled < 0 ? Expressions.negate(term) : term, (sum, last) -> scaled < 0
                            ? Expressions.subtract(sum, term) : Expressions.add(sum, term));
                }
            });
            sums.entrySet().stream().map(entry -> entry.getKey() == 1 ? entry.getValue()
                            : Expressions.multiply(Expressions.constant(entry.getKey()), entry.getValue()))
                    .reduce(Expressions::add).ifPresent(sum -> parts.add(scale == 1 ? times(uniform, sum)
                            : times(times(Expressions.constant(scale), uniform), sum)));
        });
        return Product.sumOf(parts);
    }

    private static Expression times(Expression left, Expression right) {
        Expression one = Expressions.constant(1);
        return left == one ? right : right == one ? left : Expressions.multiply(left, right);
    }

    /** A power of two that all varying products of a group have in common; 1 where there is none. */
    private static double scale(Map<Expression, Double> terms) {
        double[] numbers = terms.entrySet().stream().filter(entry -> entry.getKey() != Expressions.constant(1))
                .mapToDouble(entry -> Math.abs(entry.getValue())).filter(number -> number != 0).distinct().toArray();
        return numbers.length == 1 && numbers[0] == Math.scalb(1.0, Math.getExponent(numbers[0])) ? numbers[0] : 1;
    }
}
