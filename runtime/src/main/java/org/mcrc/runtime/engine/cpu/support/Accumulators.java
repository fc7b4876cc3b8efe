package org.mcrc.runtime.engine.cpu.support;

import java.util.Arrays;

/**
 * Arrays that the chunks of a reverse contraction add to, one for each chunk, and their sum in the chunks' order, which
 * has the same bits whoever computed which chunk.
 */
public final class Accumulators {
    /** The elements of a task. */
    private static final int RANGE = 8192;

    private Accumulators() {
    }

    /** Sets all accumulators to zero. */
    public static void clear(float[][] accumulators, Workers workers) {
        workers.run(accumulators.length, chunk -> Arrays.fill(accumulators[chunk], 0));
    }

    /** {@code target[offset + i] += accumulators[0][i] + accumulators[1][i] + …}, for i below {@code length}. */
    public static void addTo(float[] target, int offset, float[][] accumulators, int length, Workers workers) {
        workers.run(Math.ceilDiv(length, RANGE), range -> {
            int first = range * RANGE;
            int last = Math.min(length, first + RANGE);
            float[] sum = Arrays.copyOfRange(accumulators[0], first, last);
            for (int chunk = 1; chunk < accumulators.length; chunk++) {
                float[] accumulator = accumulators[chunk];
                for (int index = 0; index < sum.length; index++) {
                    sum[index] += accumulator[first + index];
                }
            }
            for (int index = 0; index < sum.length; index++) {
                target[offset + first + index] += sum[index];
            }
        });
    }

    /** Sets all accumulators to zero. */
    public static void clear(double[][] accumulators, Workers workers) {
        workers.run(accumulators.length, chunk -> Arrays.fill(accumulators[chunk], 0));
    }

    /** {@code target[offset + i] += accumulators[0][i] + accumulators[1][i] + …}, for i below {@code length}. */
    public static void addTo(double[] target, int offset, double[][] accumulators, int length, Workers workers) {
        workers.run(Math.ceilDiv(length, RANGE), range -> {
            int first = range * RANGE;
            int last = Math.min(length, first + RANGE);
            double[] sum = Arrays.copyOfRange(accumulators[0], first, last);
            for (int chunk = 1; chunk < accumulators.length; chunk++) {
                double[] accumulator = accumulators[chunk];
                for (int index = 0; index < sum.length; index++) {
                    sum[index] += accumulator[first + index];
                }
            }
            for (int index = 0; index < sum.length; index++) {
                target[offset + first + index] += sum[index];
            }
        });
    }
}
