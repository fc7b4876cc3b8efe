package org.mcrc.compiler.adjoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;

/** The adjoint by the dot-product test, by differences, and at the points where derivatives are a matter of convention. */
class AdjointTest {
    private static final List<Integer> SMALL = List.of(4, 6);

    private static Arguments program(String name, List<Integer> extents, String... declarations) {
        return Arguments.of(name, "descriptor test\n" + String.join("\n", declarations) + "\n", extents);
    }

    static Stream<Arguments> linear() {
        return Stream.of(
                program("a mean", SMALL, "field M", "output S = mean[x](M[x])"),
                program("the field itself", SMALL, "field M", "output S[x] = M[x]"),
                program("a shift", SMALL, "field M", "output S[x] = M[x + (1, -2)] - 2 * M[x - (0, 3)]"),
                program("shifts along vectors", SMALL, "field M", "output S[x, r: window(1)] = M[x + r] * norm(r)"),
                program("two vectors", SMALL, "field M", "vectors R = axes(2)",
                        "output S[x, r: R, s: R] = M[x + r - s]"),
                program("pooling", SMALL, "field M", "let H[x] = mean[d: box(2)](M[2*x + d])", "output S[x] = H[x + (1, 0)]"),
                program("pooling with a longer window than the cell", SMALL, "field M",
                        "output S[x] = sum[d: window(2)](M[2*x + d] * d.1)"),
                program("multiples of an index", SMALL, "field M", "output S[x, k: 0..3] = M[x + k*(1, 1)]"),
                program("multiples of a vector by an index", SMALL, "field M",
                        "output S[k: -1..2] = sum[x, r: axes(2)](M[x + k*r] * r.1)"),
                program("an own index", SMALL, "field q[c: 0..2]", "output S[x, k: 1..2] = q[x, k] - q[x + (1, 0), k - 1]"),
                program("a range that depends on an index", SMALL, "field q[c: 0..2]",
                        "output S[n: 0..2] = sum[x, k: 0..n](q[x, k])"),
                program("a guard", SMALL, "field M", "output S[r: window(1) | r != 0] = sum[x | r.1 >= 0](M[x + r])"),
                program("a difference of vectors", SMALL, "field M", "vectors R = box(2)",
                        "vectors D = {a - b for a in R, b in R}", "let m[d: D] = sum[x](M[x] * d.1 + M[x + d])",
                        "output S[a: R, b: R] = m[a - b] + m[0]"),
                program("two pixels", List.of(3, 2), "field M", "output S[x] = sum[y](M[x] + 2 * M[y])"),
                program("open boundary", SMALL, "field M boundary open", "output S[r: window(2)] = mean[x](M[x + r])"),
                program("volume", List.of(3, 2, 4), "field M", "output S[x, r: axes(1)] = M[x - r]"),
                program("slices", List.of(3, 3, 3), "field M", "slices all", "output S[r: axes(1)] = sum[x](M[x + r])"),
                program("levels", List.of(4, 8), "field M", "multigrid coarsest 2 weight level",
                        "output S[x] = M[x] + M[x + (1, 0)]"),
                program("two fields", SMALL, "field M", "field q[p: phases]",
                        "output S[x] = M[x] - sum[p: phases](q[x + (1, 1), p] * p)"));
    }

    /** With the sum of squares as the loss the gradient at u is A'w, where w = 2 (A u - target): v·A'w is w·A v. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("linear")
    void theAdjointOfALinearMapPassesTheDotProductTest(String name, String text, List<Integer> extents) {
        BoundDescriptor bound = BoundDescriptor.of(text + "loss sse\n", extents);
        IndexProgram program = Pipeline.differentiate(bound.program());
        Evaluator evaluator = new Evaluator(program);
        Map<String, double[]> u = bound.fields(1);
        Map<String, double[]> v = bound.fields(2);
        Map<String, double[]> targets = new HashMap<>(bound.targets(0));
        SplittableRandom random = new SplittableRandom(3);
        targets.values().forEach(target -> Arrays.setAll(target, k -> random.nextDouble()));
        Map<String, double[]> at = evaluator.evaluate(u, targets);
        double left = 0;
        for (IndexProgram.Field field : program.fields()) {
            left += dot(v.get(field.name()), at.get(program.gradients().get(field.name()).name()));
        }
        // The loss is quadratic in the field: a difference over any distance is exact.
        String loss = program.loss().name();
        double forward = evaluator.evaluate(sum(u, v, 1), targets).get(loss)[0];
        double backward = evaluator.evaluate(sum(u, v, -1), targets).get(loss)[0];
        assertEquals((forward - backward) / 2, left, 1e-13 * (forward + backward));
        assertTrue(Math.abs(left) > 0);
    }

    private static Map<String, double[]> sum(Map<String, double[]> u, Map<String, double[]> v, double step) {
        Map<String, double[]> result = new HashMap<>();
        u.forEach((name, values) -> {
            double[] sum = values.clone();
            Arrays.setAll(sum, k -> values[k] + step * v.get(name)[k]);
            result.put(name, sum);
        });
        return result;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    static Stream<Arguments> nonlinear() {
        return Stream.of(
                program("products along lines", SMALL, "field M", "output L[n: 0..3] = mean[x](prod[k: 0..n](M[x + k*(1, 0)]))"),
                program("nested reductions", SMALL, "field M",
                        "output S = sum[x](max[r: window(1)](M[x + r] * sum[d: box(2)](M[x + d - r])) + M[x]^3)"),
                program("chained arrays", SMALL, "field M", "let a[x] = tanh(M[x] + M[x + (1, 0)])",
                        "let b[x, r: axes(1)] = a[x] * a[x + r] + a[x]^2", "output S[r: axes(1)] = mean[x](b[x, r] / (1 + a[x]^2))"),
                program("a mean that pixels read", SMALL, "field M", "let m = mean[x](M[x])",
                        "output S = mean[x]((M[x] - m)^2) / m"),
                program("an element without pixels that is read twice", SMALL, "field M",
                        "let m[k: 0..3] = mean[x](sin(k * M[x]))", "output S[k: 0..2] = m[k] * m[k + 1]"),
                program("correlations", SMALL, "field M", "let e[x, r: window(1)] = sigmoid(4 * (M[x] + M[x + r]) - 3)",
                        "output S[a: window(1), b: window(1)] = mean[x](e[x, a] * e[x, b])"),
                program("two pixels", List.of(3, 2), "field M", "output S = sum[x](exp(-sum[y]((M[x] - M[y])^2)))"),
                program("slices", List.of(3, 3, 3), "field M", "slices 1, 3", "output S[r: axes(1)] = mean[x](M[x]^2 * M[x + r])"),
                program("open boundary", SMALL, "field M boundary open", "let a[x] = M[x] * M[x + (1, 0)]",
                        "output S[r: axes(2)] = mean[x](a[x] * a[x + r])"),
                program("powers, roots and quotients", SMALL, "field M",
                        "output S = mean[x](sqrt(M[x] + 1) / M[x + (1, 0)] + M[x]^2.5 - log(M[x]) + atan2(M[x], M[x + (0, 1)]))"),
                program("a penalty weighted by the error", SMALL, "field M", "output S = mean[x](M[x]^2)",
                        "penalty p = mean[x]((M[x] - 0.5)^4) weight E^2"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nonlinear")
    void theGradientAgreesWithDifferencesForEveryLoss(String name, String text, List<Integer> extents) {
        for (String loss : List.of("l2", "sse", "mse", "rms", "l1")) {
            BoundDescriptor bound = BoundDescriptor.of(text + "loss " + loss + "\n", extents);
            IndexProgram program = Pipeline.differentiate(bound.program());
            Evaluator evaluator = new Evaluator(program);
            Map<String, double[]> fields = bound.fields(5);
            Map<String, double[]> direction = bound.fields(6);
            Map<String, double[]> targets = bound.targets(0.1);
            Map<String, double[]> at = evaluator.evaluate(fields, targets);
            double slope = 0;
            for (IndexProgram.Field field : program.fields()) {
                slope += dot(direction.get(field.name()), at.get(program.gradients().get(field.name()).name()));
            }
            double difference = richardson(step -> evaluator.evaluate(sum(fields, direction, step), targets,
                    Set.of(program.loss().name())).get(program.loss().name())[0]);
            assertEquals(difference, slope, 1e-8 * Math.max(1e-3, Math.abs(slope)), loss);
        }
    }

    /** The derivative at 0 by central differences, extrapolated twice. */
    private static double richardson(java.util.function.DoubleUnaryOperator function) {
        double h = 1e-3;
        double[] rows = new double[3];
        for (int k = 0; k < 3; k++, h /= 2) {
            rows[k] = (function.applyAsDouble(h) - function.applyAsDouble(-h)) / (2 * h);
        }
        double first = (4 * rows[1] - rows[0]) / 3;
        double second = (4 * rows[2] - rows[1]) / 3;
        return (16 * second - first) / 15;
    }

    // Conventions and edges, by hand. With loss sse and target 0 the gradient is 2 S dS.

    private static double[] gradient(String output, double... field) {
        return BoundDescriptor.of("descriptor test\nfield M\n" + output + "\nloss sse\n", List.of(1, field.length))
                .gradient("M", Map.of("M", field), 0);
    }

    @Test
    void aProductsDerivativeIsRightWhereFactorsAreZero() {
        String product = "output S = 1 + sum[x](prod[k: 0..2](M[x + k*(0, 1)]))";
        // Of the windows of three of (2, 0, 3, 5, 7), periodic, those with the one zero have the product of the others.
        double s = 1 + 3 * 5 * 7 + 5 * 7 * 2;
        double[] one = {2, 0, 3, 5, 7};
        double[] slopes = {5 * 7, 2 * 3 + 3 * 5 + 7 * 2, 5 * 7, 3 * 7 + 7 * 2, 3 * 5 + 5 * 2};
        assertArrayEquals(Arrays.stream(slopes).map(slope -> 2 * s * slope).toArray(), gradient(product, one), 1e-11);
        // With zeros at 1 and 2 only the window (5, 7, 2) is not 0; (0, 0, …) has derivative 0 everywhere.
        double[] two = {2, 0, 0, 5, 7};
        double t = 1 + 5 * 7 * 2;
        double[] slopesOfTwo = {5 * 7, 7 * 2, 5 * 7, 7 * 2, 5 * 2};
        assertArrayEquals(Arrays.stream(slopesOfTwo).map(slope -> 2 * t * slope).toArray(), gradient(product, two), 1e-11);
    }

    @Test
    void extremaPassTheDerivativeToTheFirstThatAttainsThem() {
        assertArrayEquals(new double[] {0, 6, 0, 0}, gradient("output S = max[x](M[x])", 1, 3, 3, 3));
        assertArrayEquals(new double[] {2, 0, 0, 0}, gradient("output S = min[x](M[x])", 1, 1, 1, 1));
        // Of two operands the first one at a tie: the pixel itself, and not its neighbour 2 M.
        assertArrayEquals(new double[] {0}, gradient("output S = sum[x](max(M[x], 2 * M[x]))", 0), 0);
        assertArrayEquals(new double[] {2}, gradient("output S = 1 + sum[x](max(M[x], 2 * M[x]))", 0), 0);
        assertArrayEquals(new double[] {4}, gradient("output S = 1 + sum[x](min(2 * M[x], M[x]))", 0), 0);
    }

    @Test
    void kinksHaveDerivativeZero() {
        assertArrayEquals(new double[] {0, 4, -4}, gradient("output S = sum[x](abs(M[x]))", 0, 1, -1), 1e-14);
        assertArrayEquals(new double[] {0, 2, 0}, gradient("output S = sum[x](relu(M[x]))", 0, 1, -1), 1e-14);
        assertArrayEquals(new double[] {0, 0}, gradient("output S = sum[x](M[x]^2)", 0, 0), 0);
    }

    @Test
    void whereReluIsZeroNothingFromOutsideMatters() {
        // sqrt(relu(z)) is 0 for all z below 0, though the root has an infinite derivative at 0.
        assertArrayEquals(new double[] {2 * 2 * 0.25, 0, 0}, gradient("output S = sum[x](sqrt(relu(M[x])))", 4, -1, 0), 1e-14);
    }

    @Test
    void theBranchThatIsNotTakenDoesNotMatter() {
        double[] gradient = gradient("output S = sum[x](if M[x] > 0 then sqrt(M[x]) else 3 * M[x])", 0, 4, -1);
        // S = 0 + 2 - 3; the root has an infinite derivative at 0, where the other branch is taken.
        assertArrayEquals(new double[] {-2 * 3, -2 * 0.25, -2 * 3}, gradient, 1e-14);
        double[] other = gradient("output S = sum[x](if M[x] <= 0 then M[x] else log(M[x]) / M[x])", 0, 1, -1);
        assertArrayEquals(new double[] {-2, -2, -2}, other, 1e-14);
    }

    @Test
    void whereNothingUsesAValueItsDerivativeDoesNotMatter() {
        // M0 = 0: log(M0) is infinite, and so is the derivative with respect to M1. S = 1 + M2 log(M1) + M0 log(M2).
        assertArrayEquals(new double[] {2 * Math.log(2), 2 * 2, 0}, gradient("""
                let a[x] = M[x + (0, 1)] * log(M[x])
                output S = 1 + sum[x](if M[x] > 0 then a[x] else 0)
                """, 0, 1, 2), 1e-14);
        // M1 = 1: exp(1000 M1) overflows. S = M1 exp(1000 M0).
        assertArrayEquals(new double[] {2 * 1000, 2}, gradient("""
                let e[x] = exp(1000 * M[x]) * M[x + (0, 1)]
                output S = sum[x](if M[x] < 0.2 then e[x] else 0)
                """, 0, 1), 1e-11);
        // 0 to the power of -1/2 is infinite. S = M0 M1^(-1/2) = 0.
        assertArrayEquals(new double[] {2 * 0.5, 0}, gradient("""
                let e[x] = M[x]^(-0.5) * M[x + (0, 1)]
                output S = 1 + sum[x | M[x] > 0](e[x])
                """, 0, 4), 1e-14);
        // Of the products of two logarithms only that of M1 and M2 is used.
        double s = Math.log(2) * Math.log(4);
        assertArrayEquals(new double[] {0, 2 * s * Math.log(4) / 2, 2 * s * Math.log(2) / 4}, gradient("""
                let p[x] = prod[k: 0..1](log(M[x + k*(0, 1)]))
                output S = sum[x](if M[x] > 0 and M[x + (0, 1)] > 0 then p[x] else 0)
                """, 0, 2, 4), 1e-13);
        // The same where products run, of two numbers at most: S = log(M1).
        assertArrayEquals(new double[] {0, 2 * Math.log(2) / 2}, gradient("""
                let p[x, n: 0..1] = prod[k: 0..n](log(M[x + k*(0, 1)]))
                output S = sum[x, n: 0..1 | M[x] > 0 and n == 0](p[x, n])
                """, 0, 2), 1e-14);
        // M / 0 is infinite, for k = 0 and for q = 0. S = (1 + 1/2) (M0 + M1).
        assertArrayEquals(new double[] {2 * 1.5 * 4.5, 2 * 1.5 * 4.5}, gradient("""
                let a[x, k: 0..2] = M[x] / k
                output S = sum[x, k: 0..2 | k > 0](a[x, k])
                """, 1, 2), 1e-14);
        assertArrayEquals(new double[] {2 * 3, 2 * 3}, gradient("""
                param q = 0
                let a[x] = M[x] / q
                output S = sum[x](if q > 0 then a[x] else M[x])
                """, 1, 2), 1e-14);
    }

    @Test
    void aDeclaredDerivativeTakesThePlaceOfTheTrueOne() {
        assertArrayEquals(new double[] {0, 2 * 3 * 4.0}, gradient(
                "function hard(z) = step(z - 0.5) derivative 3 * z^2\noutput S = sum[x](hard(M[x]))", 0, 2), 1e-14);
    }

    @Test
    void lossesWithARootHaveDerivativeZeroWhereTheyAreZero() {
        for (String loss : List.of("l2", "rms", "l1", "sse", "mse")) {
            double[] gradient = BoundDescriptor.of("descriptor test\nfield M\noutput S[x] = M[x]\nloss " + loss + "\n",
                    List.of(1, 2)).gradient("M", Map.of("M", new double[] {0.5, 0.5}), 0.5);
            assertArrayEquals(new double[] {0, 0}, gradient, 0, loss);
        }
    }

    @Test
    void whatAnOutputsGuardLeavesOutHasNoGradient() {
        BoundDescriptor bound = BoundDescriptor.of("""
                descriptor test
                field M
                output S[k: 0..2 | k != 1] = sum[x](M[x]^k)
                loss sse
                """, List.of(1, 2));
        // Of k = 0 and k = 2: 2 · 13 · 2 M.
        assertArrayEquals(new double[] {2 * 13 * 4, 2 * 13 * 6}, bound.gradient("M", Map.of("M", new double[] {2, 3}), 0),
                1e-12);
    }

    @Test
    void theGradientOfAFieldThatNothingSmoothReadsIsZero() {
        BoundDescriptor bound = BoundDescriptor.of("""
                descriptor test
                field M
                field q
                output S = mean[x](M[x] * step(q[x]))
                """, List.of(1, 2));
        assertArrayEquals(new double[2], bound.gradient("q", bound.fields(1), 0), 0);
    }
}
