package org.mcrc.runtime.engine.cpu.support;

import java.util.Arrays;

/**
 * A grid of pixels that lies in memory with a halo: {@code halo[c]} pixels on both sides of axis c, in C order. A read
 * at a shifted pixel is then a read at a constant distance.
 *
 * <p>The halo may be wider than the grid. Methods take the position of the padded grid's first element, since an array
 * may hold several grids.
 */
public final class Halo {
    private final int[] extents;
    private final int[] widths;
    /** The distance of neighbours along each axis. */
    private final int[] strides;
    private final int length;

    /**
     * A grid with a halo.
     *
     * @param extents the grid's pixels along each axis
     * @param widths the halo's pixels on either side of each axis
     */
    public Halo(int[] extents, int[] widths) {
        this.extents = extents.clone();
        this.widths = widths.clone();
        strides = new int[extents.length];
        int stride = 1;
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride = Math.multiplyExact(stride, extents[axis] + 2 * widths[axis]);
        }
        length = stride;
    }

    /** The elements of the padded grid. */
    public int length() {
        return length;
    }

    /** The position of pixel (0, 0, …). */
    public int origin() {
        int origin = 0;
        for (int axis = 0; axis < extents.length; axis++) {
            origin += widths[axis] * strides[axis];
        }
        return origin;
    }

    /** The distance in memory of neighbours along {@code axis}. */
    public int stride(int axis) {
        return strides[axis];
    }

    /** Gives every element of the halo the value of the pixel of which it is the periodic image. */
    public void wrap(float[] array, int offset) {
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            int stride = strides[axis];
            for (int slab = 0; slab < outer(axis); slab++) {
                int start = offset + slab * padded(axis) * stride;
                for (int outside = 0; outside < 2 * widths[axis]; outside++) {
                    int position = position(axis, outside);
                    int image = image(axis, position);
                    System.arraycopy(array, start + image * stride, array, start + position * stride, stride);
                }
            }
        }
    }

    /**
     * Adds every element of the halo to the pixel of which it is the periodic image, and sets it to zero: the adjoint
     * of {@link #wrap}.
     */
    public void fold(float[] array, int offset) {
        for (int axis = 0; axis < extents.length; axis++) {
            int stride = strides[axis];
            for (int slab = 0; slab < outer(axis); slab++) {
                int start = offset + slab * padded(axis) * stride;
                for (int outside = 0; outside < 2 * widths[axis]; outside++) {
                    int position = position(axis, outside);
                    int from = start + position * stride;
                    int to = start + image(axis, position) * stride;
                    for (int element = 0; element < stride; element++) {
                        array[to + element] += array[from + element];
                    }
                    Arrays.fill(array, from, from + stride, 0);
                }
            }
        }
    }

    /** Gives every element of the halo the value of the pixel of which it is the periodic image. */
    public void wrap(double[] array, int offset) {
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            int stride = strides[axis];
            for (int slab = 0; slab < outer(axis); slab++) {
                int start = offset + slab * padded(axis) * stride;
                for (int outside = 0; outside < 2 * widths[axis]; outside++) {
                    int position = position(axis, outside);
                    int image = image(axis, position);
                    System.arraycopy(array, start + image * stride, array, start + position * stride, stride);
                }
            }
        }
    }

    /**
     * Adds every element of the halo to the pixel of which it is the periodic image, and sets it to zero: the adjoint
     * of {@link #wrap}.
     */
    public void fold(double[] array, int offset) {
        for (int axis = 0; axis < extents.length; axis++) {
            int stride = strides[axis];
            for (int slab = 0; slab < outer(axis); slab++) {
                int start = offset + slab * padded(axis) * stride;
                for (int outside = 0; outside < 2 * widths[axis]; outside++) {
                    int position = position(axis, outside);
                    int from = start + position * stride;
                    int to = start + image(axis, position) * stride;
                    for (int element = 0; element < stride; element++) {
                        array[to + element] += array[from + element];
                    }
                    Arrays.fill(array, from, from + stride, 0);
                }
            }
        }
    }

    /** The padded position along {@code axis} of element {@code outside} of the halo, from 0. */
    private int position(int axis, int outside) {
        return outside < widths[axis] ? outside : outside + extents[axis];
    }

    /** The position along {@code axis} of the pixel that is the periodic image of padded position {@code position}. */
    private int image(int axis, int position) {
        return widths[axis] + Math.floorMod(position - widths[axis], extents[axis]);
    }

    /** How often the padded extents of the axes before {@code axis} fit into one another: the slabs along that axis. */
    private int outer(int axis) {
        return length / (strides[axis] * padded(axis));
    }

    private int padded(int axis) {
        return extents[axis] + 2 * widths[axis];
    }
}
