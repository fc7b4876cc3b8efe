package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Product;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;

/**
 * A product of functions of single places: {@code scale * A[x] * B[x + r]}.
 *
 * @param scale what does not depend on the pixel
 * @param operands one for each place
 */
record ShiftedProduct(Expression scale, List<Operand> operands) {
    /** Sums of more terms are left alone. */
    private static final int MOST_TERMS = 32;

    ShiftedProduct {
        operands = List.copyOf(operands);
    }

    /**
     * What is there at a place.
     *
     * @param shift the vector from the pixel to the place, component by component
     * @param value the function as it is where the shift is zero; it has no vectors among its indices
     */
    record Operand(List<IndexForm> shift, Expression value) {
        /** Whether the place is the same pixel for all values of the indices. */
        boolean isFixed() {
            return shift.stream().allMatch(IndexForm::isConstant);
        }
    }

    /**
     * A sum as far as its terms are such products.
     *
     * @param others the terms that are none
     */
    record Sum(List<ShiftedProduct> products, List<Expression> others) {}

    /** Takes a sum apart, products with a sum over several places multiplied out. */
    static Sum sum(Expression body, Index pixel) {
        Sum sum = new Sum(new ArrayList<>(), new ArrayList<>());
        for (Expression term : Product.terms(body)) {
            collect(term, pixel, sum);
        }
        return sum;
    }

    private static void collect(Expression term, Index pixel, Sum sum) {
        Optional<ShiftedProduct> product = of(term, pixel);
        if (product.isPresent()) {
            sum.products().add(product.get());
            return;
        }
        List<Expression> factors = Product.factors(term);
        List<Expression> sums = factors.stream().filter(factor -> raw(factor, pixel).isEmpty()
                && Product.terms(factor).size() > 1).toList();
        // A product of two such sums, as a square of differences, would lose digits in single precision, and so would a
        // difference of two places, as in its derivative.
        if (sums.size() != 1 || sum.products().size() + Product.terms(sums.getFirst()).size() > MOST_TERMS
                || isDifference(sums.getFirst(), pixel)) {
            sum.others().add(term);
            return;
        }
        List<Expression> rest = new ArrayList<>(factors);
        int place = rest.indexOf(sums.getFirst());
        for (Expression each : Product.terms(sums.getFirst())) {
            rest.set(place, each);
            collect(Product.of(rest), pixel, sum);
        }
    }

    /** Whether terms of both signs look at pixels: the sum may be much less than they are. */
    private static boolean isDifference(Expression sum, Index pixel) {
        return Product.terms(sum).stream().filter(term -> Expressions.freeIndices(term).contains(pixel))
                .map(ShiftedProduct::isNegative).distinct().count() == 2;
    }

    private static boolean isNegative(Expression term) {
        return Product.factors(term).stream().filter(factor -> factor instanceof Constant(double value) && value < 0
                || factor instanceof Unary(UnaryOperator operator, _) && operator == UnaryOperator.NEGATE).count() % 2 == 1;
    }

    /** A factor with the part of its shift that depends on indices, and the constant part. */
    private record Raw(List<IndexForm> moving, List<IndexForm> constant, Expression value) {}

    /** The product; nothing where a factor looks at more than one place. */
    static Optional<ShiftedProduct> of(Expression term, Index pixel) {
        List<Expression> scale = new ArrayList<>();
        Map<List<IndexForm>, List<Raw>> places = new LinkedHashMap<>();
        for (Expression factor : Product.factors(term)) {
            if (!Expressions.freeIndices(factor).contains(pixel)) {
                scale.add(factor);
                continue;
            }
            Optional<Raw> raw = raw(factor, pixel);
            if (raw.isEmpty()) {
                return Optional.empty();
            }
            places.computeIfAbsent(raw.get().moving(), _ -> new ArrayList<>()).add(raw.get());
        }
        List<Operand> operands = new ArrayList<>();
        places.forEach((moving, factors) -> operands.add(operand(moving, factors, pixel)));
        return Optional.of(new ShiftedProduct(Product.of(scale), operands));
    }

    /**
     * The factors at a place. Where it moves, it is the one at which the first of them looks: neighbouring pixels need no
     * arrays of their own.
     */
    private static Operand operand(List<IndexForm> moving, List<Raw> factors, Index pixel) {
        boolean moves = moving.stream().anyMatch(form -> !form.isConstant());
        List<Raw> ordered = factors.stream().sorted(Comparator.comparing(raw -> raw.value().toString())).toList();
        Expression value = Product.of(ordered.stream().map(Raw::value).toList());
        List<IndexForm> constant = ordered.getFirst().constant();
        return moves ? new Operand(plus(moving, constant, 1), moved(value, pixel, constant, -1)) : new Operand(moving, value);
    }

    private static Optional<Raw> raw(Expression factor, Index pixel) {
        List<IndexForm> shift = shift(factor, pixel);
        List<IndexForm> constant = shift.stream().map(form -> IndexForm.constant(form.constant())).toList();
        List<IndexForm> moving = plus(shift, constant, -1);
        Expression value = moved(factor, pixel, moving, -1);
        boolean single = Expressions.freeIndices(value).stream().allMatch(index -> index == pixel
                || index.domain() instanceof IntegerDomain);
        return single ? Optional.of(new Raw(moving, constant, value)) : Optional.empty();
    }

    /** How far from the pixel an expression first looks. */
    private static List<IndexForm> shift(Expression factor, Index pixel) {
        for (Read read : Expressions.reads(factor)) {
            for (int axis = 0; axis < read.subscripts().size(); axis++) {
                List<IndexForm> subscript = read.subscripts().get(axis);
                if (read.tensor().axes().get(axis).equals(pixel.domain())) {
                    List<IndexForm> shift = plus(subscript, IndexForm.of(pixel), -1);
                    if (shift.stream().noneMatch(form -> form.indices().stream().anyMatch(Index::isPixel))) {
                        return shift;
                    }
                }
            }
        }
        return IndexForm.of(pixel).stream().map(_ -> IndexForm.constant(0)).toList();
    }

    /** An expression as it is {@code sign} times {@code shift} further. */
    private static Expression moved(Expression expression, Index pixel, List<IndexForm> shift, int sign) {
        return shift.stream().allMatch(form -> form.equals(IndexForm.constant(0))) ? expression
                : Expressions.substitute(expression, Map.of(pixel, plus(IndexForm.of(pixel), shift, sign)));
    }

    /** {@code left + sign * right}, component by component. */
    static List<IndexForm> plus(List<IndexForm> left, List<IndexForm> right, int sign) {
        List<IndexForm> sum = new ArrayList<>();
        for (int c = 0; c < left.size(); c++) {
            sum.add(left.get(c).plus(right.get(c).times(sign)));
        }
        return List.copyOf(sum);
    }
}
