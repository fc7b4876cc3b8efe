package org.mcrc.runtime.engine.cpu;

/**
 * Copies runs of numbers between the precisions, each rounded to the nearest. What is not contiguous is {@code step}
 * elements apart. The loops over what is contiguous are of the form that the Java compiler turns into vectors.
 */
final class Conversion {
    private Conversion() {}

    /** {@code to[t + k] = from[f + k * step]}, for k below {@code count}. */
    static void narrow(double[] from, int f, int step, float[] to, int t, int count) {
        if (step == 1) {
            narrow(from, f, to, t, count);
            return;
        }
        for (int k = 0; k < count; k++) {
            to[t + k] = (float) from[f + k * step];
        }
    }

    private static void narrow(double[] from, int f, float[] to, int t, int count) {
        for (int k = 0; k < count; k++) {
            to[t + k] = (float) from[f + k];
        }
    }

    /** {@code to[t + k * step] = from[f + k]}, for k below {@code count}. */
    static void widen(float[] from, int f, double[] to, int t, int step, int count) {
        if (step == 1) {
            widen(from, f, to, t, count);
            return;
        }
        for (int k = 0; k < count; k++) {
            to[t + k * step] = from[f + k];
        }
    }

    private static void widen(float[] from, int f, double[] to, int t, int count) {
        for (int k = 0; k < count; k++) {
            to[t + k] = from[f + k];
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
