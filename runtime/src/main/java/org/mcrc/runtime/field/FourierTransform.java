package org.mcrc.runtime.field;

import org.jtransforms.fft.DoubleFFT_1D;
import org.mcrc.runtime.InputError;

/**
 * The discrete Fourier transform over all axes of a periodic grid, in place on interleaved real and imaginary parts.
 *
 * <p>One-dimensional transforms along one axis after the other: so extents of 1 are no special case, and no threads are
 * started for grids of usual size.
 */
public final class FourierTransform {

    private FourierTransform() {
    }

    /**
     * An array for the transform of a grid, all zero.
     *
     * @param what what it is for, the subject of a sentence
     * @throws InputError if there is not enough memory for {@code arrays} of them
     */
    public static double[] allocate(Extents extents, int arrays, String what) {
        long length = 2L * extents.pixels();
        Memory.require(what + " at " + extents, 8 * arrays * length);
        if (length > Integer.MAX_VALUE - 8) {
            throw new InputError(what + " is not possible at " + extents + ": the limit is 2^30 pixels");
        }
        return new double[(int) length];
    }

    /** The forward transform: the sum over x of z(x)·exp(-i k·x). */
    public static void forward(Extents extents, double[] complex) {
        transform(extents, complex, false);
    }

    /** The inverse of {@link #forward}, divided by the number of pixels. */
    public static void inverse(Extents extents, double[] complex) {
        transform(extents, complex, true);
    }

    private static void transform(Extents extents, double[] complex, boolean inverse) {
        int stride = 1;
        for (int axis = extents.rank() - 1; axis >= 0; axis--) {
            int length = extents.get(axis);
            DoubleFFT_1D transform = new DoubleFFT_1D(length);
            double[] line = new double[2 * length];
            int lines = extents.pixels() / length;
            for (int number = 0; number < lines; number++) {
                int start = number / stride * stride * length + number % stride;
                for (int position = 0; position < length; position++) {
                    int element = 2 * (start + position * stride);
                    line[2 * position] = complex[element];
                    line[2 * position + 1] = complex[element + 1];
                }
                if (inverse) {
                    transform.complexInverse(line, true);
                } else {
                    transform.complexForward(line);
                }
                for (int position = 0; position < length; position++) {
                    int element = 2 * (start + position * stride);
                    complex[element] = line[2 * position];
                    complex[element + 1] = line[2 * position + 1];
                }
            }
            stride *= length;
        }
    }
}
