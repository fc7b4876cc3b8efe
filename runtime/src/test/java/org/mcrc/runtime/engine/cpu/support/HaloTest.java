package org.mcrc.runtime.engine.cpu.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HaloTest {
    @Test
    void wrappedGridIsPeriodicAlsoWithAHaloWiderThanItself() {
        int[] extents = {3, 2, 4};
        int[] widths = {1, 5, 2};
        Halo halo = new Halo(extents, widths);
        int offset = 7;
        float[] array = new float[offset + halo.length()];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 2; j++) {
                for (int k = 0; k < 4; k++) {
                    array[position(halo, offset, i, j, k)] = 100 * i + 10 * j + k + 1;
                }
            }
        }
        halo.wrap(array, offset);
        for (int i = -1; i < 4; i++) {
            for (int j = -5; j < 7; j++) {
                for (int k = -2; k < 6; k++) {
                    assertEquals(100 * Math.floorMod(i, 3) + 10 * Math.floorMod(j, 2) + Math.floorMod(k, 4) + 1,
                            array[position(halo, offset, i, j, k)]);
                }
            }
        }
        for (int before = 0; before < offset; before++) {
            assertEquals(0, array[before]);
        }
    }

    @Test
    void foldIsTheAdjointOfWrap() {
        // <wrap(a), b> = <a, fold(b)> for a without a halo.
        Halo halo = new Halo(new int[] {3, 5}, new int[] {4, 2});
        SplittableRandom random = new SplittableRandom(2);
        double[] wrapped = new double[halo.length()];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 5; j++) {
                wrapped[halo.origin() + i * halo.stride(0) + j] = random.nextDouble();
            }
        }
        double[] inside = wrapped.clone();
        halo.wrap(wrapped, 0);
        double[] folded = random.doubles(halo.length()).toArray();
        double expected = dot(wrapped, folded);
        halo.fold(folded, 0);
        assertEquals(expected, dot(inside, folded), 1e-12);
        assertEquals(0, folded[0]);
    }

    @Test
    void accumulatorsAreAddedInTheOrderOfTheirChunks() {
        try (Workers workers = new Workers(2)) {
            int length = 20_001;
            float[][] accumulators = new float[4][length];
            float[] values = {1e8f, 1, -1e8f, 1};
            for (int chunk = 0; chunk < 4; chunk++) {
                Arrays.fill(accumulators[chunk], values[chunk]);
            }
            float[] target = new float[length + 3];
            float[] expected = new float[length + 3];
            Arrays.fill(expected, 3, expected.length, 1);
            Accumulators.addTo(target, 3, accumulators, length, workers);
            assertArrayEquals(expected, target);
            Accumulators.clear(accumulators, workers);
            assertArrayEquals(new float[length], accumulators[2]);
        }
    }

    private static int position(Halo halo, int offset, int i, int j, int k) {
        return offset + halo.origin() + i * halo.stride(0) + j * halo.stride(1) + k * halo.stride(2);
    }

    private static double dot(double[] first, double[] second) {
        double sum = 0;
        for (int index = 0; index < first.length; index++) {
            sum += first[index] * second[index];
        }
        return sum;
    }
}
