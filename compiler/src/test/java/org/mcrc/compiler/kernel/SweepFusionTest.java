package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Tensor;

/** Which nests share a pass, and that they mean the same. */
class SweepFusionTest {
    private static final String TWO_SUMS = """
            descriptor twoSums
            field M
            output phi = mean[x](M[x])
            output V[d: {(0, 1), (1, 0)}] = mean[x](abs(M[x + d] - M[x]))
            penalty grey = mean[x](abs(M[x] * (1 - M[x]))) weight 0.1
            """;
    private static final String TWO_FIELDS = """
            descriptor twoFields
            field M
            field q
            output S = mean[x](M[x] * q[x + (1, 0)])
            output T = mean[x](M[x]^2)
            """;
    private static final String MINKOWSKI = """
            descriptor minkowski
            field m rank 2
            output chi = mean[x](m[x] - m[x]*m[x + (0, 1)] - m[x]*m[x + (1, 0)]
                                + m[x]*m[x + (0, 1)]*m[x + (1, 0)]*m[x + (1, 1)])
            output boundary = mean[x](m[x]*(1 - m[x + (0, 1)]) + m[x + (0, 1)]*(1 - m[x])
                                      + m[x]*(1 - m[x + (1, 0)]) + m[x + (1, 0)]*(1 - m[x])) weight 0.5
            """;
    private static final String A_MEAN_BEFORE = """
            descriptor centred
            field M
            let phi[k: 0..0] = mean[x](M[x])
            output S = mean[x]((M[x] - phi[0]) * (M[x + (0, 1)] - phi[0]))
            """;
    private static final String LEVELS = """
            descriptor levels
            field M
            multigrid coarsest 2
            output S = mean[x](M[x] * M[x + (0, 1)])
            output T = mean[x](M[x] * M[x + (1, 0)])
            """;
    private static final String PIXEL_BY_PIXEL = """
            descriptor pixelByPixel
            field M
            output G[x] = M[x] - M[x + (0, 1)]
            output H[x] = M[x] - M[x + (1, 0)]
            """;
    private static final String TOO_MANY = """
            descriptor tooMany
            field M
            output S[r: window(1)] = mean[x](M[x] * M[x + r])
            output T[r: halfwindow(1)] = mean[x](M[x] * abs(M[x + r]))
            output U[r: halfwindow(1)] = mean[x](abs(M[x]) * M[x + r])
            """;

    private static KernelProgram schedule(String text) {
        return Pipeline.schedule(Pipeline.differentiate(BoundDescriptor.of(text, List.of(8, 6)).program()));
    }

    /** What is computed in each pass over pixels of a phase. */
    private static List<List<String>> passes(KernelProgram program, Phase phase) {
        return program.kernels().get(phase).stream().filter(kernel -> !(kernel instanceof Wrap) && overPixels(kernel))
                .map(kernel -> kernel.writes().stream().map(Tensor::name).toList()).toList();
    }

    private static boolean overPixels(Kernel kernel) {
        return kernel.writes().stream().anyMatch(tensor -> tensor.grid() != null) || kernel.expressions().stream()
                .flatMap(expression -> Expressions.reads(expression).stream()).map(Read::tensor)
                .anyMatch(tensor -> tensor.grid() != null);
    }

    @Test
    void outputsAndPenaltiesOfTheSamePixelsAreOnePass() {
        KernelProgram program = schedule(TWO_SUMS);
        assertEquals(List.of(List.of("phi@1_1", "V@1_1", "grey_1")), passes(program, Phase.OUTPUTS));
        assertEquals(List.of(), passes(program, Phase.LOSS));
        assertEquals(List.of(List.of("dM")), passes(program, Phase.GRADIENT));
        assertTrue(program.decisions().stream().anyMatch(decision -> decision.definition().equals("grey_1")
                && decision.choice().equals("one pass")), program.decisions().toString());
    }

    @Test
    void gradientsOfSeveralFieldsAreOnePass() {
        KernelProgram program = schedule(TWO_FIELDS);
        assertEquals(List.of(List.of("S@1_1", "T@1_1")), passes(program, Phase.OUTPUTS));
        assertEquals(1, passes(program, Phase.GRADIENT).size());
    }

    @Test
    void cheapStencilsAreComputedAgainAndNotStored() {
        KernelProgram program = schedule(MINKOWSKI);
        assertEquals(List.of(List.of("chi@1_1", "boundary@1_1")), passes(program, Phase.OUTPUTS));
        assertEquals(List.of(List.of("dm")), passes(program, Phase.GRADIENT));
    }

    @Test
    void whatNeedsTheSumIsAnotherPass() {
        assertEquals(List.of(List.of("phi@1_1"), List.of("S@1_1")), passes(schedule(A_MEAN_BEFORE), Phase.OUTPUTS));
    }

    @Test
    void levelsAreDifferentPixels() {
        List<List<String>> passes = passes(schedule(LEVELS), Phase.OUTPUTS);
        assertTrue(passes.contains(List.of("S@1_1", "T@1_1")), passes.toString());
        assertTrue(passes.contains(List.of("S@2_1", "T@2_1")), passes.toString());
    }

    @Test
    void whatReadsTargetsStaysInTheLoss() {
        KernelProgram program = schedule(PIXEL_BY_PIXEL);
        assertEquals(List.of(List.of("G@1", "H@1")), passes(program, Phase.OUTPUTS));
        assertTrue(program.kernels().get(Phase.OUTPUTS).stream().flatMap(kernel -> kernel.expressions().stream())
                .flatMap(expression -> Expressions.reads(expression).stream())
                .noneMatch(read -> read.tensor().kind() == Tensor.Kind.TARGET));
    }

    @Test
    void loopsWithTooManySumsAreSeveral() {
        List<List<String>> passes = passes(schedule(TOO_MANY), Phase.OUTPUTS);
        assertEquals(List.of(List.of("S@1_1"), List.of("T@1_1"), List.of("U@1_1")), passes);
    }

    @ParameterizedTest
    @ValueSource(strings = {TWO_SUMS, TWO_FIELDS, MINKOWSKI, A_MEAN_BEFORE, LEVELS, PIXEL_BY_PIXEL, TOO_MANY})
    void theyMeanTheSame(String text) {
        BoundDescriptor bound = BoundDescriptor.of(text, List.of(8, 6));
        IndexProgram program = Pipeline.differentiate(bound.program());
        Map<String, double[]> expected = new Evaluator(program).evaluate(bound.fields(1), bound.targets(0.3));
        KernelInterpreter interpreter = new KernelInterpreter(Pipeline.schedule(program));
        Map<String, double[]> actual = interpreter.evaluate(bound.fields(1), bound.targets(0.3));
        expected.forEach((tensor, values) -> assertArrayEquals(values, actual.get(tensor), 1e-12, tensor));
    }
}
