package org.mcrc.descriptors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;

/** The products along lines, on fields with pixels that are exactly 0 and exactly 1 among grey ones. */
class LinealPathTest {
    private static IndexProgram program(List<Integer> extents, int longest) {
        return Pipeline.differentiate(Bound.at("lineal_path", extents, 2, Map.of("N", (double) longest)));
    }

    /** A tenth of the pixels is 0, most are 1: there are long lines with none, one and several zeros. */
    private static double[] field(int pixels) {
        SplittableRandom random = new SplittableRandom(5);
        return random.doubles(pixels).map(u -> u < 0.1 ? 0 : u < 0.8 ? 1 : u).toArray();
    }

    private record Evaluation(Losses losses, double[] outputs, double[] gradient) {}

    private static Evaluation evaluate(IndexProgram program, Backend backend, Precision precision, int threads) {
        try (Engine engine = Engines.create(program, backend, precision, threads)) {
            Signature.Entry output = engine.signature().outputs().getFirst();
            engine.setTarget(output.name(), new SplittableRandom(6).doubles(output.size()).toArray());
            int pixels = engine.signature().fields().getFirst().size();
            double[] gradient = new double[pixels];
            Losses losses = engine.evaluate(Map.of("M", field(pixels)), Map.of("M", gradient));
            return new Evaluation(losses, engine.values(output.name()), gradient);
        }
    }

    static Stream<Arguments> sizes() {
        return Stream.of(
                Arguments.of(List.of(26, 20), 9),
                Arguments.of(List.of(9, 6), 15),
                Arguments.of(List.of(40, 3), 4),
                Arguments.of(List.of(5, 6, 7), 5));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void kernelsAgreeWithTheEvaluator(List<Integer> extents, int longest) {
        IndexProgram program = program(extents, longest);
        Evaluation truth = evaluate(program, Backend.EVALUATOR, Precision.DOUBLE, 1);
        double scale = Arrays.stream(truth.gradient()).map(Math::abs).max().orElseThrow();
        for (Precision precision : List.of(Precision.SINGLE, Precision.DOUBLE)) {
            double tolerance = precision == Precision.DOUBLE ? 1e-12 : 1e-5;
            Evaluation own = evaluate(program, Backend.CPU, precision, 2);
            assertEquals(truth.losses().loss(), own.losses().loss(), tolerance * truth.losses().loss());
            assertArrayEquals(truth.outputs(), own.outputs(), tolerance);
            assertArrayEquals(truth.gradient(), own.gradient(), tolerance * scale);
        }
    }

    /** Blocks of rows fold into the same pixels, by whichever thread. */
    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        IndexProgram program = program(List.of(150, 70), 15);
        Evaluation one = evaluate(program, Backend.CPU, Precision.SINGLE, 1);
        for (int threads = 2; threads <= 3; threads++) {
            Evaluation more = evaluate(program, Backend.CPU, Precision.SINGLE, threads);
            assertEquals(one.losses(), more.losses());
            assertArrayEquals(one.outputs(), more.outputs(), 0.0);
            assertArrayEquals(one.gradient(), more.gradient(), 0.0);
        }
    }
}
