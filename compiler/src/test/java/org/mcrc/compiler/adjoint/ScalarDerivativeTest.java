package org.mcrc.compiler.adjoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mcrc.compiler.index.Expressions.add;
import static org.mcrc.compiler.index.Expressions.always;
import static org.mcrc.compiler.index.Expressions.binary;
import static org.mcrc.compiler.index.Expressions.constant;
import static org.mcrc.compiler.index.Expressions.coordinate;
import static org.mcrc.compiler.index.Expressions.multiply;
import static org.mcrc.compiler.index.Expressions.reduce;
import static org.mcrc.compiler.index.Expressions.select;
import static org.mcrc.compiler.index.Expressions.subtract;
import static org.mcrc.compiler.index.Expressions.unary;
import static org.mcrc.compiler.index.Expressions.withDerivative;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.UnaryOperator;

/** Derivatives against finite differences, and what the language says about ties and zeros. */
class ScalarDerivativeTest {
    private static final Expression Z = Expressions.argument("z");

    private static double at(Expression expression, double z) {
        Tensor value = Tensor.defined("value", List.of());
        IndexProgram program = new IndexProgram("t", "", 2, List.of(), List.of(), List.of(), Map.of("z", z),
                List.of(new Definition(value, List.of(), expression, "")), List.of(), List.of(), List.of(), value, value,
                Map.of());
        return new Evaluator(program).evaluate(Map.of(), Map.of(), Set.of("value")).get("value")[0];
    }

    private static double derivative(Expression expression, double z) {
        return at(ScalarDerivative.of(expression, Z), z);
    }

    /** Central differences of fourth order: errors of about 1e-11. */
    private static double difference(Expression expression, double z) {
        double h = 1e-3;
        return (8 * (at(expression, z + h) - at(expression, z - h))
                - (at(expression, z + 2 * h) - at(expression, z - 2 * h))) / (12 * h);
    }

    private static void assertDifferentiates(Expression expression, double z) {
        double expected = difference(expression, z);
        assertEquals(expected, derivative(expression, z), 1e-8 * Math.max(1, Math.abs(expected)), expression.toString());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOT")
    void everyFunctionHasItsDerivative(UnaryOperator operator) {
        for (double z : new double[] {0.57, 0.77}) {
            assertDifferentiates(unary(operator, Z), z);
            assertDifferentiates(unary(operator, multiply(Z, Z)), z);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ADD", "SUBTRACT", "MULTIPLY", "DIVIDE", "POWER", "MINIMUM", "MAXIMUM", "ATAN2"})
    void everyOperatorHasBothDerivatives(BinaryOperator operator) {
        Expression other = add(constant(0.4), unary(UnaryOperator.SIN, Z));
        for (double z : new double[] {0.35, 1.2}) {
            assertDifferentiates(binary(operator, Z, other), z);
            assertDifferentiates(binary(operator, other, Z), z);
            assertDifferentiates(binary(operator, constant(1.3), Z), z);
            assertDifferentiates(binary(operator, Z, constant(1.3)), z);
        }
    }

    @Test
    void digammaHasDerivativesOfEveryOrder() {
        Expression trigamma = binary(BinaryOperator.POLYGAMMA, constant(1), Z);
        assertDifferentiates(trigamma, 1.7);
        assertDifferentiates(binary(BinaryOperator.POLYGAMMA, constant(2), Z), 2.3);
    }

    @Test
    void theSecondDerivativeOfTheLogisticIsZeroInTheMiddle() {
        Expression logistic = unary(UnaryOperator.SIGMOID, multiply(constant(10), subtract(Z, constant(0.75))));
        Expression second = ScalarDerivative.of(ScalarDerivative.of(logistic, Z), Z);
        assertEquals(0, at(second, 0.75), 1e-12);
        assertEquals(difference(ScalarDerivative.of(logistic, Z), 0.6), at(second, 0.6), 1e-7);
    }

    @ParameterizedTest
    @CsvSource({"ABS, 0", "RELU, 0", "STEP, 0", "SIGN, 0", "FLOOR, 0"})
    void kinksHaveDerivativeZero(UnaryOperator operator, double derivative) {
        assertEquals(derivative, derivative(unary(operator, Z), 0));
    }

    @Test
    void extremaPassTheDerivativeToTheFirstThatAttainsThem() {
        Expression twice = multiply(constant(2), Z);
        for (BinaryOperator operator : List.of(BinaryOperator.MAXIMUM, BinaryOperator.MINIMUM)) {
            assertEquals(1, derivative(binary(operator, Z, twice), 0));
            assertEquals(2, derivative(binary(operator, twice, Z), 0));
        }
        Index k = new Index("k", new IntegerDomain(1, 3));
        Expression term = multiply(coordinate(IndexForm.of(k, 0)), Z);
        assertEquals(1, derivative(reduce(ReductionOperator.MAXIMUM, List.of(k), always(), term), 0));
        assertEquals(3, derivative(reduce(ReductionOperator.MAXIMUM, List.of(k), always(), term), 0.5));
        assertEquals(1, derivative(reduce(ReductionOperator.MINIMUM, List.of(k), always(), term), 0.5));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "1, 0, 1", "2, 0, 0", "2, -1.5, -3", "3, -2, 12", "-1, 2, -0.25"})
    void integerPowersHaveTheirDerivativeEverywhere(double exponent, double z, double derivative) {
        assertEquals(derivative, derivative(binary(BinaryOperator.POWER, Z, constant(exponent)), z), 1e-15);
    }

    @Test
    void aPowerWithAnIndexAsExponentIsFineAtZero() {
        Index n = new Index("n", new IntegerDomain(0, 3));
        Expression sum = Expressions.sum(List.of(n), always(),
                binary(BinaryOperator.POWER, Z, coordinate(IndexForm.of(n, 0))));
        assertEquals(1, derivative(sum, 0));
        assertEquals(1 + 2 * -0.5 + 3 * 0.25, derivative(sum, -0.5), 1e-15);
    }

    /** The product of z - k over k = 0, 1, 2 has slope 2, -1, 2 at its zeros. */
    @Test
    void aProductIsDifferentiatedWithoutDividing() {
        Index k = new Index("k", new IntegerDomain(0, 2));
        Expression product = reduce(ReductionOperator.PRODUCT, List.of(k), always(),
                subtract(Z, coordinate(IndexForm.of(k, 0))));
        assertEquals(2, derivative(product, 0));
        assertEquals(-1, derivative(product, 1));
        assertEquals(2, derivative(product, 2));
        assertDifferentiates(product, 0.4);
    }

    @Test
    void theBranchThatIsNotTakenMayHaveAnInfiniteDerivative() {
        assertEquals(0, derivative(select(binary(BinaryOperator.LESS, constant(0), Z), unary(UnaryOperator.SQRT, Z),
                constant(0)), 0));
    }

    @Test
    void aDeclaredDerivativeTakesTheChainRule() {
        Expression square = multiply(Z, Z);
        assertEquals(6 * 0.5, derivative(withDerivative(unary(UnaryOperator.STEP, square), square, constant(3)), 0.5));
    }

    @Test
    void whatDoesNotDependOnTheLeafLeavesNoTrace() {
        assertEquals("0", ScalarDerivative.of(unary(UnaryOperator.EXP, Expressions.argument("y")), Z).toString());
        assertEquals("2", ScalarDerivative.of(add(multiply(constant(2), Z), Expressions.argument("y")), Z).toString());
    }
}
