package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.backend.cuda.CudaBackend;
import org.mcrc.compiler.backend.cuda.CudaPrecision;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.EvaluatorEngine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cpu.HandMadePrograms;
import org.mcrc.runtime.reconstruct.DescriptorScale;

/** The generated CUDA kernels against the evaluator in double precision, run on this computer's processor. */
class CudaEngineTest {
    static Stream<Arguments> programs() {
        return Stream.of(
                Arguments.of("s2 16x16", HandMadePrograms.s2(new Grid(List.of(16, 16)), 2)),
                Arguments.of("s2 with a ragged last axis", HandMadePrograms.s2(new Grid(List.of(9, 13)), 3)),
                Arguments.of("s2 in 3D", HandMadePrograms.s2(new Grid(List.of(4, 6, 5)), 1)),
                Arguments.of("s2s3 16x16", HandMadePrograms.s2s3(new Grid(List.of(16, 16)), 3)),
                Arguments.of("s2s3 with more rows than a tile", HandMadePrograms.s2s3(new Grid(List.of(16, 16)), 6)),
                Arguments.of("s2s3 with a ragged last axis", HandMadePrograms.s2s3(new Grid(List.of(9, 13)), 3)),
                Arguments.of("s2s3 with vectors longer than the image", HandMadePrograms.s2s3(new Grid(List.of(5, 3)), 4)),
                Arguments.of("s2s3 in 3D", HandMadePrograms.s2s3(new Grid(List.of(4, 6, 5)), 1)),
                // Lines along which tensor cores' elements are added up where they are computed, below.
                Arguments.of("s2s3 with lines of 32", HandMadePrograms.s2s3(new Grid(List.of(10, 32)), 6)),
                Arguments.of("s2s3 with vectors longer than such a line", HandMadePrograms.s2s3(new Grid(List.of(8, 16)), 18)),
                Arguments.of("s2s3 with lines of a segment", HandMadePrograms.s2s3(new Grid(List.of(3, 128)), 6)),
                Arguments.of("s2s3 with lines of three segments", HandMadePrograms.s2s3(new Grid(List.of(2, 384)), 6)),
                Arguments.of("s2s3 in 3D with lines of 64", HandMadePrograms.s2s3(new Grid(List.of(3, 4, 64)), 3)),
                Arguments.of("s2s3 in 3D with lines of two segments", HandMadePrograms.s2s3(new Grid(List.of(2, 2, 256)), 3)),
                Arguments.of("vectors wider than a segment", wide()));
    }

    /** Vectors of which those of a line are far from each other: the first and the last farther than a segment is long. */
    private static IndexProgram wide() {
        List<int[]> vectors = new ArrayList<>();
        for (int across = 0; across <= 6; across++) {
            for (int along = -6; along <= 6; along++) {
                vectors.add(new int[] {across, 17 * along});
            }
        }
        return HandMadePrograms.s2s3(new Grid(List.of(2, 256)), new VectorDomain("R", 2, vectors));
    }

    private static double[] random(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return random.doubles(size, -0.1, 1.1).toArray();
    }

    /** How a program is compiled, and how accurate it is then. */
    private record Way(Precision precision, boolean tensorCores, double tolerance) {}

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void agreesWithTheEvaluator(String name, IndexProgram bound) {
        HostDevice.assumeAvailable();
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
        for (Way way : List.of(new Way(Precision.SINGLE, false, 3e-5), new Way(Precision.SINGLE, true, 3e-5),
                new Way(Precision.MIXED, true, 2e-3), new Way(Precision.DOUBLE, true, 1e-12))) {
            double tolerance = way.tolerance();
            CudaProgram compiled = CudaProgram.of(Pipeline.schedule(program), way.precision(), way.tensorCores());
            if (Boolean.getBoolean("mcrc.print")) {
                System.out.println(compiled.source());
                System.out.println(compiled.manifest().cuda().phases());
            }
            for (boolean warpgroups : way.tensorCores() ? List.of(false, true) : List.of(false)) {
                try (HostDevice device = new HostDevice(HostDevice.Order.ASCENDING, 1L << 32, warpgroups);
                        Engine engine = new CudaEngine(compiled.manifest(), compiled.source(), device)) {
                    engine.setTarget("S", target);
                    double[] gradient = new double[pixels];
                    Losses losses = engine.evaluate(Map.of("M", field), Map.of("M", gradient));
                    assertEquals(truth.loss(), losses.loss(), tolerance * truth.loss());
                    assertArrayEquals(outputs, engine.values("S"), tolerance);
                    assertArrayEquals(expected, gradient, tolerance * scale(expected));
                }
            }
        }
    }

    static Stream<IndexProgram> parts() {
        List<int[]> along = IntStream.range(0, 100).mapToObj(k -> new int[] {k}).toList();
        return Stream.concat(Stream.of(new int[] {32, 32, 3}, new int[] {40, 36, 6}, new int[] {24, 50, 4}, new int[] {10, 32, 6},
                new int[] {20, 64, 6}, new int[] {5, 256, 6}).map(each ->
                HandMadePrograms.s2s3(new Grid(List.of(each[0], each[1])), each[2])),
                Stream.of(HandMadePrograms.s2s3(new Grid(List.of(1408)), new VectorDomain("R", 1, along))));
    }

    /** Pixels of a large image are staged one part after another: here by a budget that holds a quarter of a small one. */
    @ParameterizedTest
    @MethodSource("parts")
    void pixelsMayBeStagedInParts(IndexProgram bound) {
        HostDevice.assumeAvailable();
        IndexProgram program = Pipeline.differentiate(bound);
        KernelProgram kernels = Pipeline.schedule(program);
        double[] field = random(program.fields().getFirst().tensor().grid().size(), 3);
        for (int pixel = 0; pixel < field.length; pixel++) {
            // The greatest values of the parts are far from each other.
            field[pixel] *= pixel / (double) field.length;
        }
        double[] target = random((int) program.outputs().getFirst().value().size(), 4);
        double[] expected = new double[field.length];
        Losses truth;
        try (Engine evaluator = new EvaluatorEngine(program)) {
            evaluator.setTarget("S", target);
            truth = evaluator.evaluate(Map.of("M", field), Map.of("M", expected));
        }
        for (CudaPrecision precision : CudaPrecision.values()) {
            double tolerance = precision == CudaPrecision.DOUBLE ? 1e-12 : 3e-5;
            CudaBackend.Source source = CudaBackend.print(kernels, precision, 1);
            Manifest manifest = Manifest.of(kernels, source.plan(), precision == CudaPrecision.DOUBLE ? "double" : "single");
            assertTrue(source.text().contains("first_pixel"), "the image is small enough to be staged at once");
            try (HostDevice device = new HostDevice(); Engine engine = new CudaEngine(manifest, source.text(), device)) {
                engine.setTarget("S", target);
                double[] gradient = new double[field.length];
                Losses losses = engine.evaluate(Map.of("M", field), Map.of("M", gradient));
                assertEquals(truth.loss(), losses.loss(), tolerance * truth.loss());
                assertArrayEquals(expected, gradient, tolerance * scale(expected));
            }
        }
    }

    /** How far a target is, is known as soon as it was measured, also where it was set for the second time. */
    @ParameterizedTest
    @CsvSource({"1e-4, 22 bits", "0.5, 11 bits"})
    void mixedPrecisionGoesByTheErrorRelativeToTheTarget(double distance, String bits) {
        HostDevice.assumeAvailable();
        IndexProgram program = Pipeline.differentiate(HandMadePrograms.s2s3(new Grid(List.of(16, 16)), 6));
        CudaProgram compiled = CudaProgram.of(Pipeline.schedule(program), Precision.MIXED, true);
        double[] field = random(256, 5);
        try (HostDevice device = new HostDevice();
                Engine engine = new CudaEngine(compiled.manifest(), compiled.source(), device)) {
            engine.characterize(Map.of("M", field));
            double[] target = Arrays.stream(engine.values("S")).map(value -> value * (1 + distance)).toArray();
            for (int time = 0; time < 2; time++) {
                DescriptorScale.measure(engine, Map.of("S", target), Map.of("M", field));
                engine.evaluate(Map.of("M", field), Map.of("M", new double[field.length]));
                assertTrue(engine.arithmetic().orElseThrow().contains(bits), engine.arithmetic().orElseThrow());
            }
        }
    }

    private static double scale(double[] values) {
        double scale = 0;
        for (double value : values) {
            scale = Math.max(scale, Math.abs(value));
        }
        return scale;
    }
}
