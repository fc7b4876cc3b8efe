package org.mcrc.runtime.field;

import java.util.List;

/**
 * Coarser and finer versions of a field. Arrays are in C order, the axes of the pixels first, then the field's own indices.
 */
public final class Resampling {
    private Resampling() {
    }

    /** The extents divided by {@code factor}; it has to divide them. */
    public static List<Integer> coarser(List<Integer> extents, int factor) {
        return extents.stream().map(extent -> {
            if (extent % factor != 0) {
                throw new IllegalArgumentException(factor + " does not divide " + extent);
            }
            return extent / factor;
        }).toList();
    }

    /**
     * Means over blocks of {@code factor} pixels along every axis: multigrid pooling.
     *
     * @param own the number of elements of each pixel
     */
    public static double[] coarsen(double[] values, List<Integer> extents, int own, int factor) {
        List<Integer> coarse = coarser(extents, factor);
        double[] means = new double[pixels(coarse) * own];
        double share = 1 / Math.pow(factor, extents.size());
        for (int pixel = 0; pixel < pixels(extents); pixel++) {
            int block = parent(pixel, extents, coarse, factor);
            for (int element = 0; element < own; element++) {
                means[block * own + element] += share * values[pixel * own + element];
            }
        }
        return means;
    }

    /**
     * Each pixel's values for a block of {@code factor} pixels along every axis.
     *
     * @param extents of the finer field
     * @param own the number of elements of each pixel
     */
    public static double[] refine(double[] values, List<Integer> extents, int own, int factor) {
        List<Integer> coarse = coarser(extents, factor);
        double[] fine = new double[pixels(extents) * own];
        for (int pixel = 0; pixel < pixels(extents); pixel++) {
            System.arraycopy(values, parent(pixel, extents, coarse, factor) * own, fine, pixel * own, own);
        }
        return fine;
    }

    private static int pixels(List<Integer> extents) {
        return extents.stream().reduce(1, Math::multiplyExact);
    }

    /** The coarse pixel that a fine one lies in. */
    private static int parent(int pixel, List<Integer> extents, List<Integer> coarse, int factor) {
        int rest = pixel;
        int position = 0;
        int stride = 1;
        for (int axis = extents.size() - 1; axis >= 0; axis--) {
            position += rest % extents.get(axis) / factor * stride;
            rest /= extents.get(axis);
            stride *= coarse.get(axis);
        }
        return position;
    }
}
