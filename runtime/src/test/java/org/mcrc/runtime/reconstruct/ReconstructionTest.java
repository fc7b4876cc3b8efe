package org.mcrc.runtime.reconstruct;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.optimize.Adam;
import org.mcrc.runtime.optimize.AdamSettings;

class ReconstructionTest {

    private static final int SIZE = 8;

    private static double[] checkerboard() {
        double[] board = new double[SIZE * SIZE];
        for (int i = 0; i < SIZE; i++) {
            for (int j = 0; j < SIZE; j++) {
                board[i * SIZE + j] = (i / 2 + j / 2) % 2;
            }
        }
        return board;
    }

    /** The checkerboard as the indicators of its two phases. */
    private static double[] indicators() {
        double[] indicators = new double[2 * SIZE * SIZE];
        for (int pixel = 0; pixel < SIZE * SIZE; pixel++) {
            indicators[2 * pixel + (int) checkerboard()[pixel]] = 1;
        }
        return indicators;
    }

    private static Supplier<Engine> judge(TwoPointEngine engine, Map<String, double[]> target) {
        return () -> {
            target.forEach(engine::setTarget);
            return engine;
        };
    }

    private static ReconstructionResult reconstruct(
            TwoPointEngine engine, double[] original, AdamSettings adam, ReconstructionSettings settings) {
        Map<String, double[]> target = engine.descriptorOf(original);
        try (Referee referee = new Referee(judge(engine, target), Referee.DOUBLE_BOUND)) {
            return new Reconstruction(engine, target, Rounding.of(engine.signature()), referee, settings)
                    .run(new Adam(adam), iteration -> { }, new Cancellation());
        }
    }

    private static boolean isTranslation(double[] field, double[] original, int channels, int size) {
        for (int shift = 0; shift < size * size; shift++) {
            boolean same = true;
            for (int i = 0; i < size && same; i++) {
                for (int j = 0; j < size * channels && same; j++) {
                    int row = (i + shift / size) % size;
                    int column = (j + shift % size * channels) % (size * channels);
                    same = field[row * size * channels + column] == original[i * size * channels + j];
                }
            }
            if (same) {
                return true;
            }
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void checkerboardIsReconstructedExactly(long seed) {
        TwoPointEngine engine = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        ReconstructionResult result =
                reconstruct(engine, checkerboard(), AdamSettings.DEFAULT, ReconstructionSettings.of(seed));
        assertEquals(StopReason.EXACT, result.reason());
        assertTrue(result.exact());
        assertTrue(isTranslation(result.rounded().get("M"), checkerboard(), 1, SIZE));
        assertEquals(result.iterations().size(), result.bestIteration());
        assertArrayEquals(result.rounded().get("M"),
                Rounding.THRESHOLD.round(result.continuous().get("M"), 2));
    }

    @Test
    void indicatorsOfAllPhasesAreReconstructedExactly() {
        TwoPointEngine engine = TwoPointEngine.ofIndicators(SIZE, SIZE, 2);
        ReconstructionResult result =
                reconstruct(engine, indicators(), AdamSettings.DEFAULT, ReconstructionSettings.of(1));
        assertEquals(StopReason.EXACT, result.reason());
        double[] rounded = result.rounded().get("I");
        for (int pixel = 0; pixel < SIZE * SIZE; pixel++) {
            assertEquals(1, rounded[2 * pixel] + rounded[2 * pixel + 1]);
        }
        assertTrue(isTranslation(rounded, indicators(), 2, SIZE));
    }

    @Test
    void singlePrecisionIsJudgedInDoublePrecision() {
        TwoPointEngine exact = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        TwoPointEngine single = exact.inSinglePrecision();
        Map<String, double[]> target = exact.descriptorOf(checkerboard());
        target.get("S@1")[5] += 1e-7;
        try (Referee referee = new Referee(judge(exact, target), Referee.DOUBLE_BOUND)) {
            ReconstructionResult result = new Reconstruction(single, target, Rounding.of(single.signature()), referee,
                    ReconstructionSettings.of(1).withIterations(3000).withPlateau(300))
                    .run(new Adam(AdamSettings.DEFAULT), iteration -> { }, new Cancellation());
            assertFalse(result.exact(), "a target that no binary field has is not met exactly");
            assertTrue(result.relativeError() < 1e-7, "but nearly: " + result.relativeError());
        }
        assertTrue(exact.closed);
    }

    @Test
    void sameSeedGivesTheSameRunAndAnotherSeedAnother() {
        TwoPointEngine engine = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        ReconstructionSettings settings = ReconstructionSettings.of(7).withIterations(25);
        double[] first = reconstruct(engine, checkerboard(), AdamSettings.DEFAULT, settings).continuous().get("M");
        double[] again = reconstruct(engine, checkerboard(), AdamSettings.DEFAULT, settings).continuous().get("M");
        double[] other = reconstruct(engine, checkerboard(), AdamSettings.DEFAULT,
                ReconstructionSettings.of(8).withIterations(25)).continuous().get("M");
        assertArrayEquals(first, again);
        int different = 0;
        for (int pixel = 0; pixel < first.length; pixel++) {
            different += first[pixel] == other[pixel] ? 0 : 1;
        }
        assertEquals(first.length, different);
    }

    @Test
    void iterationLimitEndsWithTheBestRoundedField() {
        TwoPointEngine engine = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        ReconstructionResult result = reconstruct(engine, checkerboard(), AdamSettings.PAPER,
                ReconstructionSettings.of(1).withIterations(25));
        assertEquals(StopReason.ITERATION_LIMIT, result.reason());
        assertEquals(25, result.iterations().size());
        assertFalse(result.exact());
        List<Integer> looked = new ArrayList<>();
        double least = Double.POSITIVE_INFINITY;
        for (Iteration iteration : result.iterations()) {
            if (iteration.roundedError().isPresent()) {
                looked.add(iteration.number());
                least = Math.min(least, iteration.roundedError().getAsDouble());
            }
        }
        assertEquals(List.of(1, 10, 20, 25), looked);
        assertEquals(least, result.roundedError().getAsDouble());
        assertEquals(least, engine.evaluate(result.rounded()).error(), 1e-15);
    }

    @Test
    void toleranceIsRelativeToTheTargetsNormWhateverTheLoss() {
        double[] original = checkerboard();
        TwoPointEngine engine = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        double norm = 0;
        for (double value : engine.descriptorOf(original).get("S@1")) {
            norm += value * value;
        }
        norm = Math.sqrt(norm);
        ReconstructionSettings settings = ReconstructionSettings.of(1).withTolerance(0.3);
        AdamSettings slow = AdamSettings.DEFAULT.withLearningRate(0.003);
        ReconstructionResult length = reconstruct(engine, original, slow, settings);
        assertEquals(StopReason.TOLERANCE, length.reason());
        assertEquals(1, length.scale().degree());
        assertEquals(norm, length.scale().norm(), 1e-12);
        assertEquals(length.roundedError().getAsDouble() / norm, length.relativeError(), 1e-12);
        assertTrue(length.relativeError() <= 0.3);

        ReconstructionResult square =
                reconstruct(engine.withSquaredLoss(), original, slow, settings);
        assertEquals(2, square.scale().degree());
        assertEquals(norm * norm, square.scale().norm(), 1e-12);
        assertEquals(Math.sqrt(square.roundedError().getAsDouble()) / norm, square.relativeError(), 1e-12);
    }

    @Test
    void targetOfZerosIsReached() {
        ReconstructionResult result = reconstruct(TwoPointEngine.ofField(4, 4, 0, 1), new double[16],
                AdamSettings.DEFAULT, ReconstructionSettings.of(1));
        assertTrue(result.exact());
        assertArrayEquals(new double[16], result.rounded().get("M"));
    }

    @Test
    void realFieldIsNotRoundedAndStopsAtTheTolerance() {
        double[] original = new double[16];
        Arrays.fill(original, 0.8);
        TwoPointEngine engine =
                TwoPointEngine.ofField(4, 4, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY).withSquaredLoss();
        ReconstructionResult result = reconstruct(engine, original,
                new AdamSettings(0.02, 100, 0.9, 0.99, 1e-16), ReconstructionSettings.of(1).withTolerance(0.02));
        assertEquals(StopReason.TOLERANCE, result.reason());
        assertTrue(result.roundedError().isEmpty());
        assertTrue(result.relativeError() <= 0.02);
        assertTrue(result.iterations().stream().allMatch(iteration -> iteration.roundedError().isEmpty()));
        assertArrayEquals(result.continuous().get("M"), result.rounded().get("M"));
    }

    @Test
    void plateauEndsARunThatDoesNotAdvance() {
        // A step far below the distance to go: nothing improves by a thousandth.
        ReconstructionResult result = reconstruct(TwoPointEngine.ofField(SIZE, SIZE, 0, 1), checkerboard(),
                AdamSettings.DEFAULT.withLearningRate(1e-9), ReconstructionSettings.of(1).withPlateau(40));
        assertEquals(StopReason.PLATEAU, result.reason());
        assertEquals(41, result.iterations().size());
    }

    @Test
    void interruptedRunDeliversTheBestSoFar() {
        TwoPointEngine engine = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        Map<String, double[]> target = engine.descriptorOf(checkerboard());
        Cancellation cancellation = new Cancellation();
        try (Referee referee = new Referee(judge(engine, target), Referee.DOUBLE_BOUND)) {
            ReconstructionResult result = new Reconstruction(engine, target, Rounding.of(engine.signature()), referee,
                    ReconstructionSettings.of(1)).run(new Adam(AdamSettings.PAPER), iteration -> {
                        if (iteration.number() == 13) {
                            cancellation.request();
                        }
                    }, cancellation);
            assertEquals(StopReason.INTERRUPTED, result.reason());
            assertEquals(13, result.iterations().size());
            assertEquals(SIZE * SIZE, result.rounded().get("M").length);
        }
    }

    @Test
    void initialFieldsWithoutALossAreTheDescriptorsFault() {
        TwoPointEngine engine = TwoPointEngine.ofField(4, 4, 0, 1);
        double[] original = new double[16];
        original[3] = Double.NaN;
        InputError error = assertThrows(InputError.class,
                () -> reconstruct(engine, original, AdamSettings.DEFAULT, ReconstructionSettings.of(1)));
        assertTrue(error.getMessage().contains("not a finite number (loss NaN)"), error.getMessage());
    }

    @Test
    void gradientOfTheTestEngineAgreesWithFiniteDifferences() {
        TwoPointEngine engine = TwoPointEngine.ofIndicators(3, 4, 2);
        engine.setTarget("S@1", new Random(1).doubles(24).toArray());
        double[] field = new Random(2).doubles(24, -0.3, 1.3).toArray();
        double[] gradient = new double[24];
        Losses losses = engine.evaluate(Map.of("I", field), Map.of("I", gradient));
        assertTrue(losses.loss() > losses.error());
        for (int position = 0; position < field.length; position++) {
            double value = field[position];
            field[position] = value + 1e-6;
            double above = engine.evaluate(Map.of("I", field)).loss();
            field[position] = value - 1e-6;
            double below = engine.evaluate(Map.of("I", field)).loss();
            field[position] = value;
            assertEquals((above - below) / 2e-6, gradient[position], 1e-8);
        }
    }
}
