package org.mcrc.descriptors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.sample.Checkerboard;

/** The library against closed forms, against counting pixels, and against the paper's equations. */
class ClosedFormsTest {
    private static final int ROWS = 12;
    private static final int COLUMNS = 10;
    private static final List<Integer> EXTENTS = List.of(ROWS, COLUMNS);
    private static final int REACH = 2;

    /** The soft threshold of Seibert et al. (2021), eqs. 21 and 22, solved for its constants by hand: c2 = -0.75. */
    private static final double HALF =
            (logistic(-2.5) - logistic(-7.5)) / (logistic(2.5) - logistic(-7.5));

    private static double logistic(double z) {
        return 1 / (1 + Math.exp(-z));
    }

    @Test
    void theVolumeFractionIsTheShareOfPixels() {
        double[] field = new double[ROWS * COLUMNS];
        field[0] = 1;
        field[17] = 1;
        field[119] = 1;
        assertEquals(3 / 120.0, characterize("volume_fraction", Map.of(), field).get("phi@1")[0], 1e-17);
    }

    /** A checkerboard is (1 + s(x1) s(x2)) / 2 with a square wave s, whose autocorrelation is a triangle wave. */
    @Test
    void theTwoPointCorrelationOfACheckerboardIsAProductOfTriangleWaves() {
        int square = 8;
        double[] board = Checkerboard.sample(Extents.of(64, 64), square).indicator(1).values();
        double[] correlation = Bound.characterize(
                Bound.at("s2", List.of(64, 64), 2, Map.of("P", 20.0)), Backend.CPU, board).get("S2@1");
        List<int[]> vectors = halfWindow(20);
        assertEquals(vectors.size(), correlation.length);
        for (int i = 0; i < correlation.length; i++) {
            double expected = (1 + triangle(vectors.get(i)[0], square) * triangle(vectors.get(i)[1], square)) / 4;
            assertEquals(expected, correlation[i], 1e-15);
        }
    }

    /** 1 at 0, -1 at half the period, straight between. */
    private static double triangle(int distance, int square) {
        int within = Math.floorMod(distance, 2 * square);
        return 1 - 2.0 * Math.min(within, 2 * square - within) / square;
    }

    /** Levels see the mean of four pixels: of squares of eight, three levels are checkerboards too. */
    @Test
    void theCoarserLevelsOfACheckerboardAreSmallerCheckerboards() {
        double[] board = Checkerboard.sample(Extents.of(64, 64), 8).indicator(1).values();
        Map<String, double[]> levels = Bound.characterize(
                Bound.at("s2", List.of(64, 64), 2, Map.of("P", 7.0)), Backend.CPU, board);
        assertEquals(List.of("S2@1", "S2@2", "S2@3"), List.copyOf(levels.keySet()));
        List<int[]> vectors = halfWindow(7);
        for (int level = 1; level <= 3; level++) {
            int square = 8 >> level - 1;
            double[] correlation = levels.get("S2@" + level);
            for (int i = 0; i < correlation.length; i++) {
                double expected = (1 + triangle(vectors.get(i)[0], square) * triangle(vectors.get(i)[1], square)) / 4;
                assertEquals(expected, correlation[i], 1e-15);
            }
        }
    }

    @Test
    void theTwoPointCorrelationIsTheShareOfPairsInPhaseOne() {
        double[] field = twoPhases();
        double[] correlation = characterize("s2", window(), field).get("S2@1");
        List<int[]> vectors = halfWindow(REACH);
        for (int i = 0; i < vectors.size(); i++) {
            assertEquals(share(field, vectors.get(i)), correlation[i], 1e-15);
        }
    }

    /** Eq. 22: f(0) = 0 and f(1) = 1. */
    @Test
    void theSoftThresholdIsExactWhereAllPixelsAreAlike() {
        double[] none = new double[ROWS * COLUMNS];
        for (double value : characterize("s2_soft", window(), none).get("S@1")) {
            assertEquals(0, value, 1e-15);
        }
        double[] all = new double[ROWS * COLUMNS];
        Arrays.fill(all, 1);
        for (double value : characterize("s2_soft", window(), all).get("S@1")) {
            assertEquals(1, value, 1e-15);
        }
    }

    /** Eqs. 14, 26 and 27: pairs in phase 1 count 1, pairs in both phases count f(1/2). */
    @Test
    void theLinearReductionCountsPairsInBothPhasesByTheThresholdAtOneHalf() {
        double[] field = twoPhases();
        double[] soft = characterize("s2_soft", window(), field).get("S@1");
        double fraction = share(field);
        List<int[]> vectors = halfWindow(REACH);
        for (int i = 0; i < vectors.size(); i++) {
            double exact = share(field, vectors.get(i));
            assertEquals(exact + 2 * HALF * (fraction - exact), soft[i], 1e-15);
        }
    }

    /** Eq. 28: in the quadratic reduction they count the square of it. */
    @Test
    void theDiagonalOfTheQuadraticReductionIsTheSoftTwoPointCorrelation() {
        double[] field = twoPhases();
        double[] gram = characterize("s2s3", window(), field).get("S@1");
        double fraction = share(field);
        List<int[]> vectors = halfWindow(REACH);
        for (int i = 0; i < vectors.size(); i++) {
            double exact = share(field, vectors.get(i));
            assertEquals(exact + 2 * HALF * HALF * (fraction - exact), gram[i * vectors.size() + i], 1e-15);
        }
    }

    /** Eqs. 29 and 31: corrected, they are the exact two- and three-point correlations. */
    @Test
    void theCorrectedCorrelationsAreTheSharesOfPairsAndTriplesInPhaseOne() {
        double[] field = twoPhases();
        double[] corrected = characterize("s2s3_corrected", window(), field).get("S3@1");
        List<int[]> vectors = halfWindow(REACH);
        for (int a = 0; a < vectors.size(); a++) {
            for (int b = 0; b < vectors.size(); b++) {
                assertEquals(share(field, vectors.get(a), vectors.get(b)), corrected[a * vectors.size() + b], 1e-15);
            }
        }
    }

    /** Without a threshold the reduction is a sum of two-point correlations, for any field: no third point enters. */
    @Test
    void withoutAThresholdTheReductionHoldsTwoPointCorrelationsOnly() {
        double[] field = new SplittableRandom(5).doubles(ROWS * COLUMNS, 0, 1).toArray();
        double[] gram = characterize("s2s3_linear", window(), field).get("S@1");
        List<int[]> vectors = halfWindow(REACH);
        int[] zero = {0, 0};
        for (int a = 0; a < vectors.size(); a++) {
            for (int b = 0; b < vectors.size(); b++) {
                int[] between = {vectors.get(a)[0] - vectors.get(b)[0], vectors.get(a)[1] - vectors.get(b)[1]};
                double expected = (product(field, zero) + product(field, vectors.get(a)) + product(field, vectors.get(b))
                        + product(field, between)) / 4;
                assertEquals(expected, gram[a * vectors.size() + b], 1e-15);
            }
        }
    }

    @Test
    void theLinealPathOfStripesFallsByOnePixelAStepAcrossThemAndNotAlongThem() {
        double[] path = characterize("lineal_path", Map.of("N", 6.0), stripes(4, 6)).get("L@1");
        // The directions (0, 1), (1, -1), (1, 0), (1, 1): one along the stripes, three across.
        for (int n = 0; n <= 6; n++) {
            assertEquals(4 / 6.0, path[n * 4], 1e-15);
            for (int direction = 1; direction < 4; direction++) {
                assertEquals(Math.max(0, 4 - n) / 6.0, path[n * 4 + direction], 1e-15);
            }
        }
    }

    @Test
    void theVariationOfStripesCountsTheirTwoSidesAcrossThem() {
        double[] variation = characterize("variation", Map.of(), stripes(4, 6)).get("V@1");
        // The axes (0, 1), along the stripes, and (1, 0), across.
        assertEquals(0, variation[0]);
        assertEquals(2 / 6.0, variation[1], 1e-15);
    }

    /** Eq. 27 for three phases: what starts in a phase ends somewhere. */
    @Test
    void theCrossCorrelationsAreTheSharesOfPairsFromOnePhaseToALaterOne() {
        SplittableRandom random = new SplittableRandom(11);
        int[] labels = random.ints(ROWS * COLUMNS, 0, 3).toArray();
        double[] indicators = new double[3 * labels.length];
        for (int pixel = 0; pixel < labels.length; pixel++) {
            indicators[3 * pixel + labels[pixel]] = 1;
        }
        IndexProgram program = Bound.at("cross_correlations", EXTENTS, 3, window());
        Map<String, double[]> values = Bound.characterize(program, Backend.CPU, indicators);
        double[] correlations = values.get("S2@1");
        int vectors = correlations.length / 9;
        assertEquals(25, vectors);
        for (int p = 0; p < 3; p++) {
            int phase = p;
            assertEquals(count(labels, label -> label == phase) / 120.0, values.get("phi@1")[p], 1e-15);
            for (int q = 0; q < 3; q++) {
                for (int r = 0; r < vectors; r++) {
                    double value = correlations[(p * 3 + q) * vectors + r];
                    if (p < q) {
                        assertEquals(pairs(labels, p, q, r / 5 - 2, r % 5 - 2) / 120.0, value, 1e-15);
                    } else {
                        assertTrue(Double.isNaN(value));
                    }
                }
            }
        }
    }

    /** The formulas name no dimension: layers of a volume across axis 3 have the correlations of stripes. */
    @Test
    void theTwoPointCorrelationOfLayersInAVolume() {
        double[] layers = new double[6 * 6 * 8];
        for (int pixel = 0; pixel < layers.length; pixel++) {
            layers[pixel] = pixel % 8 < 4 ? 1 : 0;
        }
        double[] correlation = Bound.characterize(Bound.at("s2", List.of(6, 6, 8), 2, Map.of("P", 1.0)), Backend.CPU,
                layers).get("S2@1");
        // The half window: (0, 0, 0), (0, 0, 1), then those with a first or second component other than 0.
        assertEquals(14, correlation.length);
        assertEquals(0.5, correlation[0]);
        assertEquals(0.375, correlation[1]);
        assertEquals(0.375, correlation[2]);
        assertEquals(0.5, correlation[3]);
        assertEquals(0.375, correlation[4]);
    }

    private static Map<String, double[]> characterize(String name, Map<String, Double> params, double[] field) {
        return Bound.characterize(Bound.at(name, EXTENTS, 2, params), Backend.CPU, field);
    }

    private static Map<String, Double> window() {
        return Map.of("P", (double) REACH);
    }

    /** The vectors of a half window in the language's order. */
    private static List<int[]> halfWindow(int reach) {
        List<int[]> vectors = new ArrayList<>();
        for (int first = 0; first <= reach; first++) {
            for (int second = first == 0 ? 0 : -reach; second <= reach; second++) {
                vectors.add(new int[] {first, second});
            }
        }
        return vectors;
    }

    private static double[] twoPhases() {
        return new SplittableRandom(7).ints(ROWS * COLUMNS, 0, 2).asDoubleStream().toArray();
    }

    /** Of a period, so many rows of phase 1. */
    private static double[] stripes(int width, int period) {
        double[] field = new double[ROWS * COLUMNS];
        for (int pixel = 0; pixel < field.length; pixel++) {
            field[pixel] = pixel / COLUMNS % period < width ? 1 : 0;
        }
        return field;
    }

    /** The share of pixels that are of phase 1 themselves and at these distances. */
    private static double share(double[] field, int[]... vectors) {
        int count = 0;
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                boolean all = at(field, row, column) == 1;
                for (int[] vector : vectors) {
                    all &= at(field, row + vector[0], column + vector[1]) == 1;
                }
                count += all ? 1 : 0;
            }
        }
        return count / (double) field.length;
    }

    private static double product(double[] field, int[] vector) {
        double sum = 0;
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                sum += at(field, row, column) * at(field, row + vector[0], column + vector[1]);
            }
        }
        return sum / field.length;
    }

    private static double at(double[] field, int row, int column) {
        return field[Math.floorMod(row, ROWS) * COLUMNS + Math.floorMod(column, COLUMNS)];
    }

    private static int count(int[] labels, IntPredicate condition) {
        return (int) Arrays.stream(labels).filter(condition).count();
    }

    private static int pairs(int[] labels, int from, int to, int rows, int columns) {
        int count = 0;
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                int end = labels[Math.floorMod(row + rows, ROWS) * COLUMNS + Math.floorMod(column + columns, COLUMNS)];
                count += labels[row * COLUMNS + column] == from && end == to ? 1 : 0;
            }
        }
        return count;
    }
}
