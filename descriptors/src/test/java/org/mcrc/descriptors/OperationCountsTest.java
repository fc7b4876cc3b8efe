package org.mcrc.descriptors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.kernel.Convolution;
import org.mcrc.compiler.kernel.Correlation;
import org.mcrc.compiler.kernel.Fold;
import org.mcrc.compiler.kernel.Gram;
import org.mcrc.compiler.kernel.Kernel;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Operations;
import org.mcrc.compiler.kernel.Phase;
import org.mcrc.compiler.kernel.Spectrum;
import org.mcrc.compiler.kernel.Sums;

/**
 * What one evaluation of loss and gradient takes, as the Kernel IR counts it, in closed form: with N pixels and |R|
 * vectors. A lost optimization fails here.
 */
class OperationCountsTest {
    private static final List<Integer> EXTENTS = List.of(64, 64);
    private static final double N = 64 * 64;
    private static final int P = 31;

    /** One of r and -r of the (2 P + 1)^2 vectors of the window, and zero. */
    private static final double R = ((2 * P + 1) * (2 * P + 1) + 1) / 2.0;

    private static KernelProgram program(String name) {
        return Pipeline.schedule(Pipeline.differentiate(Bound.at(name, EXTENTS, 2, Map.of())));
    }

    private static Operations count(KernelProgram program, Predicate<Kernel> kernels) {
        Operations sum = Operations.NONE;
        for (Phase phase : List.of(Phase.OUTPUTS, Phase.LOSS, Phase.GRADIENT)) {
            for (Kernel kernel : program.kernels().get(phase)) {
                sum = kernels.test(kernel) ? sum.plus(Operations.of(kernel, program, Float.BYTES)) : sum;
            }
        }
        return sum;
    }

    /**
     * Each field's exponential is taken once for a pixel; the corrected correlations need those of f(M[x]), which is no sum,
     * forward and for the gradient, and f(0.5) here and there.
     */
    @ParameterizedTest
    @CsvSource({"s2s3, 1", "s2_soft, 1", "s2s3_corrected, 3", "s2s3_linear, 0", "s2, 0", "cross_correlations, 0",
        "lineal_path, 0", "variation, 0", "volume_fraction, 0"})
    void exponentialsForAPixel(String name, double exponentials) {
        assertEquals(exponentials * N, count(program(name), _ -> true).transcendentals(), exponentials > 1 ? 10 : 0);
    }

    @Test
    void softThreePointCorrelations() {
        KernelProgram program = program("s2s3");
        // Multiplied and added on and above the diagonal; e = c1 * (1 / (1 + v * w)) + c3 for every pixel and vector.
        assertEquals(N * R * (R + 1) + 5 * N * R, count(program, Gram.class::isInstance).flops());
        // Multiplied and added; e again, and (0.5 * alpha * c1) * (z * (s * (1 - s))) with s = 1 / (1 + v * w), where two
        // products are of scalars; as they are packed, the coefficients (2 / N * dE) * (S - S*) of both triangles.
        assertEquals(2 * N * R * R + 5 * N * R + 7 * N * R + 4 * R * R + 3, count(program, Fold.class::isInstance).flops());
        // (S - S*)^2 added up in the loss; the rest by pixel.
        Operations rest = count(program, kernel -> !(kernel instanceof Gram) && !(kernel instanceof Fold));
        assertTrue(rest.flops() >= 3 * R * R && rest.flops() <= 3 * R * R + 30 * N, rest.toString());
        // S is written and read twice, with its target.
        double bytes = count(program, _ -> true).bytes();
        assertTrue(bytes >= 4 * 5 * R * R && bytes <= 4 * (5 * R * R + 20 * N), String.valueOf(bytes));
    }

    @Test
    void softTwoPointCorrelations() {
        Operations operations = count(program("s2_soft"), _ -> true);
        // Forward: s = 1 / (1 + v * w) in three operations, c1 * s + c3 in two, added up. Gradient: s * (1 - s) in five at
        // either end of the vector, their sum times two scalars, added up.
        assertTrue(operations.flops() <= (6 + 14) * N * R + 35 * N, operations.toString());
        assertTrue(operations.bytes() <= 4 * 15 * N, operations.toString());
    }

    @Test
    void correctedThreePointCorrelations() {
        Operations operations = count(program("s2s3_corrected"), kernel -> kernel instanceof Gram || kernel instanceof Fold);
        // As without the correction: its terms are those of two-point correlations. The coefficients are the sum of two
        // elements of a matrix, scaled.
        assertEquals(N * R * (R + 1) + 2 * N * R * R + 17 * N * R + 2 * R * R + 2, operations.flops());
        Operations all = count(program("s2s3_corrected"), _ -> true);
        double d = (4 * P + 1) * (4 * P + 1);
        assertTrue(all.flops() - operations.flops() <= 28 * N * d + 40 * R * R + 60 * N, all.toString());
    }

    /** All vectors of the window, by transforms: the field's and back, the coefficients' and back. */
    @Test
    void twoPointCorrelationsOfAllVectors() {
        double pixels = 512 * 512;
        double vectors = (511 * 511 + 1) / 2.0;
        IndexProgram differentiated = Pipeline.differentiate(Bound.at("s2", List.of(512, 512), 2, Map.of("P", 255.0)));
        KernelProgram program = Pipeline.schedule(differentiated);
        double transform = 2.5 * pixels * 18;
        double product = 8 * 512 * 257;
        assertEquals(transform, count(program, Spectrum.class::isInstance).flops());
        assertEquals(transform + product, count(program, Correlation.class::isInstance).flops());
        assertEquals(2 * transform + product + 2 * vectors, count(program, Convolution.class::isInstance).flops());
        Operations all = count(program, _ -> true);
        assertTrue(all.flops() <= 4 * transform + 2 * product + 12 * vectors + 30 * pixels, all.toString());
        // Multiplied and added, for the gradient at both ends of every vector.
        double direct = count(Pipeline.schedule(differentiated, Sums.DIRECT), _ -> true).flops();
        assertTrue(direct >= 5 * pixels * vectors && direct >= 3000 * all.flops(), String.valueOf(direct));
    }
}
