package org.mcrc.descriptors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Operations;
import org.mcrc.compiler.kernel.Phase;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;

/** How often what is bound by memory reads its pixels, and how exactly it adds them up. */
class PassesTest {
    private static final List<Integer> EXTENTS = List.of(256, 512);
    private static final double N = 256 * 512;

    private static Operations count(KernelProgram program, Phase phase) {
        return Operations.of(program, phase, Float.BYTES);
    }

    /** The field is read once for outputs and penalties, and once for its gradient, which is written. */
    @ParameterizedTest
    @ValueSource(strings = {"variation", "volume_fraction"})
    void outputsAndPenaltiesAreOnePassAndTheGradientAnother(String name) {
        KernelProgram program = Pipeline.schedule(Pipeline.differentiate(Bound.at(name, EXTENTS, 2, Map.of())));
        double small = 2000;
        assertEquals(4 * N, count(program, Phase.OUTPUTS).bytes(), small);
        assertEquals(0, count(program, Phase.LOSS).bytes(), small);
        assertEquals(8 * N, count(program, Phase.GRADIENT).bytes(), small);
    }

    /** A third is no number of single precision: sums of equal numbers would drift. */
    @Test
    void sumsOfManyPixelsAreExactInSinglePrecision() {
        double third = 1 / 3.0;
        double[] field = new double[1024 * 1100];
        Arrays.fill(field, third);
        IndexProgram program = Pipeline.differentiate(Bound.at("volume_fraction", List.of(1024, 1100), 2, Map.of()));
        try (Engine engine = Engines.create(program, Backend.CPU, Precision.SINGLE, 2)) {
            engine.characterize(Map.of("M", field));
            double phi = engine.values("phi@1")[0];
            assertTrue(Math.abs(phi - third) <= 1e-6 * third, String.valueOf(phi));
        }
    }
}
