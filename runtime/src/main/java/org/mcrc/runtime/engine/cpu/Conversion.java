package org.mcrc.runtime.engine.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies runs of numbers between the precisions, each rounded to the nearest. What is not contiguous is {@code step}
 * elements apart.
 */
final class Conversion {
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

    /** As many lanes of half the size. */
    private static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Math.max(Long.SIZE, DOUBLES.vectorBitSize() / 2)));
    private static final int LANES = DOUBLES.length();

    private Conversion() {}

    /** How many of {@code count} numbers fill vectors. */
    private static int inVectors(int step, int count) {
        return step == 1 && FLOATS.length() == LANES ? count - count % LANES : 0;
    }

    /** {@code to[t + k] = from[f + k * step]}, for k below {@code count}. */
    static void narrow(double[] from, int f, int step, float[] to, int t, int count) {
        int first = inVectors(step, count);
        for (int k = 0; k < first; k += LANES) {
            ((FloatVector) DoubleVector.fromArray(DOUBLES, from, f + k).convertShape(VectorOperators.D2F, FLOATS, 0))
                    .intoArray(to, t + k);
        }
        for (int k = first; k < count; k++) {
            to[t + k] = (float) from[f + k * step];
        }
    }

    /** {@code to[t + k * step] = from[f + k]}, for k below {@code count}. */
    static void widen(float[] from, int f, double[] to, int t, int step, int count) {
        int first = inVectors(step, count);
        for (int k = 0; k < first; k += LANES) {
            ((DoubleVector) FloatVector.fromArray(FLOATS, from, f + k).convertShape(VectorOperators.F2D, DOUBLES, 0))
                    .intoArray(to, t + k);
        }
        for (int k = first; k < count; k++) {
            to[t + k * step] = from[f + k];
        }
    }

    /** {@code to[t + k * toStep] = from[f + k * fromStep]}, for k below {@code count}. */
    static void copy(double[] from, int f, int fromStep, double[] to, int t, int toStep, int count) {
        if (fromStep == 1 && toStep == 1) {
            System.arraycopy(from, f, to, t, count);
            return;
        }
        for (int k = 0; k < count; k++) {
            to[t + k * toStep] = from[f + k * fromStep];
        }
    }
}
