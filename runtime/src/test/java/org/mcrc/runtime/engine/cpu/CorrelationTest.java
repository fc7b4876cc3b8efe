package org.mcrc.runtime.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.kernel.Convolution;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.runtime.cli.DescriptorLoader;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.gradcheck.GradientCheck;

/** Generated kernels that transform: values and gradients against the evaluator in double precision. */
class CorrelationTest {
    private static final String PRODUCT = """
            descriptor product
            field M
            output S[r: halfwindow(8)] = mean[x](M[x] * M[x + r])
            """;
    private static final String LEVELS = """
            descriptor levels
            field M in [0, 1]
            multigrid coarsest 5 weight 2^(level - 1)
            output S[r: window(7)] = mean[x](M[x] * M[x + r])
            penalty bound = mean[x]((relu(M[x] - 1) + relu(-M[x]))^2) weight 10 * E
            """;
    private static final String EXPRESSIONS = """
            descriptor expressions
            param a = 0.5
            field M
            field q
            vectors R = random(90, 8, 3)
            output S[r: R] = sum[x](tanh(a * M[x]) * (q[x + r] * M[x + r + (0, 1)]) * q[x] * norm(r))
            output T[r: R] = mean[x](M[x - r] * (1 - q[x + r]))
            """;
    private static final String PHASES = """
            descriptor phasesOfAll
            field I[p: phases] in [0, 1]
            vectors R = window(6)
            output S[p: phases, q: phases, r: R | p < q] = mean[x](I[x, p] * I[x + r, q])
            output T[p: phases, r: R | r.1 > p] = mean[x](I[x, 0] * I[x + r, p]^2)
            """;
    private static final String SUMS = """
            descriptor sums
            field M
            field q
            let e[x, r: window(6)] = M[x] * (q[x + r] + 2 * q[x - r] - 1)
            output S[r: window(6)] = mean[x](e[x, r])
            output V[r: window(6)] = mean[x]((M[x] - q[x + r])^2)
            """;
    private static final String COMPONENTS = """
            descriptor components
            field q[c: 0..2]
            output S[r: window(6)] = sum[x, c: 0..2](q[x, c] * q[x + r, c] / 100)
            """;
    private static final String SMOOTHED = """
            descriptor smoothed
            field M
            let s[x] = sum[d: window(6)](exp(-norm(d)) * M[x + d] / 20)
            let t[x] = tanh(s[x])
            output S[r: window(5)] = mean[x](t[x] * t[x + r])
            """;
    private static final String SOLID = """
            descriptor solid
            field M
            output S[r: window(4)] = mean[x](M[x] * M[x + r])
            """;

    @TempDir
    private Path folder;

    static Stream<Arguments> descriptors() {
        return Stream.of(
                Arguments.of(PRODUCT, List.of(16, 16)),
                Arguments.of(PRODUCT, List.of(15, 22)),
                Arguments.of(PRODUCT, List.of(17, 23)),
                Arguments.of(PRODUCT, List.of(5, 3)),
                Arguments.of(LEVELS, List.of(20, 24)),
                Arguments.of(EXPRESSIONS, List.of(16, 12)),
                Arguments.of(PHASES, List.of(12, 13)),
                Arguments.of(SUMS, List.of(14, 18)),
                Arguments.of(COMPONENTS, List.of(11, 12)),
                Arguments.of(SMOOTHED, List.of(12, 16)),
                Arguments.of(SOLID, List.of(8, 9, 10)),
                Arguments.of(SOLID, List.of(7, 5, 11)));
    }

    private IndexProgram bind(String text, List<Integer> extents) throws IOException {
        PrintWriter messages = new PrintWriter(new StringWriter());
        Path file = Files.writeString(folder.resolve("test.mcr"), text);
        return DescriptorLoader.load(file, messages).bind(extents, 2, Map.of(), messages).program();
    }

    /** Numbers of single precision, so that both precisions are given the same. */
    private static double[] random(long size, SplittableRandom random) {
        return random.doubles(size).map(value -> (float) value).toArray();
    }

    @ParameterizedTest(name = "{0} at {1}")
    @MethodSource("descriptors")
    void agreesWithTheEvaluatorForAnyNumberOfThreads(String text, List<Integer> extents) throws IOException {
        IndexProgram program = Pipeline.differentiate(bind(text, extents));
        KernelProgram scheduled = Pipeline.schedule(program);
        assertTrue(scheduled.kernels().values().stream().flatMap(List::stream).anyMatch(Convolution.class::isInstance));
        SplittableRandom random = new SplittableRandom(9);
        Map<String, double[]> fields = new LinkedHashMap<>();
        program.fields().forEach(field -> fields.put(field.name(), random(field.tensor().size(), random)));
        Map<String, double[]> targets = new LinkedHashMap<>();
        program.targets().forEach(target -> targets.put(target.name(), random(target.size(), random)));
        Map<String, double[]> truth = new Evaluator(program).evaluate(fields, targets);
        for (Precision precision : List.of(Precision.SINGLE, Precision.DOUBLE)) {
            double tolerance = precision == Precision.DOUBLE ? 1e-13 : 1e-6;
            CpuProgram compiled = CpuProgram.of(scheduled, precision);
            Map<String, double[]> first = null;
            for (int threads = 1; threads <= 3; threads++) {
                Map<String, double[]> results = evaluate(compiled, program, fields, targets, threads);
                first = first == null ? results : first;
                for (Map.Entry<String, double[]> result : results.entrySet()) {
                    check(result.getKey(), truth.get(result.getKey()), result.getValue(), tolerance);
                    assertArrayEquals(first.get(result.getKey()), result.getValue(), 0.0, result.getKey());
                }
            }
        }
    }

    /**
     * A field of little contrast, exact in single precision: multiplied out, little would be left of the differences. The
     * terms of the second cancel among each other too: a loop in single precision has an error of 1.5e-4.
     */
    @ParameterizedTest
    @CsvSource({"(M[x] - M[x + r])^2, 1e-5", "M[x] * (M[x] - M[x + r]), 1e-4"})
    void differencesKeepTheirDigitsInSinglePrecision(String term, double tolerance) throws IOException {
        IndexProgram program = Pipeline.differentiate(bind("""
                descriptor differences
                field M in [0, 1]
                output S[r: halfwindow(7)] = mean[x](%s)
                loss sse
                """.formatted(term), List.of(16, 16)));
        SplittableRandom random = new SplittableRandom(2);
        Map<String, double[]> fields = Map.of("M", random.ints(256, 0, 1024).mapToDouble(j -> 0.5 + j * 0x1p-20).toArray());
        Map<String, double[]> targets = new LinkedHashMap<>();
        program.targets().forEach(target -> targets.put(target.name(), new double[Math.toIntExact(target.size())]));
        Map<String, double[]> truth = new Evaluator(program).evaluate(fields, targets);
        evaluate(CpuProgram.of(Pipeline.schedule(program), Precision.SINGLE), program, fields, targets, 1)
                .forEach((name, values) -> check(name, truth.get(name), values, tolerance));
    }

    static Stream<Arguments> several() {
        return Stream.of(Arguments.of(LEVELS, List.of(10, 12)), Arguments.of(EXPRESSIONS, List.of(8, 7)),
                Arguments.of(PHASES, List.of(6, 7)));
    }

    @ParameterizedTest(name = "{0} at {1}")
    @MethodSource("several")
    void gradientsAgreeWithFiniteDifferences(String text, List<Integer> extents) throws IOException {
        GradientCheck.Result result = GradientCheck.run(bind(text, extents), Backend.CPU, 2, 5);
        assertTrue(result.passed(), result.toString());
    }

    /** Outputs, loss and gradients by the names of their tensors. */
    private static Map<String, double[]> evaluate(CpuProgram compiled, IndexProgram program, Map<String, double[]> fields,
            Map<String, double[]> targets, int threads) {
        try (Engine engine = compiled.engine(threads)) {
            program.outputs().forEach(output -> engine.setTarget(output.entry(), targets.get(output.target().name())));
            Map<String, double[]> gradients = new LinkedHashMap<>();
            program.gradients().forEach((field, tensor) -> gradients.put(field, new double[(int) tensor.size()]));
            // Twice: what is left over from one evaluation must not be seen in the next.
            engine.evaluate(fields, gradients);
            Losses losses = engine.evaluate(fields, gradients);
            Map<String, double[]> results = new LinkedHashMap<>();
            results.put(program.loss().name(), new double[] {losses.loss()});
            program.outputs().forEach(output -> results.put(output.value().name(), engine.values(output.entry())));
            program.gradients().forEach((field, tensor) -> results.put(tensor.name(), gradients.get(field)));
            return results;
        }
    }

    private static void check(String what, double[] expected, double[] actual, double tolerance) {
        double scale = Arrays.stream(expected).filter(Double::isFinite).map(Math::abs).max().orElse(0);
        assertEquals(expected.length, actual.length);
        for (int k = 0; k < expected.length; k++) {
            assertTrue(Double.isNaN(expected[k]) ? Double.isNaN(actual[k])
                    : Math.abs(expected[k] - actual[k]) <= tolerance * scale,
                    what + "[" + k + "] is " + actual[k] + ", not " + expected[k]);
        }
    }
}
