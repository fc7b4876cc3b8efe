package org.mcrc.runtime.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.backend.java.JavaBackend;
import org.mcrc.compiler.backend.java.Precision;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Demand;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.EvaluatorEngine;
import org.mcrc.runtime.engine.Losses;

/** The generated kernels against the evaluator in double precision. */
class CpuEngineTest {
    static Stream<Arguments> programs() {
        return Stream.of(
                Arguments.of("s2 16x16", HandMadePrograms.s2(new Grid(List.of(16, 16)), 2)),
                Arguments.of("s2 with a ragged last axis", HandMadePrograms.s2(new Grid(List.of(9, 13)), 3)),
                Arguments.of("s2 in 3D", HandMadePrograms.s2(new Grid(List.of(4, 6, 5)), 1)),
                Arguments.of("s2s3 16x16", HandMadePrograms.s2s3(new Grid(List.of(16, 16)), 3)),
                Arguments.of("s2s3 with a ragged last axis", HandMadePrograms.s2s3(new Grid(List.of(9, 13)), 3)),
                Arguments.of("s2s3 with vectors longer than the image", HandMadePrograms.s2s3(new Grid(List.of(5, 3)), 4)),
                Arguments.of("s2s3 in 3D", HandMadePrograms.s2s3(new Grid(List.of(4, 6, 5)), 1)));
    }

    private static Engine engine(IndexProgram program, Precision precision, int threads) {
        KernelProgram kernels = Pipeline.schedule(program);
        JavaBackend.Source source = JavaBackend.print(kernels, precision);
        if (Boolean.getBoolean("mcrc.print")) {
            System.out.println(kernels);
            System.out.println(source.text());
        }
        return new CpuEngine(Manifest.of(kernels, source, precision),
                KernelCompiler.load(source.className(), KernelCompiler.compile(source.className(), source.text())), threads);
    }

    private static double[] random(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return random.doubles(size, -0.1, 1.1).toArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void agreesWithTheEvaluator(String name, IndexProgram bound) {
        IndexProgram program = Pipeline.differentiate(bound);
        int pixels = program.fields().getFirst().tensor().grid().size();
        int size = (int) program.outputs().getFirst().value().size();
        double[] target = random(size, 7);
        double[] field = random(pixels, 8);
        double[] expected = new double[pixels];
        Losses truth;
        double[] outputs;
        try (Engine evaluator = new EvaluatorEngine(program)) {
            evaluator.setTarget("S", target);
            truth = evaluator.evaluate(Map.of("M", field), Map.of("M", expected));
            outputs = evaluator.values("S");
        }
        for (Precision precision : Precision.values()) {
            double tolerance = precision == Precision.DOUBLE ? 1e-12 : 3e-5;
            try (Engine engine = engine(program, precision, 2)) {
                engine.setTarget("S", target);
                double[] gradient = new double[pixels];
                Losses losses = engine.evaluate(Map.of("M", field), Map.of("M", gradient));
                assertEquals(truth.loss(), losses.loss(), tolerance * truth.loss());
                assertArrayEquals(outputs, engine.values("S"), tolerance);
                assertArrayEquals(expected, gradient, tolerance * scale(expected));
            }
        }
    }

    /** What is asked for values alone has no arrays for a gradient, and gives the same losses and outputs. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void valuesNeedNoGradient(String name, IndexProgram bound) {
        int pixels = bound.fields().getFirst().tensor().grid().size();
        double[] target = random((int) bound.outputs().getFirst().value().size(), 7);
        Map<String, double[]> fields = Map.of("M", random(pixels, 8));
        CpuProgram whole = CpuProgram.of(bound, Demand.GRADIENT, org.mcrc.runtime.engine.Precision.DOUBLE);
        CpuProgram forward = CpuProgram.of(bound, Demand.VALUES, org.mcrc.runtime.engine.Precision.DOUBLE);
        assertTrue(forward.manifest().bytes() < whole.manifest().bytes());
        assertEquals(Map.of(), forward.manifest().gradients());
        try (Engine expected = whole.engine(2);
                Engine engine = forward.engine(2);
                Engine evaluator = Engines.create(bound, Demand.VALUES, Backend.EVALUATOR,
                        org.mcrc.runtime.engine.Precision.DOUBLE, 1)) {
            expected.setTarget("S", target);
            Losses losses = expected.evaluate(fields);
            for (Engine each : List.of(engine, evaluator)) {
                each.setTarget("S", target);
                assertEquals(losses.loss(), each.evaluate(fields).loss(), 1e-12 * losses.loss());
                assertArrayEquals(expected.values("S"), each.values("S"), 1e-12);
            }
            assertEquals(losses.loss(), engine.evaluate(fields, Map.of()).loss(), 1e-12 * losses.loss());
            assertThrows(IllegalArgumentException.class,
                    () -> engine.evaluate(fields, Map.of("M", new double[pixels])));
        }
    }

    private static double scale(double[] values) {
        double scale = 0;
        for (double value : values) {
            scale = Math.max(scale, Math.abs(value));
        }
        return scale;
    }

    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        IndexProgram program = Pipeline.differentiate(HandMadePrograms.s2s3(new Grid(List.of(32, 48)), 4));
        double[] field = random(32 * 48, 3);
        double[] target = random(41 * 41, 4);
        double[] first = null;
        double loss = 0;
        for (int threads = 1; threads <= 3; threads++) {
            try (Engine engine = engine(program, Precision.SINGLE, threads)) {
                engine.setTarget("S", target);
                double[] gradient = new double[field.length];
                Losses losses = engine.evaluate(Map.of("M", field), Map.of("M", gradient));
                if (first == null) {
                    first = gradient;
                    loss = losses.loss();
                }
                assertArrayEquals(first, gradient, 0.0);
                assertEquals(loss, losses.loss(), 0.0);
            }
        }
    }
}
