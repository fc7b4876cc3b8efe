package org.mcrc.runtime.field;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An array of doubles in C order (the last axis runs fastest): what is passed between files and engines. Its shape
 * never changes; its values are the caller's own array and are shared, not copied, because they may be large.
 *
 * <p>The shape {@code ()} is a scalar with one value.
 */
public final class NdArray {

    private final int[] shape;
    private final double[] values;

    private NdArray(int[] shape, double[] values) {
        this.shape = shape;
        this.values = values;
    }

    /**
     * The array of this shape that shares {@code values}.
     *
     * @throws IllegalArgumentException if the number of values is not the product of the extents
     */
    public static NdArray of(int[] shape, double[] values) {
        if (elements(shape) != values.length) {
            throw new IllegalArgumentException(
                    values.length + " values do not fill the shape " + Arrays.toString(shape));
        }
        return new NdArray(shape.clone(), values);
    }

    public static NdArray scalar(double value) {
        return new NdArray(new int[0], new double[] {value});
    }

    public static NdArray zeros(int... shape) {
        return of(shape, new double[Math.toIntExact(elements(shape))]);
    }

    private static long elements(int[] shape) {
        if (Arrays.stream(shape).anyMatch(extent -> extent < 0)) {
            throw new IllegalArgumentException("negative extent in the shape " + Arrays.toString(shape));
        }
        if (Arrays.stream(shape).anyMatch(extent -> extent == 0)) {
            return 0;
        }
        return Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
    }

    /** A copy of the extents, first axis first. */
    public int[] shape() {
        return shape.clone();
    }

    /** The values in C order, not a copy. */
    public double[] values() {
        return values;
    }

    public int rank() {
        return shape.length;
    }

    public int extent(int axis) {
        return shape[axis];
    }

    /** The number of values. */
    public int size() {
        return values.length;
    }

    public boolean hasShape(int... expected) {
        return Arrays.equals(shape, expected);
    }

    /** The value at these subscripts, each counted from 0. */
    public double get(int... subscripts) {
        return values[position(subscripts)];
    }

    /** Where the value at these subscripts lies in {@link #values()}. */
    public int position(int... subscripts) {
        if (subscripts.length != shape.length) {
            throw new IllegalArgumentException(
                    subscripts.length + " subscripts for an array of rank " + shape.length);
        }
        int position = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            position = position * shape[axis] + Objects.checkIndex(subscripts[axis], shape[axis]);
        }
        return position;
    }

    /** The subscripts of a position in {@link #values()}. */
    public int[] subscripts(int position) {
        int[] subscripts = new int[shape.length];
        int rest = position;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            subscripts[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return subscripts;
    }

    /** The same values under another shape of the same size; they are shared. */
    public NdArray reshape(int... newShape) {
        return of(newShape, values);
    }

    /** The shape as NumPy writes it: {@code (64, 64)}, {@code (3,)}, {@code ()}. */
    public String shapeText() {
        return shapeText(Arrays.stream(shape).asLongStream().toArray());
    }

    /** The same of extents that no array has yet. */
    public static String shapeText(List<Integer> shape) {
        return shapeText(shape.stream().mapToLong(Integer::longValue).toArray());
    }

    static String shapeText(long[] shape) {
        StringBuilder text = new StringBuilder("(");
        for (int axis = 0; axis < shape.length; axis++) {
            text.append(axis == 0 ? "" : ", ").append(shape[axis]);
        }
        return text.append(shape.length == 1 ? ",)" : ")").toString();
    }

    /** Equal shapes and equal values, not-a-number being equal to itself. */
    @Override
    public boolean equals(Object other) {
        return other instanceof NdArray array
                && Arrays.equals(shape, array.shape)
                && Arrays.equals(values, array.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "NdArray" + shapeText();
    }
}
