package org.mcrc.runtime.engine.cpu.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpectralGridTest {
    /** Powers of two, even, odd and prime extents, those that the library takes by convolution (211 and more), and 1. */
    static Stream<int[]> extents() {
        return Stream.of(new int[] {8, 16}, new int[] {6, 10}, new int[] {7, 9}, new int[] {11, 13}, new int[] {1, 12},
                new int[] {12, 1}, new int[] {1, 1}, new int[] {2, 3}, new int[] {211, 3}, new int[] {3, 223},
                new int[] {4, 6, 5}, new int[] {3, 1, 4}, new int[] {5, 7, 2});
    }

    private static double[] random(int size, long seed) {
        return new SplittableRandom(seed).doubles(size, -1, 2).toArray();
    }

    private static int size(int[] extents) {
        return Arrays.stream(extents).reduce(1, (a, b) -> a * b);
    }

    /** The position in C order of a pixel plus a vector. */
    private static int moved(int[] extents, int place, int shift) {
        int moved = 0;
        int stride = 1;
        int rest = place;
        int step = shift;
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            moved += (rest + step) % extents[axis] * stride;
            stride *= extents[axis];
            rest /= extents[axis];
            step /= extents[axis];
        }
        return moved;
    }

    private static int place(SpectralGrid grid, int[] extents, int pixel) {
        int last = pixel % extents[extents.length - 1];
        int rest = pixel / extents[extents.length - 1];
        // A vector may point out of the grid, which is periodic.
        return extents.length == 2 ? grid.position(rest - extents[0], last + 2 * extents[1])
                : grid.position(rest / extents[1], rest % extents[1] + extents[1], last - extents[2]);
    }

    private static double[] correlation(int[] extents, double[] left, double[] right, int threads) {
        try (Workers workers = new Workers(threads)) {
            SpectralGrid grid = new SpectralGrid(extents, workers);
            int[] halo = new int[extents.length];
            double[] spectra = new double[2 * grid.length()];
            double[] sum = new double[grid.length()];
            grid.spectrum(left, 0, halo, spectra, 0);
            grid.spectrum(right, 0, halo, spectra, grid.length());
            grid.addCorrelation(spectra, 0, spectra, grid.length(), sum);
            grid.inverse(sum);
            double[] result = new double[left.length];
            for (int pixel = 0; pixel < result.length; pixel++) {
                result[pixel] = sum[place(grid, extents, pixel)];
            }
            return result;
        }
    }

    @ParameterizedTest
    @MethodSource("extents")
    void correlationIsTheSumOfProducts(int[] extents) {
        double[] left = random(size(extents), 1);
        double[] right = random(size(extents), 2);
        double[] expected = new double[left.length];
        for (int shift = 0; shift < expected.length; shift++) {
            for (int pixel = 0; pixel < left.length; pixel++) {
                expected[shift] += left[pixel] * right[moved(extents, pixel, shift)];
            }
        }
        assertArrayEquals(expected, correlation(extents, left, right, 2), 1e-13 * left.length);
    }

    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        for (int[] extents : new int[][] {{96, 250}, {250, 509}, {24, 30, 50}, {9000, 2}}) {
            double[] left = random(size(extents), 1);
            double[] right = random(size(extents), 2);
            double[] alone = correlation(extents, left, right, 1);
            for (int threads = 2; threads <= 3; threads++) {
                assertArrayEquals(alone, correlation(extents, left, right, threads), 0.0);
            }
        }
    }

    /** What is stored with a halo, as one of several planes, in either precision. */
    @Test
    void storedGridsHaveHalos() {
        int[] extents = {3, 4};
        int[] halo = {1, 2};
        Halo layout = new Halo(extents, halo);
        float[] stored = new float[2 * layout.length()];
        double[] exact = new double[stored.length];
        SplittableRandom random = new SplittableRandom(4);
        for (int k = 0; k < stored.length; k++) {
            stored[k] = (float) random.nextDouble();
            exact[k] = stored[k];
        }
        try (Workers workers = new Workers(1)) {
            SpectralGrid grid = new SpectralGrid(extents, workers);
            double[] spectrum = new double[grid.length() + 5];
            grid.spectrum(stored, layout.length(), halo, spectrum, 5);
            double[] same = new double[grid.length()];
            grid.spectrum(exact, layout.length(), halo, same, 0);
            assertArrayEquals(same, Arrays.copyOfRange(spectrum, 5, spectrum.length), 0.0);
            double mean = 0;
            for (int pixel = 0; pixel < 12; pixel++) {
                mean += exact[layout.length() + layout.origin() + pixel / 4 * layout.stride(0) + pixel % 4];
            }
            assertEquals(mean, same[0], 1e-15 * 12);
            grid.inverse(same);
            float[] back = stored.clone();
            Arrays.fill(back, layout.length(), back.length, 7);
            double[] backExact = new double[back.length];
            grid.store(same, back, layout.length(), halo);
            grid.store(same, backExact, layout.length(), halo);
            for (int k = 0; k < layout.length(); k++) {
                int row = k / layout.stride(0) - halo[0];
                int column = k % layout.stride(0) - halo[1];
                boolean inside = row >= 0 && row < 3 && column >= 0 && column < 4;
                assertEquals(inside ? stored[layout.length() + k] : 7, back[layout.length() + k], 1e-6f);
                assertEquals(inside ? exact[layout.length() + k] : 0, backExact[layout.length() + k], 1e-15);
            }
            assertArrayEquals(Arrays.copyOf(stored, layout.length()), Arrays.copyOf(back, layout.length()), 0f);
        }
    }
}
