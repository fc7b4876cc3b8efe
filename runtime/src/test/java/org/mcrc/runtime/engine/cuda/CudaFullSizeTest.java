package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.cli.LibraryPrograms;
import org.mcrc.runtime.engine.Demand;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cpu.CpuProgram;

/** Contractions of the size for which tiles, parts and tensor cores are there, on this computer's processor. */
class CudaFullSizeTest {
    private static final int SIDE = 64;

    /** Of the 841 vectors; with the 1985 of the descriptor's default this takes minutes. */
    private static final int LONGEST = 20;
    private static final double TOLERANCE = 1e-6;

    private record Evaluation(Losses losses, double[] outputs, double[] gradient) {}

    private static String output(Engine engine) {
        return engine.signature().outputs().getFirst().name();
    }

    /** A microstructure of both phases, and a target that is that of another one. */
    private static Evaluation evaluate(Engine engine, double[] target) {
        SplittableRandom random = new SplittableRandom(5);
        double[] field = random.doubles(SIDE * SIDE, 0, 1).map(value -> value < 0.4 ? value / 4 : 1 - value / 8).toArray();
        engine.setTarget(output(engine), target);
        double[] gradient = new double[field.length];
        Losses losses = engine.evaluate(Map.of("M", field), Map.of("M", gradient));
        return new Evaluation(losses, engine.values(output(engine)), gradient);
    }

    private static double[] target(Engine engine) {
        engine.characterize(Map.of("M", new SplittableRandom(6).doubles(SIDE * SIDE, 0, 1).toArray()));
        return engine.values(output(engine));
    }

    @Test
    void agreesWithTheProcessorInDoublePrecision() {
        HostDevice.assumeAvailable();
        IndexProgram program = LibraryPrograms.bound("s2s3", List.of(SIDE, SIDE),
                Map.of("P", (double) LONGEST));
        Evaluation expected;
        double[] target;
        try (Engine engine = CpuProgram.of(program, Demand.GRADIENT, Precision.DOUBLE).engine(2)) {
            target = target(engine);
            expected = evaluate(engine, target);
        }
        for (boolean tensorCores : new boolean[] {false, true}) {
            CudaProgram compiled = CudaProgram.of(program, Precision.SINGLE, tensorCores);
            try (HostDevice device = new HostDevice();
                    Engine engine = new CudaEngine(compiled.manifest(), compiled.source(), device)) {
                Evaluation actual = evaluate(engine, target);
                assertClose("outputs, tensor cores " + tensorCores, expected.outputs(), actual.outputs());
                assertClose("gradient, tensor cores " + tensorCores, expected.gradient(), actual.gradient());
                assertEquals(expected.losses().loss(), actual.losses().loss(), TOLERANCE * expected.losses().loss());
                assertEquals(expected.losses().error(), actual.losses().error(), TOLERANCE * expected.losses().error());
            }
        }
    }

    private static void assertClose(String what, double[] expected, double[] actual) {
        double scale = 0;
        double difference = 0;
        for (int k = 0; k < expected.length; k++) {
            scale = Math.max(scale, Math.abs(expected[k]));
            difference = Math.max(difference, Math.abs(expected[k] - actual[k]));
        }
        assertEquals(0, difference / scale, TOLERANCE, what);
    }
}
