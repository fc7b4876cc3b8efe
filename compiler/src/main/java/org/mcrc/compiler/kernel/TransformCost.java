package org.mcrc.compiler.kernel;

import org.mcrc.compiler.index.Grid;

/** What the discrete Fourier transform of a grid of real numbers takes. */
final class TransformCost {
    /** The factors for which the transform has code of its own. */
    private static final int[] FACTORS = {2, 3, 5};

    /** The product of the other prime factors from which a line is transformed by convolution with a chirp (Bluestein). */
    private static final int LEAST_BLUESTEIN = 211;

    /**
     * Measured with JTransforms 3.2 beside direct sums, in the time of an addition or a load in these, a quarter of a
     * nanosecond: for each number of a line, for each factor of 2; times what other small factors take; for each unit of any
     * other factor; and how much slower Bluestein's way is than the two transforms that it consists of.
     */
    private static final double OF_TWO = 5;
    private static final double MIXED = 2.4;
    private static final double OF_OTHER = 6.4;
    private static final double BLUESTEIN = 1.2;

    private TransformCost() {}

    /** Additions and multiplications, by the convention for a transform of N real numbers: 2.5 N log2 N. */
    static double flops(Grid grid) {
        return 2.5 * grid.size() * log2(grid.size());
    }

    /** The time, in the unit of {@link Cost}. */
    static double of(Grid grid) {
        double each = 0;
        for (int extent : grid.extents()) {
            each += ofLine(extent);
        }
        return grid.size() * each;
    }

    /** The same for each number of a line of {@code extent} pixels. */
    private static double ofLine(int extent) {
        int rest = extent;
        double small = 0;
        for (int factor : FACTORS) {
            for (; rest % factor == 0; rest /= factor) {
                small += log2(factor);
            }
        }
        boolean powerOfTwo = Integer.bitCount(extent) == 1;
        double mixed = OF_TWO * (powerOfTwo ? 1 : MIXED) * small;
        if (rest >= LEAST_BLUESTEIN) {
            int length = 2 * Integer.highestOneBit(2 * extent - 1);
            return BLUESTEIN * 2 * (2 * OF_TWO * log2(length)) * length / extent;
        }
        double others = 0;
        for (int factor = 7; rest > 1; factor += 2) {
            for (; rest % factor == 0; rest /= factor) {
                others += factor;
            }
        }
        return mixed + OF_OTHER * others;
    }

    private static double log2(double number) {
        return Math.log(number) / Math.log(2);
    }
}
