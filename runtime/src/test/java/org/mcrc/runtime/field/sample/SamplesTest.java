package org.mcrc.runtime.field.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Microstructure;

class SamplesTest {

    /** A kind of random samples: each seed's. */
    record Kind(String name, LongFunction<Microstructure> samples) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind> randomKinds() {
        Extents plane = Extents.of(48, 40);
        Extents space = Extents.of(16, 20, 24);
        return Stream.of(plane, space).flatMap(extents -> Stream.of(
                new Kind("disks " + extents, seed -> RandomBalls.sample(extents, 4.5, 0.3, false, seed)),
                new Kind("overlapping disks " + extents, seed -> RandomBalls.sample(extents, 4.5, 0.3, true, seed)),
                new Kind("Voronoi " + extents,
                        seed -> VoronoiCells.sample(extents, 40, 2, OptionalDouble.of(0.3), seed)),
                new Kind("Gaussian " + extents, seed -> GaussianRandomField.sample(extents, 4, 0.3, seed))));
    }

    @ParameterizedTest
    @MethodSource("randomKinds")
    void aSeedGivesOneStructureAndAnotherSeedAnother(Kind kind) {
        assertEquals(kind.samples.apply(7), kind.samples.apply(7));
        assertNotEquals(kind.samples.apply(7), kind.samples.apply(8));
    }

    @ParameterizedTest
    @MethodSource("randomKinds")
    void hasTheVolumeFractionWanted(Kind kind) {
        for (long seed = 1; seed <= 5; seed++) {
            // Up to half of the largest ball (r = 4.5: 382 voxels of 7680), the largest whole grain here.
            assertEquals(0.3, kind.samples.apply(seed).fraction(1), 0.025);
        }
    }

    /**
     * Neighbours across the border must be alike as often as neighbours inside; without periodicity they are as
     * strangers.
     */
    @ParameterizedTest
    @MethodSource("randomKinds")
    void isPeriodic(Kind kind) {
        int rank = kind.samples.apply(0).extents().rank();
        for (int axis = 0; axis < rank; axis++) {
            double across = 0;
            double inside = 0;
            for (long seed = 1; seed <= 30; seed++) {
                Microstructure sample = kind.samples.apply(seed);
                across += unlikeNeighbours(sample, axis, sample.extents().get(axis) - 1) / 30;
                inside += unlikeNeighbours(sample, axis, sample.extents().get(axis) / 2) / 30;
            }
            // Strangers would be unlike with probability 2 * 0.3 * 0.7 = 0.42.
            assertTrue(inside < 0.25, kind + ": " + inside);
            assertEquals(inside, across, 0.06, kind + ", axis " + axis);
        }
    }

    private static double unlikeNeighbours(Microstructure sample, int axis, int position) {
        Extents extents = sample.extents();
        int stride = 1;
        for (int later = axis + 1; later < extents.rank(); later++) {
            stride *= extents.get(later);
        }
        int unlike = 0;
        int pairs = 0;
        for (int pixel = 0; pixel < sample.labels().length; pixel++) {
            if (pixel / stride % extents.get(axis) == position) {
                int next = (position + 1) % extents.get(axis);
                unlike += sample.labels()[pixel] == sample.labels()[pixel + (next - position) * stride] ? 0 : 1;
                pairs++;
            }
        }
        return (double) unlike / pairs;
    }

    @Test
    void checkerboardIsThePeerBenchmarks() {
        // ((i // 8 + j // 8) % 2), NumPy's first rows of the 64 x 64 board.
        Microstructure board = Checkerboard.sample(Extents.of(64, 64), 8);
        for (int row = 0; row < 64; row++) {
            for (int column = 0; column < 64; column++) {
                assertEquals((row / 8 + column / 8) % 2, board.labels()[row * 64 + column]);
            }
        }
        assertEquals(0.5, board.fraction(1));
    }

    @Test
    void checkerboardOfCubesAlternatesAlongEveryAxis() {
        Microstructure board = Checkerboard.sample(Extents.of(2, 4, 2), 1);
        assertArrayEquals(new int[] {0, 1, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1}, board.labels());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "60x64 | 8 | take --size 64x64 or --square 2", "65x64 | 8 | take --size 64x64",
        "4x64 | 8 | take --size 16x64 or --square 2"})
    void checkerboardThatIsNotPeriodicIsRefusedWithAMend(String size, int square, String mend) {
        InputError error = assertThrows(InputError.class, () -> Checkerboard.sample(Extents.parse(size), square));
        assertTrue(error.getMessage().contains("is not periodic: each extent must be a multiple of two squares, 16"));
        assertEquals(mend, error.mend().orElseThrow());
    }

    @Test
    void disksThatDoNotOverlapAreDiscreteDisks() {
        // One disk fits only: the pixels of a disk of radius 3 around a random centre number about 9 pi.
        Microstructure sample = RandomBalls.sample(Extents.of(40, 40), 3, 28.3 / 1600, false, 5);
        assertEquals(28.3, sample.counts()[1], 6);
    }

    @Test
    void distancesBetweenCentresOfDisksAreAtLeastADiameter() {
        Microstructure sample = RandomBalls.sample(Extents.of(64, 64), 2, 0.45, false, 11);
        // The largest square in a disk of radius 2 has an edge of 2.8; overlapping disks at this fraction make larger
        // ones.
        for (int row = 0; row < 64; row++) {
            for (int column = 0; column < 64; column++) {
                assertTrue(solidSquare(sample, row, column) <= 4, row + ", " + column);
            }
        }
    }

    /** The edge of the largest square of phase 1 with its first corner at this pixel. */
    private static int solidSquare(Microstructure sample, int row, int column) {
        int edge = 0;
        while (edge < 10) {
            for (int i = 0; i <= edge; i++) {
                for (int j = 0; j <= edge; j++) {
                    if (sample.labels()[(row + i) % 64 * 64 + (column + j) % 64] == 0) {
                        return edge;
                    }
                }
            }
            edge++;
        }
        return edge;
    }

    @Test
    void disksWithoutRoomAreRefused() {
        InputError error =
                assertThrows(InputError.class, () -> RandomBalls.sample(Extents.of(64, 64), 4, 0.8, false, 1));
        assertTrue(error.getMessage().startsWith("disks of radius 4.0 that do not overlap fill 0.5"),
                error.getMessage());
        assertTrue(error.mend().orElseThrow().contains("--overlap"));
        assertEquals(0.8, RandomBalls.sample(Extents.of(64, 64), 4, 0.8, true, 1).fraction(1), 0.01);
    }

    @ParameterizedTest
    @ValueSource(strings = {"30x44", "12x9x15", "5x1", "2x2x3"})
    void voronoiPixelsBelongToTheNearestPoint(String size) {
        Extents extents = Extents.parse(size);
        int[] box = extents.toArray();
        for (int count : new int[] {1, 2, 5}) {
            SeededRandom random = new SeededRandom(count);
            PeriodicPoints points = new PeriodicPoints(extents, 2.2);
            double[][] all = new double[count][];
            for (int number = 0; number < count; number++) {
                all[number] = random.point(box);
                points.add(all[number]);
            }
            for (int trial = 0; trial < 200; trial++) {
                double[] place = random.point(box);
                double[] distances =
                        Arrays.stream(all).mapToDouble(point -> squaredDistance(point, place, box)).toArray();
                double least = Arrays.stream(distances).min().orElseThrow();
                assertEquals(least, distances[points.nearest(place)]);
                assertEquals(least < 2.2 * 2.2 * 0.8, points.anyNearer(place, 2.2 * Math.sqrt(0.8)));
            }
        }
    }

    private static double squaredDistance(double[] point, double[] place, int[] box) {
        double squared = 0;
        for (int axis = 0; axis < box.length; axis++) {
            double least = Double.POSITIVE_INFINITY;
            for (int image = -1; image <= 1; image++) {
                least = Math.min(least, Math.abs(point[axis] - place[axis] + image * box[axis]));
            }
            squared += least * least;
        }
        return squared;
    }

    @Test
    void voronoiPhasesAreDealtOutEvenly() {
        Microstructure sample = VoronoiCells.sample(Extents.of(128, 128), 300, 3, OptionalDouble.empty(), 4);
        assertEquals(3, sample.phases());
        for (int phase = 0; phase < 3; phase++) {
            assertEquals(1 / 3.0, sample.fraction(phase), 0.08);
        }
    }

    /**
     * A Gaussian field with correlation rho, cut at its median, has S2 = 1/4 + asin(rho)/(2 pi) (Sheppard 1899); with
     * rho = exp(-(r/l)^2).
     */
    @ParameterizedTest
    @CsvSource({"256x256, 6", "64x48x40, 3"})
    void gaussianFieldHasTheCorrelationWanted(String size, double length) {
        Extents extents = Extents.parse(size);
        int width = extents.get(extents.rank() - 1);
        int samples = 8;
        int[] distances = {0, 1, 3, 5, 8};
        double[] joint = new double[distances.length];
        for (long seed = 0; seed < samples; seed++) {
            int[] labels = GaussianRandomField.sample(extents, length, 0.5, seed).labels();
            for (int index = 0; index < distances.length; index++) {
                for (int pixel = 0; pixel < labels.length; pixel++) {
                    int row = pixel - pixel % width;
                    joint[index] += labels[pixel] * labels[row + (pixel + distances[index]) % width];
                }
            }
        }
        for (int index = 0; index < distances.length; index++) {
            double rho = Math.exp(-distances[index] * distances[index] / (length * length));
            assertEquals(0.25 + Math.asin(rho) / (2 * Math.PI), joint[index] / samples / extents.pixels(), 0.006,
                    "distance " + distances[index]);
        }
    }

    @Test
    void gaussianFieldMeetsTheFractionToThePixel() {
        assertEquals(123, GaussianRandomField.sample(Extents.of(20, 20), 3, 123 / 400.0, 2).counts()[1]);
        assertEquals(100, GaussianRandomField.sample(Extents.of(20, 20), 1e6, 0.25, 2).counts()[1]);
    }

    @Test
    void randomNumbersAreTheSpecifiedOnes() {
        // From the algorithm as published (Steele and Vigna 2021) and Box and Muller's formula, computed in Python.
        SeededRandom random = new SeededRandom(1);
        double[] first = {random.uniform(), random.uniform(), random.normal()};
        assertArrayEquals(new double[] {0.9046526817378442, 0.09463861544866314, -0.1602683890673913}, first, 1e-15);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.5, 1.5, Double.NaN})
    void volumeFractionsOutOfRangeAreRefused(double fraction) {
        Extents extents = Extents.of(16, 16);
        assertThrows(InputError.class, () -> RandomBalls.sample(extents, 2, fraction, true, 1));
        assertThrows(InputError.class, () -> GaussianRandomField.sample(extents, 2, fraction, 1));
        assertThrows(InputError.class, () -> VoronoiCells.sample(extents, 9, 2, OptionalDouble.of(fraction), 1));
    }

    @Test
    void otherParametersOutOfRangeAreRefused() {
        Extents extents = Extents.of(16, 16);
        assertThrows(InputError.class, () -> Checkerboard.sample(extents, 0));
        assertThrows(InputError.class, () -> RandomBalls.sample(extents, 9, 0.3, true, 1));
        assertThrows(InputError.class, () -> RandomBalls.sample(extents, 0.1, 0.3, true, 1));
        assertThrows(InputError.class, () -> GaussianRandomField.sample(extents, -1, 0.3, 1));
        assertThrows(InputError.class, () -> VoronoiCells.sample(extents, 1, 2, OptionalDouble.empty(), 1));
        assertThrows(InputError.class, () -> VoronoiCells.sample(extents, 257, 2, OptionalDouble.empty(), 1));
        assertThrows(InputError.class, () -> VoronoiCells.sample(extents, 20, 17, OptionalDouble.empty(), 1));
        assertThrows(InputError.class, () -> VoronoiCells.sample(extents, 20, 3, OptionalDouble.of(0.5), 1));
        assertThrows(InputError.class, () -> Checkerboard.sample(Extents.of(32768, 32768, 1), 16384));
    }
}
