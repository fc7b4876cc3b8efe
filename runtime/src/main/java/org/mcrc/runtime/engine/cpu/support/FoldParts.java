package org.mcrc.runtime.engine.cpu.support;

import java.util.Arrays;

/**
 * The accumulators of a fold: for each chunk an array as large as the target with a halo as wide as contributions reach.
 * In the end they are summed in the order of the chunks, the halos are folded back, and the sum is added to the target.
 */
public final class FoldParts {
    private FoldParts() {
    }

    /**
     * Accumulators of zeros, in the arrays of the last time where they fit.
     *
     * @param parts the arrays of the last time, or null
     */
    public static float[][] cleared(float[][] parts, int chunks, long length, Workers workers) {
        if (parts == null || parts.length != chunks || parts[0].length != length) {
            return new float[chunks][Math.toIntExact(length)];
        }
        Accumulators.clear(parts, workers);
        return parts;
    }

    /**
     * Adds the sum of the accumulators to a stored array.
     *
     * @param extents the grid of both
     * @param planes how many grids each holds
     * @param partHalo the halo of the accumulators
     * @param targetHalo the halo of the target, which is left as it is
     */
    public static void fold(float[][] parts, int[] extents, long planes, int[] partHalo, float[] target, int[] targetHalo,
            Workers workers) {
        float[] sum = parts[0];
        if (parts.length > 1) {
            Accumulators.addTo(sum, 0, Arrays.copyOfRange(parts, 1, parts.length), sum.length, workers);
        }
        Halo from = new Halo(extents, partHalo);
        Halo to = new Halo(extents, targetHalo);
        int last = extents.length - 1;
        int rows = Arrays.stream(extents).limit(last).reduce(1, Math::multiplyExact);
        for (int plane = 0; plane < planes; plane++) {
            from.fold(sum, plane * from.length());
            for (int row = 0; row < rows; row++) {
                int source = plane * from.length() + from.origin();
                int destination = plane * to.length() + to.origin();
                int rest = row;
                for (int axis = last - 1; axis >= 0; axis--) {
                    source += rest % extents[axis] * from.stride(axis);
                    destination += rest % extents[axis] * to.stride(axis);
                    rest /= extents[axis];
                }
                for (int column = 0; column < extents[last]; column++) {
                    target[destination + column] += sum[source + column];
                }
            }
        }
    }

    /**
     * Accumulators of zeros, in the arrays of the last time where they fit.
     *
     * @param parts the arrays of the last time, or null
     */
    public static double[][] cleared(double[][] parts, int chunks, long length, Workers workers) {
        if (parts == null || parts.length != chunks || parts[0].length != length) {
            return new double[chunks][Math.toIntExact(length)];
        }
        Accumulators.clear(parts, workers);
        return parts;
    }

    /**
     * Adds the sum of the accumulators to a stored array.
     *
     * @param extents the grid of both
     * @param planes how many grids each holds
     * @param partHalo the halo of the accumulators
     * @param targetHalo the halo of the target, which is left as it is
     */
    public static void fold(double[][] parts, int[] extents, long planes, int[] partHalo, double[] target, int[] targetHalo,
            Workers workers) {
        double[] sum = parts[0];
        if (parts.length > 1) {
            Accumulators.addTo(sum, 0, Arrays.copyOfRange(parts, 1, parts.length), sum.length, workers);
        }
        Halo from = new Halo(extents, partHalo);
        Halo to = new Halo(extents, targetHalo);
        int last = extents.length - 1;
        int rows = Arrays.stream(extents).limit(last).reduce(1, Math::multiplyExact);
        for (int plane = 0; plane < planes; plane++) {
            from.fold(sum, plane * from.length());
            for (int row = 0; row < rows; row++) {
                int source = plane * from.length() + from.origin();
                int destination = plane * to.length() + to.origin();
                int rest = row;
                for (int axis = last - 1; axis >= 0; axis--) {
                    source += rest % extents[axis] * from.stride(axis);
                    destination += rest % extents[axis] * to.stride(axis);
                    rest /= extents[axis];
                }
                for (int column = 0; column < extents[last]; column++) {
                    target[destination + column] += sum[source + column];
                }
            }
        }
    }
}
