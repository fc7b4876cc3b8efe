package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;

/** Reductions over ranges that grow: computed along, with as many steps as the longest has terms. */
class ScanTest {
    private static final List<Integer> EXTENTS = List.of(6, 7);

    private static String lines(String output) {
        return """
                descriptor lines
                param N = 5
                field M
                vectors D = {(1, 0), (0, 1), (1, -1)}
                function f(z) = z^2 + 0.5
                let c[x, n: 0..N] = prod[k: 0..n](M[x + k*(0, 1)])
                """ + output + "\n";
    }

    private static KernelProgram schedule(String text, List<Integer> extents) {
        return Pipeline.schedule(Pipeline.differentiate(BoundDescriptor.of(text, extents).program()));
    }

    private static <K extends Kernel> List<K> kernels(KernelProgram program, Class<K> kind) {
        return program.kernels().values().stream().flatMap(List::stream).filter(kind::isInstance).map(kind::cast).toList();
    }

    private static double[] flops(KernelProgram program, Class<? extends Kernel> kind) {
        return kernels(program, kind).stream().mapToDouble(kernel -> Operations.of(kernel, program, 4).flops()).toArray();
    }

    /** A product and a sum for each length; backwards a product before, a sum after in two operations, and two to fold. */
    @ParameterizedTest
    @ValueSource(ints = {7, 15, 31})
    void operationsGrowWithTheLengthAndNotWithItsSquare(int longest) {
        KernelProgram program = schedule(lines("output L[n: 0..%d, d: D] = mean[x](prod[k: 0..n](M[x + k*d]))"
                .formatted(longest)), EXTENTS);
        double pixels = 6 * 7 * 3;
        assertArrayEquals(new double[] {2 * pixels * (longest + 1)}, flops(program, Scan.class));
        assertArrayEquals(new double[] {5 * pixels * (longest + 1)}, flops(program, ReverseScan.class));
        assertEquals(List.of("running prod", "running product"), program.decisions().stream().map(decision ->
                decision.choice()).filter(choice -> choice.startsWith("running")).sorted().toList());
    }

    /** Nothing is as large as the pixels times the lengths, halos left out. */
    @ParameterizedTest
    @ValueSource(strings = {
        "output L[n: 0..N, d: D] = mean[x](prod[k: 0..n](M[x + k*d]))",
        "output L[n: 1..N] = mean[x](prod[k: 0..n-1](M[x + k*(1, 1)]))",
        "output L[n: 0..N] = mean[x](c[x, n])\noutput K[n: 0..N] = mean[x](c[x, n]^2)"
    })
    void nothingIsStoredForPixelsAndSteps(String output) {
        KernelProgram program = schedule(lines(output), EXTENTS);
        program.storage().values().forEach(storage ->
                assertTrue(storage.tensor().size() <= 6 * 7, storage.tensor().name()));
        assertTrue(kernels(program, Scan.class).size() >= 1);
        assertEquals(1, kernels(program, ReverseScan.class).size());
    }

    /** As many scans, forward and backward, as the outputs have running reductions of their own. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "output L[n: 1..N, d: D] = mean[x](prod[k: 1..n](M[x + k*d]))                            | 1 | 1",
        "output L[n: 0..N, d: D] = mean[x](prod[k: 1..n](M[x + k*d]))                            | 1 | 1",
        "output L[n: 2..7] = mean[x](prod[k: 0..n](M[x + k*(1, 2)]))                             | 1 | 1",
        "output L[n: 1..N] = mean[x](prod[k: 0..n-1](f(M[x + k*(1, 1)] - M[x])))                 | 1 | 1",
        "output L[n: 0..N, d: D] = mean[x](prod[k: 0..n](M[x - k*d]) * (1 - M[x + d]))           | 1 | 1",
        "output L[n: 0..N, d: D] = mean[x](max[k: 0..n](M[x + k*d]) + min[k: 0..n](M[x - k*d]))  | 1 | 0",
        "output L[n: 0..N, d: D] = mean[x](prod[k: 0..n](M[x + k*d]) * sum[k: 0..n](M[x + k*d])) | 1 | 1",
        "output L[n: 0..N] = mean[x](c[x, n]^2)                                                  | 1 | 1",
        "output L[n: 0..N, d: D] = mean[x](prod[k: n..N](M[x + k*d]))                            | 0 | 0"
    })
    void scansMeanWhatTheProgramMeans(String output, int scans, int reverseScans) {
        BoundDescriptor bound = BoundDescriptor.of(lines(output), EXTENTS);
        IndexProgram program = Pipeline.differentiate(bound.program());
        KernelProgram scheduled = Pipeline.schedule(program);
        assertEquals(scans, kernels(scheduled, Scan.class).size());
        assertEquals(reverseScans, kernels(scheduled, ReverseScan.class).size());
        KernelInterpreter interpreter = new KernelInterpreter(scheduled);
        Evaluator evaluator = new Evaluator(program);
        for (int seed = 1; seed <= 2; seed++) {
            Map<String, double[]> fields = bound.fields(seed);
            // One factor that is 0 and, in the second field, two on a line.
            for (int zero = 0; zero < seed; zero++) {
                fields.get("M")[17 + zero * 2] = 0;
            }
            Map<String, double[]> expected = evaluator.evaluate(fields, bound.targets(0.3));
            Map<String, double[]> actual = interpreter.evaluate(fields, bound.targets(0.3));
            expected.forEach((tensor, values) -> {
                double scale = 1e-3;
                for (double value : values) {
                    scale = Math.max(scale, Math.abs(value));
                }
                assertArrayEquals(values, actual.get(tensor), 1e-12 * scale, tensor);
            });
        }
    }

    /** On a field of ones every product is 1: the adjoint of a factor is the number of lengths that contain it, weighted. */
    @Test
    void theGradientOfLinesOfOnes() {
        BoundDescriptor bound = BoundDescriptor.of(lines("output L[n: 0..N] = sum[x](prod[k: 0..n](M[x + k*(0, 1)]))\n"
                + "loss sse"), EXTENTS);
        IndexProgram program = Pipeline.differentiate(bound.program());
        double[] ones = new double[6 * 7];
        java.util.Arrays.fill(ones, 1);
        double[] gradient = new KernelInterpreter(Pipeline.schedule(program)).evaluate(Map.of("M", ones),
                bound.targets(0)).get("dM");
        // L(n) = 42, and every pixel lies on n + 1 lines of n + 1 pixels: sum over n of 2 * 42 * (n + 1).
        double[] expected = new double[6 * 7];
        java.util.Arrays.fill(expected, 2 * 42 * 21);
        assertArrayEquals(expected, gradient, 1e-9);
    }
}
