package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;

/** Which sums are computed by transforms, and by the interpreter that they mean the same. */
class CorrelationsTest {
    private static final String PRODUCT = """
            descriptor product
            field M
            output S[r: halfwindow(7)] = mean[x](M[x] * M[x + r])
            """;
    private static final String PRODUCT_OF_EXPRESSIONS = """
            descriptor expressions
            param a = 0.5
            field M
            field q
            vectors R = random(90, 8, 3)
            output S[r: R] = sum[x](tanh(a * M[x]) * (q[x + r] * M[x + r + (0, 1)]) * q[x] * norm(r))
            """;
    private static final String BOTH_ENDS_MOVE = """
            descriptor ends
            field M
            field q
            output S[r: window(6)] = mean[x](M[x - r] * (1 - q[x + r]))
            """;
    private static final String PAIRS = """
            descriptor pairs
            field M
            field q
            output S[a: window(2), b: halfwindow(5)] = mean[x](M[x + a] * q[x + b])
            """;
    private static final String SUM_OF_PRODUCTS = """
            descriptor sums
            field M
            field q
            let e[x, r: window(6)] = M[x] * (q[x + r] + 2 * q[x - r] - 1)
            output S[r: window(6)] = mean[x](e[x, r])
            """;
    private static final String VARIOGRAM = """
            descriptor variogram
            field M
            output S[r: window(6)] = mean[x]((M[x] - M[x + r])^2)
            """;
    private static final String PHASES = """
            descriptor phasesOfAll
            field I[p: phases]
            vectors R = window(6)
            output S[p: phases, q: phases, r: R | p < q] = mean[x](I[x, p] * I[x + r, q])
            """;
    private static final String SOME_VECTORS = """
            descriptor someVectors
            field I[p: phases]
            vectors R = window(6)
            output S[p: phases, r: R | r.1 > p] = mean[x](I[x, 0] * I[x + r, p]^2)
            """;
    private static final String COMPONENTS = """
            descriptor components
            field q[c: 0..2]
            output S[r: window(6)] = sum[x, c: 0..2](q[x, c] * q[x + r, c] / 48)
            """;
    private static final String SMOOTHED = """
            descriptor smoothed
            field M
            let s[x] = sum[d: window(6)](exp(-norm(d)) * M[x + d])
            output S = mean[x](tanh(s[x]))
            """;
    private static final String LINES = """
            descriptor chords
            field M
            output S[k: 0..40, d: {(0, 1), (1, 0), (1, 1)}] = mean[x](M[x] * M[x + k*d])
            """;
    private static final String LEVELS = """
            descriptor levels
            field M
            multigrid coarsest 8
            output S[r: window(5)] = mean[x](M[x] * M[x + r])
            """;
    private static final String SOLID = """
            descriptor solid
            field M
            output S[r: window(3)] = mean[x](M[x] * M[x + r])
            """;
    private static final String SLICES = """
            descriptor sliced
            field M
            slices all
            output S[r: window(6)] = mean[x](M[x] * M[x + r])
            """;

    private static KernelProgram schedule(String text, List<Integer> extents) {
        return Pipeline.schedule(Pipeline.differentiate(BoundDescriptor.of(text, extents).program()));
    }

    private static <K extends Kernel> List<K> kernels(KernelProgram program, Class<K> kind) {
        return program.kernels().values().stream().flatMap(List::stream).filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Descriptors with the numbers of correlations, convolutions and transforms of operands that they are made into. */
    static Stream<Arguments> descriptors() {
        return Stream.of(
                Arguments.of(PRODUCT, List.of(16, 16), 1, 1, 1),
                Arguments.of(PRODUCT, List.of(7, 12), 1, 1, 1),
                Arguments.of(PRODUCT, List.of(13, 11), 1, 1, 1),
                Arguments.of(PRODUCT, List.of(4, 3), 1, 1, 1),
                Arguments.of(PRODUCT, List.of(1, 16), 1, 1, 1),
                Arguments.of(PRODUCT, List.of(9, 1), 1, 1, 1),
                Arguments.of(PRODUCT_OF_EXPRESSIONS, List.of(10, 9), 1, 4, 2),
                Arguments.of(BOTH_ENDS_MOVE, List.of(8, 10), 1, 2, 2),
                Arguments.of(PAIRS, List.of(8, 6), 0, 2, 2),
                Arguments.of(SUM_OF_PRODUCTS, List.of(9, 8), 2, 2, 2),
                // Its derivative is made of differences, which would lose their digits.
                Arguments.of(VARIOGRAM, List.of(8, 8), 0, 0, 0),
                Arguments.of(PHASES, List.of(8, 9), 1, 2, 1),
                Arguments.of(SOME_VECTORS, List.of(8, 9), 1, 2, 2),
                Arguments.of(COMPONENTS, List.of(8, 6), 1, 1, 1),
                Arguments.of(SMOOTHED, List.of(8, 9), 0, 2, 2),
                Arguments.of(LINES, List.of(8, 8), 1, 1, 1),
                Arguments.of(LEVELS, List.of(16, 24), 2, 2, 2),
                Arguments.of(SOLID, List.of(4, 5, 6), 1, 1, 1),
                Arguments.of(SLICES, List.of(8, 8, 8), 0, 0, 0));
    }

    @ParameterizedTest(name = "{0} at {1}")
    @MethodSource("descriptors")
    void transformsMeanTheSame(String text, List<Integer> extents, int correlations, int convolutions, int spectra) {
        BoundDescriptor bound = BoundDescriptor.of(text, extents);
        IndexProgram program = Pipeline.differentiate(bound.program());
        KernelProgram scheduled = Pipeline.schedule(program);
        assertEquals(List.of(correlations, convolutions, spectra), List.of(kernels(scheduled, Correlation.class).size(),
                kernels(scheduled, Convolution.class).size(), kernels(scheduled, Spectrum.class).size()),
                scheduled::toString);
        Map<String, double[]> fields = bound.fields(3);
        Map<String, double[]> targets = bound.targets(0.3);
        Map<String, double[]> truth = new Evaluator(program).evaluate(fields, targets);
        Map<String, double[]> results = new KernelInterpreter(scheduled).evaluate(fields, targets);
        results.forEach((name, values) -> {
            double scale = Arrays.stream(truth.get(name)).filter(Double::isFinite).map(Math::abs).max().orElse(0);
            assertArrayEquals(truth.get(name), values, 1e-12 * scale, name);
        });
        // The Index IR of the schedule means the same, too.
        Map<String, double[]> separated = new Evaluator(scheduled.index()).evaluate(fields, targets);
        results.keySet().forEach(name -> {
            double scale = Arrays.stream(truth.get(name)).filter(Double::isFinite).map(Math::abs).max().orElse(0);
            assertArrayEquals(truth.get(name), separated.get(name), 1e-12 * scale, name);
        });
    }

    @Test
    void fewVectorsAreSummedDirectly() {
        KernelProgram program = schedule("""
                descriptor few
                field M
                output S[r: window(1)] = mean[x](M[x] * M[x + r])
                """, List.of(64, 64));
        assertTrue(kernels(program, Correlation.class).isEmpty() && kernels(program, Convolution.class).isEmpty());
        Chosen decision = decision(program, "S@1_1");
        assertEquals("direct sum", decision.choice());
        assertTrue(decision.reason().startsWith("over 9 vectors: "), decision.reason());
    }

    /** A matrix product is so much faster than loops that it pays for more vectors. */
    @Test
    void matrixProductsOfFewVectorsStay() {
        KernelProgram program = schedule("""
                descriptor matrix
                field M
                output S[a: window(2), b: window(2)] = mean[x](M[x + a] * M[x + b])
                """, List.of(64, 62));
        assertEquals(1, kernels(program, Gram.class).size());
        assertTrue(kernels(program, Correlation.class).isEmpty());
    }

    @Test
    void openBoundariesAreSummedDirectly() {
        KernelProgram program = schedule("""
                descriptor opened
                field M boundary open
                output S[r: window(6)] = mean[x](M[x] * M[x + r])
                """, List.of(16, 16));
        assertTrue(kernels(program, Correlation.class).isEmpty() && kernels(program, Convolution.class).isEmpty());
        assertEquals(new Chosen("direct sum", "over 169 vectors: which terms there are depends on the pixel"),
                decision(program, "S@1_1"));
    }

    /** The noise of a transform in place of a zero would make of sqrt no number, of 0 a number above 0. */
    @ParameterizedTest
    @ValueSource(strings = {
        "output S[r: window(7)] = sqrt(A[r])",
        "output S[r: window(7)] = A[r]^0.5",
        "output S[r: window(7)] = if A[r] > 0 then 1 + A[r] else 0",
        "output S = max[r: window(7)](A[r])",
        "output S = sqrt(sum[r: window(7)](A[r]))",
        "output S = mean[x](M[x])\nreport covered = mean[r: window(7)](step(A[r]))",
        "let B[r: window(7)] = A[r] - 0.1\noutput S = mean[r: window(7)](log(B[r]))"})
    void whereARoundingErrorCouldDecideSumsStayDirect(String uses) {
        KernelProgram program = schedule("descriptor sharp\nfield M\nlet A[r: window(7)] = mean[x](M[x] * M[x + r])\n" + uses,
                List.of(24, 25));
        assertTrue(kernels(program, Correlation.class).isEmpty(), program::toString);
        Chosen decision = decision(program, "A@1_1");
        assertEquals("direct sum", decision.choice());
        assertTrue(decision.reason().startsWith("over 225 vectors: its value is compared, or at the end of a domain, "),
                decision.reason());
    }

    /** The pixels near a phase: what is above 0 is counted, and the area of the rest is exactly 0. */
    @Test
    void dilationsStayDirectToo() {
        KernelProgram program = schedule("""
                descriptor dilation
                field M
                let B[x] = sum[r: window(11)](M[x + r])
                output S = mean[x](M[x])
                report covered = mean[x](step(B[x]))
                """, List.of(48, 48));
        assertTrue(kernels(program, Convolution.class).isEmpty(), program::toString);
    }

    /** A target is rounded itself: what is compared with it needs no more digits. */
    @ParameterizedTest
    @ValueSource(strings = {"l1", "l2", "rms", "sse", "mse"})
    void whatIsComparedWithATargetMayBeTransformed(String loss) {
        KernelProgram program = schedule(PRODUCT + "loss " + loss + "\n", List.of(24, 25));
        assertEquals(1, kernels(program, Correlation.class).size());
        assertEquals(1, kernels(program, Convolution.class).size());
    }

    private record Chosen(String choice, String reason) {}

    private static Chosen decision(KernelProgram program, String definition) {
        return program.decisions().stream().filter(each -> each.definition().equals(definition)).findFirst()
                .map(each -> new Chosen(each.choice(), each.reason())).orElseThrow();
    }

    /** Spectra are kept from the outputs to the gradient, in double precision, and counted in the memory. */
    @Test
    void spectraAreComputedOnceAndCounted() {
        KernelProgram program = schedule(PRODUCT, List.of(32, 32));
        assertEquals(List.of("M.spectrum", "S@1_1", "S@1"), program.kernels().get(Phase.OUTPUTS).stream()
                .map(kernel -> kernel.writes().getFirst().name()).toList());
        assertTrue(program.kernels().get(Phase.GRADIENT).stream().noneMatch(Spectrum.class::isInstance));
        double spectrum = 8.0 * 32 * 2 * 17;
        double single = program.bytes(4);
        assertTrue(single >= 3 * spectrum + 3 * 4 * 32 * 32 && single <= 3 * spectrum + 4 * 4 * 32 * 32 + 5000,
                String.valueOf(single));
    }

    /** The products and the transforms, and nothing for each pixel and vector. */
    @Test
    void operationsAreThoseOfTransforms() {
        KernelProgram program = schedule(PRODUCT, List.of(64, 64));
        double transform = 2.5 * 64 * 64 * 12;
        double product = 8 * 64 * 33;
        double vectors = 113;
        Spectrum spectrum = kernels(program, Spectrum.class).getFirst();
        Correlation correlation = kernels(program, Correlation.class).getFirst();
        Convolution convolution = kernels(program, Convolution.class).getFirst();
        assertEquals(transform, Operations.of(spectrum, program, 4).flops());
        assertEquals(transform + product, Operations.of(correlation, program, 4).flops());
        assertEquals(2 * transform + product + 2 * vectors, Operations.of(convolution, program, 4).flops());
        assertEquals(8 * 64 * 66 * 2 + 4 * vectors, Operations.of(correlation, program, 4).bytes());
    }
}
