package org.mcrc.runtime.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.runtime.cli.DescriptorLoader;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;

/**
 * Descriptors that few would write and the language allows, against the same formulas as loops in Java: the loss for a target
 * of zeros, the sum of the squares of all outputs, and its gradient, by central differences of the loops.
 */
class UnusualDescriptorsTest {
    private static final int SIZE = 4;
    private static final double STEP = 1e-6;

    private static final double[] FIELD = {0.1344, 0.8474, 0.7638, 0.2551, 0.4954, 0.4495, 0.6516, 0.7887, 0.0939, 0.0283,
        0.8358, 0.4328, 0.7623, 0.0021, 0.4454, 0.7215};

    /** With zeros, where roots and logarithms have no finite derivative. */
    private static final double[] WITH_ZEROS = {0, 0.5, 0.25, 0, 0.81, 0.04, 0.36, 0.49, 0, 1, 0.09, 0.16, 0.64, 0, 0.7, 0.3};

    @TempDir
    Path folder;

    /** The pixel at row and column, periodic. */
    private static double at(double[] field, int row, int column) {
        return field[Math.floorMod(row, SIZE) * SIZE + Math.floorMod(column, SIZE)];
    }

    private interface OfPixel {
        double value(int row, int column);
    }

    private static double mean(OfPixel term) {
        return mean(SIZE, term);
    }

    /** Over the first of the rows. */
    private static double mean(int rows, OfPixel term) {
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < SIZE; column++) {
                sum += term.value(row, column);
            }
        }
        return sum / (rows * SIZE);
    }

    private static double product(int factors, java.util.function.IntToDoubleFunction factor) {
        double product = 1;
        for (int k = 0; k < factors; k++) {
            product *= factor.applyAsDouble(k);
        }
        return product;
    }

    private static double square(double number) {
        return number * number;
    }

    private static double sum(int terms, java.util.function.IntToDoubleFunction term) {
        double sum = 0;
        for (int k = 0; k < terms; k++) {
            sum += term.applyAsDouble(k);
        }
        return sum;
    }

    static Stream<Arguments> descriptors() {
        return Stream.of(
                of("running products inside of a sum over directions", FIELD, """
                        output T[n: 0..7] = mean[x](sum[d: {(0, 1), (1, 0)}](prod[k: 0..n](M[x + k*d]))) * (n + 1)
                        """, m -> sum(8, n -> square((n + 1) * mean((i, j) ->
                        product(n + 1, k -> at(m, i, j + k)) + product(n + 1, k -> at(m, i + k, j)))))),
                of("a subscript with two components of one index", FIELD, """
                        let L[i: 0..2, j: 0..1] = mean[x](M[x] * M[x + i*(1, 0) + j*(0, 1)])
                        output T = sum[r: box(2)](L[r.1 + r.2, r.2]^2 * (1 + r.1))
                        """, m -> square(sum(4, r -> (1 + r / 2) * square(
                        mean((i, j) -> at(m, i, j) * at(m, i + r / 2 + r % 2, j + r % 2)))))),
                of("an array without elements, behind a guard", FIELD, """
                        param n = 0
                        let L[k: 0..n-1] = mean[x](M[x] * M[x + k*(1, 0)])
                        output T = mean[x](M[x]) + sum[j: 0..3 | j < n](L[j]^2)
                            + mean[x](sum[j: 0..3 | j < n](L[j]^2 * M[x + j*(1, 0)]))
                        """, m -> square(mean((i, j) -> at(m, i, j)))),
                of("elements that do not exist, and would read outside", FIELD, """
                        let L[k: 0..3] = mean[x](M[x] * M[x + k*(0, 1)])
                        let A[n: 0..3, k: 0..n] = L[n - k]^2
                        output T[n: 0..3] = sum[k: 0..n](A[n, k])
                        """, m -> sum(4, n -> square(sum(n + 1, k -> square(mean((i, j) -> at(m, i, j) * at(m, i, j + k))))))),
                of("elements that do not exist, and would divide by zero", FIELD, """
                        let L[k: 0..3] = mean[x](M[x] * M[x + k*(0, 1)])
                        let A[n: 0..3, k: 0..n] = L[k] / (n - k + 1)
                        output T[n: 0..3] = sum[k: 0..n](A[n, k])
                        """, m -> sum(4, n -> square(sum(n + 1, k ->
                        mean((i, j) -> at(m, i, j) * at(m, i, j + k)) / (n - k + 1))))),
                of("the length of a vector whose components are the same", FIELD, """
                        param P = 3
                        vectors R = {r in window(2*P) | norm(r) <= norm((P, P))}
                        output T = mean[x](M[x]) * count(R)
                        """, m -> square(61 * mean((i, j) -> at(m, i, j)))),
                of("an open boundary, beyond which a sum without terms reads", FIELD, """
                        boundary open
                        param n = 0
                        output T = mean[x](M[x] + sum[k: 0..n-1](M[x + (k + 1)*(1, 0)]))
                        """, m -> square(mean((i, j) -> at(m, i, j)))),
                of("an open boundary, beyond which a sum reads that has terms for some elements only", FIELD, """
                        boundary open
                        output T[t: 0..2] = mean[x](M[x] + sum[k: 1..t](M[x + (1, 0)]))
                        """, m -> square(mean((i, j) -> at(m, i, j))) + sum(2, t ->
                        square(mean(SIZE - 1, (i, j) -> at(m, i, j) + (t + 1) * at(m, i + 1, j))))),
                of("an open boundary, beyond which a sum reads that is behind a guard on another index", FIELD, """
                        boundary open
                        output T[t: 0..1] = mean[x](M[x] + sum[k: 0..1 | t > 0](M[x + k*(1, 0)]))
                        """, m -> square(mean((i, j) -> at(m, i, j)))
                        + square(mean(SIZE - 1, (i, j) -> 2 * at(m, i, j) + at(m, i + 1, j)))),
                of("a root used twice in a branch that is not taken at 0", WITH_ZEROS, """
                        output T = mean[x](if M[x] > 0.1 then sqrt(M[x]) + 3 * sqrt(M[x])^3 else 0)
                        """, m -> square(mean((i, j) -> at(m, i, j) > 0.1
                        ? Math.sqrt(at(m, i, j)) + 3 * Math.pow(at(m, i, j), 1.5) : 0))),
                of("a logarithm of its own used in such a branch", WITH_ZEROS, """
                        let a[x] = log(M[x])
                        output T = mean[x](if M[x] > 0.1 then a[x] else 0)
                        """, m -> square(mean((i, j) -> at(m, i, j) > 0.1 ? Math.log(at(m, i, j)) : 0))),
                of("a root in a sum in such a branch", WITH_ZEROS, """
                        let L[k: 0..3] = mean[x](M[x]) * k
                        output T = mean[x](M[x] + (if M[x] > 2 then sum[k: 0..3](sqrt(L[k])) else 0))
                        """, m -> square(mean((i, j) -> at(m, i, j)))),
                of("factors that are in no product", FIELD, """
                        let A[k: 0..9] = mean[x](M[x]) * (9 - k)
                        output T[n: 1..8] = 0.001 * prod[k: 0..9 | k <= n](sqrt(A[k]))
                        """, m -> sum(8, n -> square(0.001 * product(n + 2, k ->
                        Math.sqrt(mean((i, j) -> at(m, i, j)) * (9 - k)))))),
                of("factors that are in no product, and would read outside", FIELD, """
                        let A[k: 0..8] = mean[x](M[x]) * (9 - k)
                        output T[n: 1..7] = 0.001 * prod[k: 0..8 | k <= n](A[k + 1])
                        """, m -> sum(7, n -> square(0.001 * product(n + 2, k -> mean((i, j) -> at(m, i, j)) * (8 - k))))),
                of("a function with a derivative of its own that reads an array", FIELD, """
                        param K = 2
                        let t = mean[x](M[x])
                        function h(z) = z * t derivative t
                        output S = h(K)
                        output S2 = h(2)
                        output S3 = h(t)
                        """, m -> 2 * square(2 * mean((i, j) -> at(m, i, j))) + square(square(mean((i, j) -> at(m, i, j))))),
                of("constants that depend on the number of vectors", FIELD, """
                        vectors R = halfwindow(2)
                        function f(z) = c * z solve c = 1 where f(1) = count(R) + sum[r: box(2)](1)
                        output S = mean[x](f(M[x]))
                        """, m -> square(17 * mean((i, j) -> at(m, i, j)))),
                of("integers that all come to 0", FIELD, """
                        output S[k: {j - j for j in 0..3}] = mean[x](M[x]) * (k + 2)
                        """, m -> square(2 * mean((i, j) -> at(m, i, j)))),
                of("a product of 512 factors, written with what they share", FIELD,
                        squares(9) + "output T = mean[x](p(1 - M[x] / 1000))\n",
                        m -> square(mean((i, j) -> Math.pow(1 - at(m, i, j) / 1000, 512)))),
                of("the root of an absolute value at 0", WITH_ZEROS, """
                        output T = mean[x](sqrt(abs(M[x])))
                        """, m -> square(mean((i, j) -> Math.sqrt(Math.abs(at(m, i, j)))))))
                .flatMap(each -> Stream.of(Backend.EVALUATOR, Backend.CPU).map(backend ->
                        Arguments.of(each.get()[0], backend, each.get()[1], each.get()[2], each.get()[3])));
    }

    /** The function p, a square of a square of ... */
    private static String squares(int number) {
        return "function s(z) = z * z function p(z) = " + "s(".repeat(number) + "z" + ")".repeat(number) + "\n";
    }

    private static Arguments of(String name, double[] field, String formulas, ToDoubleFunction<double[]> loss) {
        return Arguments.of(name, field, formulas, loss);
    }

    /** Written out, these products would never end: 2^28 factors, and sums of products of which 2^39 are different. */
    @Test
    @Timeout(120)
    void productsAreNotWrittenOut() throws IOException {
        StringBuilder functions = new StringBuilder("function f0(z) = z / 2 + z * z / 2\n");
        for (int k = 1; k < 40; k++) {
            functions.append("function f%1$d(z) = f%2$d(z) * f%2$d((z + 1) / 2)\n".formatted(k, k - 1));
        }
        for (String formulas : List.of(squares(28) + "output T = mean[x](p(M[x]))",
                functions + "output T = mean[x](f39(M[x]))")) {
            String text = "descriptor test field M in [0, 1]\n" + formulas + "\nloss sse";
            PrintWriter messages = new PrintWriter(new StringWriter());
            Path file = Files.writeString(folder.resolve("test.mcr"), text);
            try (Engine engine = Engines.create(DescriptorLoader.load(file, messages)
                    .bind(List.of(SIZE, SIZE), 2, Map.of(), messages).program(), Backend.CPU, Precision.DOUBLE, 1)) {
                engine.setTarget("T@1", new double[1]);
                double[] ones = new double[SIZE * SIZE];
                Arrays.fill(ones, 1);
                double[] gradient = new double[ones.length];
                assertEquals(1, engine.evaluate(Map.of("M", ones), Map.of("M", gradient)).loss(), 1e-12);
                // Each factor has the derivative 1, or 3/2 to the halves that it was moved.
                double derivative = formulas.contains("f39") ? 1.5 * Math.pow(1.5, 39) : Math.pow(2, 28);
                assertEquals(2 * derivative / ones.length, gradient[0], 1e-9 * derivative);
            }
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("descriptors")
    void lossAndGradientAreThoseOfTheLoops(String name, Backend backend, double[] field, String formulas,
            ToDoubleFunction<double[]> loss) throws IOException {
        String text = "descriptor test field M in [0, 1] " + formulas + "loss sse";
        PrintWriter messages = new PrintWriter(new StringWriter());
        try (Engine engine = Engines.create(DescriptorLoader.load(Files.writeString(folder.resolve("test.mcr"), text), messages)
                .bind(List.of(SIZE, SIZE), 2, Map.of(), messages).program(), backend, Precision.DOUBLE, 1)) {
            engine.characterize(Map.of("M", field));
            for (Signature.Entry output : engine.signature().outputs()) {
                engine.setTarget(output.name(), new double[engine.values(output.name()).length]);
            }
            Map<String, double[]> gradients = new LinkedHashMap<>(Map.of("M", new double[field.length]));
            double expected = loss.applyAsDouble(field);
            assertEquals(expected, engine.evaluate(Map.of("M", field), gradients).loss(), 1e-12 * expected);
            double[] moved = field.clone();
            for (int pixel = 0; pixel < field.length; pixel++) {
                moved[pixel] = field[pixel] + STEP;
                double above = loss.applyAsDouble(moved);
                moved[pixel] = field[pixel] - STEP;
                double below = loss.applyAsDouble(moved);
                moved[pixel] = field[pixel];
                assertEquals((above - below) / (2 * STEP), gradients.get("M")[pixel], 1e-7 * Math.max(1, expected),
                        "pixel " + pixel);
            }
        }
    }
}
