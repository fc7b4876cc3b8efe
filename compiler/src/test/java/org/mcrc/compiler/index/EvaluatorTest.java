package org.mcrc.compiler.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
    private static final Grid GRID = new Grid(List.of(2, 3));
    private static final Tensor M = new Tensor("M", Tensor.Kind.FIELD, List.of(GRID));
    private static final double[] FIELD = {1, 2, 3, 4, 5, 6};

    private static Expression number(double value) {
        return Expressions.constant(value);
    }

    private static Definition define(String name, List<Index> axes, Expression body) {
        return new Definition(Tensor.defined(name, axes), axes, body, "");
    }

    /** A program on M whose last definition is the loss. */
    private static IndexProgram program(List<Definition> definitions, Map<String, Double> arguments) {
        List<Definition> all = new ArrayList<>(definitions);
        all.add(define("L", List.of(), number(0)));
        Tensor loss = all.getLast().tensor();
        return new IndexProgram("test", "", 2, List.of(new IndexProgram.Field(M, 0, 1, false, "")), List.of(), List.of(),
                arguments, all, List.of(), List.of(), List.of(), loss, loss, Map.of());
    }

    private static double[] evaluate(Definition... definitions) {
        IndexProgram program = program(List.of(definitions), Map.of("alpha", 10.0));
        IndexVerifier.verify(program, "test");
        String wanted = definitions[definitions.length - 1].name();
        return new Evaluator(program).evaluate(Map.of("M", FIELD), Map.of(), Set.of(wanted)).get(wanted);
    }

    private static double evaluate(Expression scalar) {
        return evaluate(define("value", List.of(), scalar))[0];
    }

    private static Expression pixel(Index x, int down, int right) {
        return Expressions.read(M, List.of(List.of(IndexForm.of(x, 0).plus(down), IndexForm.of(x, 1).plus(right))));
    }

    private static VectorDomain set(int[]... members) {
        return new VectorDomain("R", members[0].length, List.of(members));
    }

    @Test
    void shiftedReadsWrapAroundTheGrid() {
        Index x = new Index("x", GRID);
        assertArrayEquals(new double[] {6, 4, 5, 3, 1, 2}, evaluate(define("S", List.of(x), pixel(x, 1, -1))));
        assertArrayEquals(new double[] {6, 4, 5, 3, 1, 2}, evaluate(define("S", List.of(x), pixel(x, -5, 8))));
    }

    @Test
    void twoPointCorrelationIsTheMeanOfProducts() {
        Index x = new Index("x", GRID);
        Index r = new Index("r", set(new int[] {1, 0}, new int[] {0, 1}, new int[] {0, 0}));
        Expression shifted = Expressions.read(M, List.of(List.of(
                IndexForm.of(x, 0).plus(IndexForm.of(r, 0)), IndexForm.of(x, 1).plus(IndexForm.of(r, 1)))));
        Expression mean = Expressions.divide(Expressions.sum(List.of(x), Expressions.always(),
                Expressions.multiply(Expressions.readAt(M, List.of(x)), shifted)), number(6));
        // In lexicographic order (0,0), (0,1), (1,0): 91/6, (2+6+3+20+30+24)/6, 2(4+10+18)/6.
        assertArrayEquals(new double[] {91 / 6.0, 85 / 6.0, 64 / 6.0}, evaluate(define("S", List.of(r), mean)), 1e-14);
    }

    @Test
    void finiteAxesAreReadAtTheValueOfTheirIndex() {
        Index r = new Index("r", set(new int[] {0, 1}, new int[] {0, -1}, new int[] {2, 0}));
        Index n = new Index("n", new IntegerDomain(3, 5));
        Definition table = define("T", List.of(r, n), Expressions.coordinate(
                IndexForm.of(r, 0).times(100).plus(IndexForm.of(r, 1).times(10)).plus(IndexForm.of(n, 0))));
        Expression read = Expressions.read(table.tensor(), List.of(
                List.of(IndexForm.constant(2), IndexForm.constant(0)), List.of(IndexForm.of(n, 0).times(-1).plus(8))));
        assertArrayEquals(new double[] {205, 204, 203}, evaluate(table, define("U", List.of(n), read)));
        // Its own members are the positions (0,-1), (0,1), (2,0).
        assertArrayEquals(new double[] {-7, -6, -5, 13, 14, 15, 203, 204, 205}, evaluate(table));
    }

    @Test
    void aReadOutsideOfASetIsADefectUnlessItIsNotReached() {
        Index n = new Index("n", new IntegerDomain(0, 3));
        Definition squares = define("Q", List.of(n),
                Expressions.coordinate(IndexForm.of(n, 0).times(IndexForm.of(n, 0))));
        Index k = new Index("k", new IntegerDomain(0, 3));
        Expression next = Expressions.read(squares.tensor(), List.of(List.of(IndexForm.of(k, 0).plus(1))));
        Expression inside = Expressions.binary(BinaryOperator.LESS,
                Expressions.coordinate(IndexForm.of(k, 0)), number(3));
        assertThrows(IllegalStateException.class, () -> evaluate(squares, define("D", List.of(k), next)));
        assertArrayEquals(new double[] {1, 4, 9, -1},
                evaluate(squares, define("D", List.of(k), Expressions.select(inside, next, number(-1)))));
        assertArrayEquals(new double[] {14},
                evaluate(squares, define("D", List.of(), Expressions.sum(List.of(k), inside, next))));
    }

    @Test
    void membershipAndOrdinalsFollowTheSetsOrder() {
        VectorDomain odd = set(new int[] {3}, new int[] {1}, new int[] {-1});
        Index n = new Index("n", new IntegerDomain(-1, 3));
        List<IndexForm> value = IndexForm.of(n);
        assertArrayEquals(new double[] {1, 0, 1, 0, 1}, evaluate(define("A", List.of(n),
                Expressions.select(Expressions.member(value, odd), number(1), number(0)))));
        assertArrayEquals(new double[] {0, -1, 1, -1, 2}, evaluate(define("B", List.of(n),
                Expressions.coordinate(IndexForm.ordinal(value, odd)))));
    }

    @Test
    void quotientsRoundDown() {
        Index n = new Index("n", new IntegerDomain(-3, 3));
        assertArrayEquals(new double[] {-2, -1, -1, 0, 0, 1, 1}, evaluate(define("A", List.of(n),
                Expressions.coordinate(IndexForm.of(n, 0).floorDivide(2)))));
        assertArrayEquals(new double[] {1, 0, 1, 0, 1, 0, 1}, evaluate(define("A", List.of(n),
                Expressions.coordinate(IndexForm.of(n, 0).floorModulo(2)))));
    }

    @Test
    void reductionsOverNothingGiveTheirIdentity() {
        Index k = new Index("k", new IntegerDomain(0, 3));
        Index empty = new Index("k", new IntegerDomain(1, 0));
        for (ReductionOperator operator : ReductionOperator.values()) {
            assertEquals(operator.identity(),
                    evaluate(Expressions.reduce(operator, List.of(k), Expressions.truth(false), number(2))));
            assertEquals(operator.identity(),
                    evaluate(Expressions.reduce(operator, List.of(empty), Expressions.always(), number(2))));
        }
    }

    @Test
    void extremaPointToTheFirstThatAttainsThem() {
        Index n = new Index("n", new IntegerDomain(10, 15));
        // 4, 1, 0, 1, 4, 9 shifted: |n - 12| has its minimum at position 2 and equal values at 1 and 3.
        Expression distance = Expressions.unary(UnaryOperator.ABS,
                Expressions.coordinate(IndexForm.of(n, 0).plus(-12)));
        Expression clipped = Expressions.binary(BinaryOperator.MAXIMUM, distance, number(1));
        Expression atLeastEleven = Expressions.binary(BinaryOperator.LESS_OR_EQUAL, number(12),
                Expressions.coordinate(IndexForm.of(n, 0)));
        List<Index> over = List.of(n);
        assertEquals(1, evaluate(Expressions.reduce(ReductionOperator.MINIMUM, over, Expressions.always(), clipped)));
        assertEquals(1, evaluate(Expressions.reduce(ReductionOperator.ARGMIN, over, Expressions.always(), clipped)));
        assertEquals(2, evaluate(Expressions.reduce(ReductionOperator.ARGMIN, over, atLeastEleven, clipped)));
        assertEquals(3, evaluate(Expressions.reduce(ReductionOperator.MAXIMUM, over, Expressions.always(), distance)));
        assertEquals(5, evaluate(Expressions.reduce(ReductionOperator.ARGMAX, over, Expressions.always(), distance)));
    }

    @Test
    void positionsOfExtremaCountPixelsInCOrderAndTheLastIndexFastest() {
        Index x = new Index("x", GRID);
        Index k = new Index("k", new IntegerDomain(0, 1));
        Expression value = Expressions.subtract(pixel(x, 0, 0), Expressions.coordinate(IndexForm.of(k, 0).times(10)));
        assertEquals(5 * 2, evaluate(Expressions.reduce(ReductionOperator.ARGMAX, List.of(x, k), Expressions.always(),
                value)));
        assertEquals(1, evaluate(Expressions.reduce(ReductionOperator.ARGMIN, List.of(x, k), Expressions.always(),
                value)));
        assertEquals(6, evaluate(Expressions.reduce(ReductionOperator.ARGMIN, List.of(k, x), Expressions.always(),
                value)));
    }

    @Test
    void notANumberIsNotLostInAnExtremum() {
        Index n = new Index("n", new IntegerDomain(-1, 1));
        Expression root = Expressions.unary(UnaryOperator.SQRT, Expressions.coordinate(IndexForm.of(n, 0)));
        assertTrue(Double.isNaN(evaluate(
                Expressions.reduce(ReductionOperator.MAXIMUM, List.of(n), Expressions.always(), root))));
    }

    @Test
    void sumsAreCompensated() {
        Index n = new Index("n", new IntegerDomain(0, 1000000));
        Expression first = Expressions.binary(BinaryOperator.EQUAL,
                Expressions.coordinate(IndexForm.of(n, 0)), number(0));
        Expression terms = Expressions.select(first, number(1e16), number(1));
        assertEquals(1e16 + 1e6, evaluate(Expressions.sum(List.of(n), Expressions.always(), terms)));
    }

    @Test
    void sharedNodesAreRightInEveryLoopTheyStandIn() {
        Index i = new Index("i", new IntegerDomain(1, 3));
        Index j = new Index("j", new IntegerDomain(1, 4));
        Expression ii = Expressions.multiply(Expressions.coordinate(IndexForm.of(i, 0)),
                Expressions.coordinate(IndexForm.of(i, 0)));
        Expression jj = Expressions.multiply(Expressions.coordinate(IndexForm.of(j, 0)),
                Expressions.coordinate(IndexForm.of(j, 0)));
        Expression inner = Expressions.sum(List.of(j), Expressions.always(), Expressions.multiply(ii, jj));
        Expression body = Expressions.add(Expressions.multiply(inner, ii), Expressions.add(inner, ii));
        // sum j^2 = 30, so i^2 (30 i^2 + 31).
        assertArrayEquals(new double[] {61, 604, 2709}, evaluate(define("A", List.of(i), body)));
        Expression both = Expressions.sum(List.of(i), Expressions.always(), Expressions.add(inner,
                Expressions.sum(List.of(j), Expressions.always(), Expressions.add(jj, ii))));
        // 30 * 14 + 3 * 30 + 4 * 14
        assertEquals(566, evaluate(both));
    }

    @Test
    void everyScalarFunctionHasItsMeaning() {
        double[][] expected = {{-1.25, 1.25, Double.NaN, Math.exp(-1.25), Double.NaN, Math.sin(-1.25), Math.cos(-1.25),
            Math.tan(-1.25), Double.NaN, Double.NaN, Math.atan(-1.25), Math.sinh(-1.25), Math.cosh(-1.25),
            Math.tanh(-1.25), 1 / (1 + Math.exp(1.25)), 0, -1, 0, -2},
            {0.5, 0.5, Math.sqrt(0.5), Math.exp(0.5), -Math.log(2), Math.sin(0.5), Math.cos(0.5), Math.tan(0.5),
                Math.PI / 6, Math.PI / 3, Math.atan(0.5), Math.sinh(0.5), Math.cosh(0.5), Math.tanh(0.5),
                1 / (1 + Math.exp(-0.5)), 0.5, 1, 1, 0},
            {0, 0, 0, 1, Double.NEGATIVE_INFINITY, 0, 1, 0, 0, Math.PI / 2, 0, 0, 1, 0, 0.5, 0, 0, 0, 0}};
        for (double[] row : expected) {
            assertEquals(-row[0], evaluate(Expressions.negate(number(row[0]))));
            for (UnaryOperator operator : UnaryOperator.values()) {
                if (operator.ordinal() >= 1 && operator.ordinal() < row.length) {
                    assertEquals(row[operator.ordinal()], evaluate(Expressions.unary(operator, number(row[0]))), 1e-15,
                            operator + " of " + row[0]);
                }
            }
        }
        assertEquals(Math.log(24), evaluate(Expressions.unary(UnaryOperator.LGAMMA, number(5))), 1e-14);
        assertEquals(-0.57721566490153286, evaluate(Expressions.unary(UnaryOperator.DIGAMMA, number(1))), 1e-15);
        assertEquals(Math.PI * Math.PI / 6,
                evaluate(Expressions.binary(BinaryOperator.POLYGAMMA, number(1), number(1))), 1e-14);
        assertEquals(-8, evaluate(Expressions.binary(BinaryOperator.POWER, number(-2), number(3))));
        assertEquals(0, evaluate(Expressions.unary(UnaryOperator.SIGMOID, number(-800))));
    }

    @Test
    void argumentsHaveTheirBoundValueAndDeclaredDerivativesDoNotMatter() {
        Expression alpha = Expressions.argument("alpha");
        assertEquals(20, evaluate(Expressions.withDerivative(Expressions.add(alpha, alpha), alpha, number(77))));
    }

    @Test
    void onlyWhatIsAskedForIsComputed() {
        Index k = new Index("k", new IntegerDomain(0, 0));
        Definition one = define("one", List.of(), number(1));
        Definition broken = define("broken", List.of(),
                Expressions.sum(List.of(k), Expressions.always(), Expressions.read(
                        define("T", List.of(k), number(1)).tensor(), List.of(List.of(IndexForm.constant(9))))));
        Definition table = define("T", List.of(k), number(1));
        Evaluator evaluator = new Evaluator(program(List.of(table, one, broken), Map.of()));
        assertEquals(Set.of("one"), evaluator.evaluate(Map.of(), Map.of(), Set.of("one")).keySet());
        assertThrows(IllegalStateException.class, () -> evaluator.evaluate(Map.of(), Map.of(), Set.of("broken")));
        assertThrows(IllegalArgumentException.class, () -> evaluator.evaluate(Map.of(), Map.of(), Set.of("two")));
    }

    @Test
    void tooMuchMemoryIsRefusedWithItsAmount() {
        Index x = new Index("x", new Grid(List.of(1 << 14, 1 << 14)));
        Index r = new Index("r", new IntegerDomain(1, 8));
        Evaluator evaluator = new Evaluator(program(List.of(define("e", List.of(x, r), number(1))), Map.of()));
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                () -> evaluator.evaluate(Map.of(), Map.of(), Set.of("e")));
        assertEquals("evaluating it element by element would take 16.0 GiB of memory, 16.0 GiB of them for e;"
                + " 2.0 GiB are available", refusal.getMessage());
    }

    @Test
    void fieldsOfAnotherSizeAreRefused() {
        Evaluator evaluator = new Evaluator(program(
                List.of(define("e", List.of(), Expressions.read(M, List.of(List.of(IndexForm.constant(0),
                        IndexForm.constant(0)))))), Map.of()));
        assertThrows(IllegalArgumentException.class,
                () -> evaluator.evaluate(Map.of("M", new double[5]), Map.of(), Set.of("e")));
        assertThrows(IllegalArgumentException.class, () -> evaluator.evaluate(Map.of(), Map.of(), Set.of("e")));
    }
}
