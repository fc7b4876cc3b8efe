package org.mcrc.compiler.simplify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcrc.compiler.index.Expressions.add;
import static org.mcrc.compiler.index.Expressions.argument;
import static org.mcrc.compiler.index.Expressions.binary;
import static org.mcrc.compiler.index.Expressions.constant;
import static org.mcrc.compiler.index.Expressions.coordinate;
import static org.mcrc.compiler.index.Expressions.divide;
import static org.mcrc.compiler.index.Expressions.multiply;
import static org.mcrc.compiler.index.Expressions.negate;
import static org.mcrc.compiler.index.Expressions.not;
import static org.mcrc.compiler.index.Expressions.select;
import static org.mcrc.compiler.index.Expressions.subtract;
import static org.mcrc.compiler.index.Expressions.unary;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ScalarOperations;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.index.VectorDomain;

/** Every rule: what it makes of a node, what it leaves alone, and that values stay. */
class RulesTest {
    private static final Expression A = argument("a");
    private static final Expression B = argument("b");
    private static final Expression C = argument("c");
    private static final Expression ZERO = constant(0);
    private static final Expression ONE = constant(1);
    private static final Expression TWO = constant(2);
    private static final Index INDEX = new Index("k", new IntegerDomain(2, 2));
    private static final Expression X = coordinate(IndexForm.of(INDEX, 0));
    private static final Expression Y = Expressions.readAt(Tensor.defined("y", List.of(INDEX)), List.of(INDEX));
    private static final Expression SCALAR = Expressions.readAt(Tensor.defined("s", List.of()), List.of());
    private static final Expression POSITIVE = binary(BinaryOperator.LESS, ZERO, A);

    /** The pixel (5, 4), a box that tells remainders apart, and an array of a quarter of the size. */
    private static final Index PIXEL = new Index("y", new Grid(List.of(6, 6)));
    private static final Index BOX = new Index("d", new VectorDomain("box", 2, List.of(new int[] {0, 0}, new int[] {0, 1},
            new int[] {1, 0}, new int[] {1, 1})));
    private static final Index CROSS = new Index("d", new VectorDomain("cross", 2, List.of(new int[] {0, 0},
            new int[] {0, 1}, new int[] {1, 0}, new int[] {2, 0})));
    private static final Tensor COARSE = Tensor.defined("coarse", List.of(new Index("x", new Grid(List.of(3, 3)))));

    private static Expression isZero(IndexForm form) {
        return binary(BinaryOperator.EQUAL, coordinate(form), ZERO);
    }

    /** Component c of the pixel less that of the vector. */
    private static IndexForm difference(Index vector, int c) {
        return IndexForm.of(PIXEL, c).minus(IndexForm.of(vector, c));
    }

    /** The adjoint of mean pooling, and more that depends on the vector. */
    private static Expression pooled(Index vector, Expression guard) {
        return Expressions.sum(List.of(vector), guard, multiply(coordinate(IndexForm.of(vector, 0).plus(1)),
                Expressions.read(COARSE, List.of(List.of(difference(vector, 0).floorDivide(2),
                        difference(vector, 1).floorDivide(2))))));
    }

    private static Expression even(Index vector, int c) {
        return isZero(difference(vector, c).floorModulo(2));
    }

    /** What is left of it. */
    private static Expression ofOne() {
        return multiply(coordinate(IndexForm.of(PIXEL, 0).floorModulo(2).plus(1)), Expressions.read(COARSE, List.of(
                List.of(IndexForm.of(PIXEL, 0).floorDivide(2), IndexForm.of(PIXEL, 1).floorDivide(2)))));
    }

    private static Expression exp(Expression z) {
        return unary(UnaryOperator.EXP, z);
    }

    private static Expression power(Expression base, Expression exponent) {
        return binary(BinaryOperator.POWER, base, exponent);
    }

    static Stream<Arguments> applications() {
        return Stream.of(
                Arguments.of(new ConstantFolding(), add(constant(2), constant(3)), constant(5)),
                Arguments.of(new ConstantFolding(), unary(UnaryOperator.SQRT, constant(9)), constant(3)),
                Arguments.of(new ConstantFolding(), unary(UnaryOperator.STEP, ZERO), ZERO),
                Arguments.of(new ConstantFolding(), unary(UnaryOperator.RELU, constant(-2)), ZERO),
                Arguments.of(new ConstantFolding(), negate(ZERO), ZERO),
                Arguments.of(new ConstantFolding(), binary(BinaryOperator.LESS, TWO, ONE), Expressions.truth(false)),
                Arguments.of(new NeutralOperand(), add(A, ZERO), A),
                Arguments.of(new NeutralOperand(), add(ZERO, A), A),
                Arguments.of(new NeutralOperand(), subtract(A, ZERO), A),
                Arguments.of(new NeutralOperand(), subtract(ZERO, A), negate(A)),
                Arguments.of(new NeutralOperand(), multiply(ONE, A), A),
                Arguments.of(new NeutralOperand(), multiply(A, constant(-1)), negate(A)),
                Arguments.of(new NeutralOperand(), divide(A, ONE), A),
                Arguments.of(new NeutralOperand(), power(A, ONE), A),
                Arguments.of(new NeutralOperand(), power(A, ZERO), ONE),
                Arguments.of(new ZeroFactor(), multiply(A, ZERO), ZERO),
                Arguments.of(new ZeroFactor(), multiply(ZERO, divide(ONE, A)), ZERO),
                Arguments.of(new ZeroFactor(), divide(ZERO, A), ZERO),
                Arguments.of(new Negation(), negate(negate(A)), A),
                Arguments.of(new Negation(), multiply(negate(A), B), negate(multiply(A, B))),
                Arguments.of(new Negation(), divide(A, negate(B)), negate(divide(A, B))),
                Arguments.of(new Negation(), add(A, negate(B)), subtract(A, B)),
                Arguments.of(new Negation(), subtract(A, negate(B)), add(A, B)),
                Arguments.of(new Negation(), add(negate(A), B), subtract(B, A)),
                Arguments.of(new ZeroBranch(), multiply(select(POSITIVE, A, ZERO), B), select(POSITIVE, multiply(A, B), ZERO)),
                Arguments.of(new ZeroBranch(), multiply(B, select(POSITIVE, ZERO, A)), select(POSITIVE, ZERO, multiply(B, A))),
                Arguments.of(new ZeroBranch(), divide(select(POSITIVE, A, ZERO), B), select(POSITIVE, divide(A, B), ZERO)),
                Arguments.of(new ZeroBranch(), negate(select(POSITIVE, A, ZERO)), select(POSITIVE, negate(A), ZERO)),
                Arguments.of(new Selection(), select(POSITIVE, B, B), B),
                Arguments.of(new Selection(), select(Expressions.always(), A, B), A),
                Arguments.of(new Selection(), select(Expressions.truth(false), A, B), B),
                Arguments.of(new Selection(), select(not(POSITIVE), A, B), select(POSITIVE, B, A)),
                Arguments.of(new Selection(), select(POSITIVE, select(POSITIVE, A, B), C), select(POSITIVE, A, C)),
                Arguments.of(new Selection(), select(POSITIVE, A, select(POSITIVE, B, C)), select(POSITIVE, A, C)),
                Arguments.of(new Selection(), not(not(POSITIVE)), POSITIVE),
                Arguments.of(new Selection(), binary(BinaryOperator.AND, POSITIVE, Expressions.truth(false)),
                        Expressions.truth(false)),
                Arguments.of(new Selection(), binary(BinaryOperator.AND, Expressions.always(), POSITIVE), POSITIVE),
                Arguments.of(new Selection(), binary(BinaryOperator.OR, POSITIVE, Expressions.always()), Expressions.always()),
                Arguments.of(new Selection(), binary(BinaryOperator.OR, Expressions.truth(false), POSITIVE), POSITIVE),
                Arguments.of(new OneRemainder(), pooled(BOX, Expressions.and(even(BOX, 0), even(BOX, 1))), ofOne()),
                Arguments.of(new OneRemainder(),
                        pooled(BOX, Expressions.and(even(BOX, 0), Expressions.and(POSITIVE, even(BOX, 1)))),
                        select(POSITIVE, ofOne(), ZERO)),
                Arguments.of(new SquareAsProduct(), power(A, TWO), multiply(A, A)),
                Arguments.of(new Logistic(), divide(ONE, add(ONE, exp(A))), unary(UnaryOperator.SIGMOID, negate(A))),
                Arguments.of(new Logistic(), divide(B, add(exp(A), ONE)),
                        multiply(B, unary(UnaryOperator.SIGMOID, negate(A)))),
                Arguments.of(new CommonFactor(), add(A, A), multiply(TWO, A)),
                Arguments.of(new CommonFactor(), add(multiply(A, C), multiply(B, C)), multiply(add(A, B), C)),
                Arguments.of(new CommonFactor(), subtract(multiply(C, A), multiply(B, C)), multiply(subtract(A, B), C)),
                Arguments.of(new CommonFactor(), add(A, multiply(A, B)), multiply(add(ONE, B), A)),
                Arguments.of(new CommonFactor(), add(multiply(TWO, A), multiply(TWO, B)), multiply(add(A, B), TWO)),
                Arguments.of(new ScalarFactors(), multiply(X, A), multiply(A, X)),
                Arguments.of(new ScalarFactors(), multiply(X, multiply(A, Y)), multiply(A, multiply(X, Y))),
                Arguments.of(new ScalarFactors(), multiply(multiply(A, X), Y), multiply(A, multiply(X, Y))),
                Arguments.of(new ScalarFactors(), multiply(A, multiply(B, X)), multiply(multiply(A, B), X)),
                Arguments.of(new ScalarFactors(), multiply(A, TWO), multiply(TWO, A)),
                Arguments.of(new ScalarFactors(), multiply(TWO, multiply(constant(3), A)),
                        multiply(multiply(TWO, constant(3)), A)),
                Arguments.of(new ScalarFactors(), multiply(multiply(TWO, A), B), multiply(TWO, multiply(A, B))),
                Arguments.of(new ScalarFactors(), multiply(multiply(add(A, B), X), multiply(SCALAR, Y)),
                        multiply(add(A, B), multiply(X, multiply(SCALAR, Y)))));
    }

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @MethodSource("applications")
    void applies(Rule rule, Expression node, Expression expected) {
        Optional<Expression> result = rule.apply(node);
        assertTrue(result.isPresent());
        assertSame(expected, result.get());
    }

    @ParameterizedTest(name = "{0}: {1} keeps its value")
    @MethodSource("applications")
    void valuesStay(Rule rule, Expression node, Expression expected) {
        SplittableRandom random = new SplittableRandom(3);
        for (int trial = 0; trial < 20; trial++) {
            Map<String, Double> values = Map.of("a", random.nextDouble(-2, 2), "b", random.nextDouble(-2, 2), "c",
                    random.nextDouble(-2, 2));
            assertEquals(value(node, values), value(expected, values), 1e-14);
        }
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(new ConstantFolding(), add(A, constant(3))),
                Arguments.of(new ConstantFolding(), Expressions.always()),
                Arguments.of(new ConstantFolding(), Expressions.truth(false)),
                Arguments.of(new NeutralOperand(), subtract(A, ONE)),
                Arguments.of(new NeutralOperand(), divide(ONE, A)),
                Arguments.of(new NeutralOperand(), power(ONE, A)),
                Arguments.of(new ZeroFactor(), divide(A, ZERO)),
                Arguments.of(new ZeroFactor(), add(A, ZERO)),
                Arguments.of(new Negation(), power(A, negate(B))),
                Arguments.of(new Negation(), subtract(negate(A), B)),
                Arguments.of(new Negation(), binary(BinaryOperator.MAXIMUM, A, negate(B))),
                Arguments.of(new ZeroBranch(), multiply(select(POSITIVE, A, ONE), B)),
                Arguments.of(new ZeroBranch(), divide(B, select(POSITIVE, A, ZERO))),
                Arguments.of(new ZeroBranch(), add(select(POSITIVE, A, ZERO), B)),
                Arguments.of(new Selection(), select(POSITIVE, A, B)),
                Arguments.of(new OneRemainder(), pooled(BOX, even(BOX, 0))),
                Arguments.of(new OneRemainder(), pooled(BOX, Expressions.always())),
                Arguments.of(new OneRemainder(), pooled(CROSS, Expressions.and(even(CROSS, 0), even(CROSS, 1)))),
                Arguments.of(new OneRemainder(), pooled(BOX, Expressions.and(isZero(difference(BOX, 0).floorModulo(3)),
                        even(BOX, 1)))),
                Arguments.of(new SquareAsProduct(), power(A, constant(3))),
                Arguments.of(new Logistic(), divide(ONE, add(TWO, exp(A)))),
                Arguments.of(new Logistic(), divide(ONE, subtract(ONE, exp(A)))),
                Arguments.of(new CommonFactor(), add(multiply(TWO, A), TWO)),
                Arguments.of(new ScalarFactors(), multiply(B, A)),
                Arguments.of(new ScalarFactors(), multiply(A, X)),
                Arguments.of(new ScalarFactors(), multiply(X, Y)),
                Arguments.of(new ScalarFactors(), divide(X, A)),
                Arguments.of(new CommonFactor(), add(A, B)));
    }

    @ParameterizedTest(name = "{0} leaves {1}")
    @MethodSource("refusals")
    void leaves(Rule rule, Expression node) {
        assertEquals(Optional.empty(), rule.apply(node));
    }

    @Test
    void everyRuleIsTested() {
        List<String> tested = applications().map(each -> ((Rule) each.get()[0]).name()).distinct().sorted().toList();
        assertEquals(Simplifier.rules().stream().map(Rule::name).sorted().toList(), tested);
    }

    @Test
    void randomExpressionsKeepTheirValuesAndComeToRest() {
        SplittableRandom random = new SplittableRandom(11);
        for (int trial = 0; trial < 2000; trial++) {
            Expression node = random(random, 5);
            Expression simplified = Simplifier.simplify(node);
            assertSame(simplified, Simplifier.simplify(simplified));
            Map<String, Double> values = Map.of("a", random.nextDouble(-2, 2), "b", random.nextDouble(-2, 2), "c",
                    random.nextDouble(-2, 2));
            double expected = value(node, values);
            assertEquals(expected, value(simplified, values), 1e-9 * Math.max(1, Math.abs(expected)),
                    () -> node + " became " + simplified);
        }
    }

    private static Expression random(SplittableRandom random, int depth) {
        if (depth == 0 || random.nextInt(8) == 0) {
            return List.of(A, B, C, ZERO, ONE, constant(-1), TWO, constant(0.5)).get(random.nextInt(8));
        }
        return switch (random.nextInt(9)) {
            case 0, 1 -> add(random(random, depth - 1), random(random, depth - 1));
            case 2 -> subtract(random(random, depth - 1), random(random, depth - 1));
            case 3, 4 -> multiply(random(random, depth - 1), random(random, depth - 1));
            case 5 -> divide(random(random, depth - 1), add(constant(3), unary(UnaryOperator.ABS,
                    random(random, depth - 1))));
            case 6 -> unary(List.of(UnaryOperator.NEGATE, UnaryOperator.ABS, UnaryOperator.TANH, UnaryOperator.RELU)
                    .get(random.nextInt(4)), random(random, depth - 1));
            case 7 -> select(binary(BinaryOperator.LESS, random(random, depth - 1), random(random, depth - 1)),
                    random(random, depth - 1), random(random, depth - 1));
            default -> power(random(random, depth - 1), constant(random.nextInt(4)));
        };
    }

    private static double value(Expression node, Map<String, Double> values) {
        return switch (node) {
            case Constant constant -> constant.value();
            case Argument argument -> values.get(argument.name());
            case Coordinate coordinate -> number(coordinate.form());
            case Read read when read.tensor() == COARSE -> 1 + number(read.subscripts().getFirst().get(0))
                    + 10 * number(read.subscripts().getFirst().get(1));
            case Read read -> read == SCALAR ? -0.75 : 1.5;
            case Reduce sum -> {
                Index index = sum.indices().getFirst();
                VectorDomain set = (VectorDomain) index.domain();
                double total = 0;
                for (int ordinal = 0; ordinal < set.size(); ordinal++) {
                    Map<Index, List<IndexForm>> member = Map.of(index, Arrays.stream(set.member(ordinal))
                            .mapToObj(IndexForm::constant).toList());
                    boolean exists = value(Expressions.substitute(sum.guard(), member), values) != 0;
                    total += exists ? value(Expressions.substitute(sum.body(), member), values) : 0;
                }
                yield total;
            }
            case Unary unary -> ScalarOperations.apply(unary.operator(), value(unary.operand(), values));
            case Binary binary -> ScalarOperations.apply(binary.operator(), value(binary.left(), values),
                    value(binary.right(), values));
            case Select select -> value(select.condition(), values) != 0 ? value(select.then(), values)
                    : value(select.otherwise(), values);
            case Expression other -> throw new IllegalArgumentException(other.toString());
        };
    }

    private static int number(IndexForm form) {
        return form.evaluate(component -> component.index() == PIXEL ? 5 - component.component() : 2);
    }
}
