package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.UnaryOperator;

class LikeTermsTest {
    private final Index pixel = new Index("x", new Grid(List.of(4, 4)));
    private final Expression a = pixels("a");
    private final Expression b = pixels("b");
    private final Expression g = Expressions.argument("g");
    private final Expression h = Expressions.argument("h");
    private final Expression one = Expressions.constant(1);

    private Expression pixels(String name) {
        return Expressions.readAt(new Tensor(name, Tensor.Kind.FIELD, List.of(pixel.domain())), List.of(pixel));
    }

    private static Expression sum(Expression... terms) {
        return List.of(terms).stream().reduce(Expressions::add).orElseThrow();
    }

    private static Expression product(Expression... factors) {
        return List.of(factors).stream().reduce(Expressions::multiply).orElseThrow();
    }

    private static Expression minus(Expression left, Expression right) {
        return Expressions.subtract(left, right);
    }

    private String collected(Expression expression) {
        return LikeTerms.collect(expression, pixel).toString();
    }

    @Test
    void equalTermsAreMultipliedAndNotAdded() {
        assertEquals("2 * (1 - a[x] - b[x])", collected(sum(minus(minus(one, a), a), minus(minus(one, b), b))));
        assertEquals("b[x]", collected(minus(sum(a, b), a)));
    }

    @Test
    void termsWithTheSameFactorForAllPixelsShareItsMultiplication() {
        assertEquals("g * ((b[x] + 1) * a[x] - 1) + h * b[x]",
                collected(sum(product(g, a, b), product(minus(a, one), g), product(b, h))));
    }

    @Test
    void whatIsNoShorterStaysAsItIs() {
        Expression shared = product(minus(one, a), Expressions.unary(UnaryOperator.ABS, minus(one, a)));
        assertSame(shared, LikeTerms.collect(shared, pixel));
    }

    /** Where two sums are equal the sign of their difference is 0: it must not be summed in another order. */
    @Test
    void whatAFunctionIsTakenOfKeepsItsOrder() {
        Expression difference = minus(sum(a, a), sum(b, a));
        Expression root = product(g, Expressions.unary(UnaryOperator.SIGN, difference));
        assertSame(root, LikeTerms.collect(root, pixel));
    }
}
