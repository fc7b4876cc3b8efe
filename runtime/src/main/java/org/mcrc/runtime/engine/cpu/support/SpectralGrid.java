package org.mcrc.runtime.engine.cpu.support;

import java.util.Arrays;
import org.jtransforms.fft.DoubleFFT_1D;
import org.visnow.jlargearrays.ConcurrencyUtils;

/**
 * The discrete Fourier transform of a periodic grid of real numbers, and correlations by way of it: what
 * c[r] = sum over x of a[x] b[x + r] is for all r together has the spectrum conj(a^) b^.
 *
 * <p>A grid in C order becomes its spectrum in place, with real and imaginary parts side by side. Of n frequencies along the
 * last axis the first n / 2 + 1 are kept, the others being conjugates of these; so the lines of a grid, too, are
 * 2 (n / 2 + 1) numbers apart. All of it is in double precision: transforms in single precision take five sixths of the
 * time and lose a digit.
 *
 * <p>Lines are transformed one by one, each by one worker and in the same way whoever does it: results do not depend on the
 * number of workers. The library's own threads are not used.
 */
public final class SpectralGrid {
    /** Lines across the rows that are transformed together: what lies in a cache line is then used as a whole. */
    private static final int LINES = 8;

    /** The numbers of a task, about: fewer are not worth waking anybody for. */
    private static final int NUMBERS_PER_TASK = 1 << 14;

    static {
        ConcurrencyUtils.setNumberOfThreads(1);
    }

    private final int[] extents;
    private final Workers workers;
    private final DoubleFFT_1D[] transforms;
    private final Buffers<double[]> buffers = new Buffers<>(DoubleTile.INSTANCE);
    private final int last;

    /** The pixels along the last axis, the numbers between two lines along it, and these lines. */
    private final int width;
    private final int row;
    private final int rows;

    /**
     * A grid.
     *
     * @param extents its pixels along each axis
     */
    public SpectralGrid(int[] extents, Workers workers) {
        this.extents = extents.clone();
        this.workers = workers;
        last = extents.length - 1;
        width = extents[last];
        row = 2 * (width / 2 + 1);
        rows = Arrays.stream(extents).limit(last).reduce(1, Math::multiplyExact);
        transforms = new DoubleFFT_1D[extents.length];
        for (int axis = 0; axis <= last; axis++) {
            int known = Arrays.stream(extents).boxed().toList().indexOf(extents[axis]);
            transforms[axis] = known < axis ? transforms[known] : new DoubleFFT_1D(extents[axis]);
        }
    }

    /** The numbers of a spectrum. */
    public int length() {
        return Math.multiplyExact(rows, row);
    }

    /** The place of the pixel to which a vector of two components points. */
    public int position(int first, int second) {
        return Math.floorMod(first, extents[0]) * row + Math.floorMod(second, extents[1]);
    }

    /** The place of the pixel to which a vector of three components points. */
    public int position(int first, int second, int third) {
        return (Math.floorMod(first, extents[0]) * extents[1] + Math.floorMod(second, extents[1])) * row
                + Math.floorMod(third, extents[2]);
    }

    // Stored arrays

    /** The spectrum of a stored grid whose halo begins at {@code source[offset]}, from {@code spectrum[start]} on. */
    public void spectrum(float[] source, int offset, int[] halo, double[] spectrum, int start) {
        Halo stored = new Halo(extents, halo);
        eachRow(number -> {
            int from = offset + place(stored, number);
            int to = start + number * row;
            for (int k = 0; k < width; k++) {
                spectrum[to + k] = source[from + k];
            }
        });
        forward(spectrum, start);
    }

    /** The same of a grid in double precision. */
    public void spectrum(double[] source, int offset, int[] halo, double[] spectrum, int start) {
        Halo stored = new Halo(extents, halo);
        eachRow(number -> System.arraycopy(source, offset + place(stored, number), spectrum, start + number * row, width));
        forward(spectrum, start);
    }

    /** Copies a grid to a stored one whose halo begins at {@code target[offset]} and is left as it is. */
    public void store(double[] grid, float[] target, int offset, int[] halo) {
        Halo stored = new Halo(extents, halo);
        eachRow(number -> {
            int from = number * row;
            int to = offset + place(stored, number);
            for (int k = 0; k < width; k++) {
                target[to + k] = (float) grid[from + k];
            }
        });
    }

    /** The same in double precision. */
    public void store(double[] grid, double[] target, int offset, int[] halo) {
        Halo stored = new Halo(extents, halo);
        eachRow(number -> System.arraycopy(grid, number * row, target, offset + place(stored, number), width));
    }

    /** Where a row's first pixel is stored. */
    private int place(Halo stored, int number) {
        int rest = number;
        int place = stored.origin();
        for (int axis = last - 1; axis >= 0; axis--) {
            place += rest % extents[axis] * stored.stride(axis);
            rest /= extents[axis];
        }
        return place;
    }

    // Spectra

    /** Sets all numbers to zero. */
    public static void clear(double[] grid, Workers workers) {
        int tasks = Math.ceilDiv(grid.length, NUMBERS_PER_TASK);
        workers.run(tasks, task -> Arrays.fill(grid, task * NUMBERS_PER_TASK,
                Math.min(grid.length, (task + 1) * NUMBERS_PER_TASK), 0));
    }

    /** Adds the spectrum of the correlation of two grids: {@code sum += conj(left) * right}. */
    public void addCorrelation(double[] left, int leftStart, double[] right, int rightStart, double[] sum) {
        eachRow(number -> {
            int l = leftStart + number * row;
            int r = rightStart + number * row;
            int s = number * row;
            for (int k = 0; k < row; k += 2) {
                sum[s + k] += left[l + k] * right[r + k] + left[l + k + 1] * right[r + k + 1];
                sum[s + k + 1] += left[l + k] * right[r + k + 1] - left[l + k + 1] * right[r + k];
            }
        });
    }

    /** Transforms the grid that begins at {@code grid[start]}, in place. */
    public void forward(double[] grid, int start) {
        eachRow(number -> {
            int from = start + number * row;
            transforms[last].realForward(grid, from);
            // The last frequency is packed beside the first, whose imaginary part is zero.
            grid[from + width] = width == 1 ? 0 : grid[from + 1];
            grid[from + row - 1] = width % 2 == 0 || width == 1 ? 0 : grid[from + row - 1];
            grid[from + 1] = 0;
        });
        for (int axis = last - 1; axis >= 0; axis--) {
            transformAcross(grid, start, axis, true);
        }
    }

    /** The grid of a spectrum, in place: undoes {@link #forward}. */
    public void inverse(double[] spectrum) {
        for (int axis = 0; axis < last; axis++) {
            transformAcross(spectrum, 0, axis, false);
        }
        eachRow(number -> {
            int from = number * row;
            if (width > 1) {
                spectrum[from + 1] = spectrum[from + width];
                transforms[last].realInverse(spectrum, from, true);
            }
        });
    }

    /** Transforms the lines along an axis that is not the last one, some neighbouring ones at a time. */
    private void transformAcross(double[] grid, int start, int axis, boolean forward) {
        int extent = extents[axis];
        if (extent == 1) {
            return;
        }
        int stride = Arrays.stream(extents).skip(axis + 1L).limit(last - axis - 1L).reduce(row, Math::multiplyExact);
        int groups = Math.ceilDiv(stride / 2, LINES);
        int slabs = length() / (extent * stride);
        workers.run(slabs * groups, task -> {
            int first = task % groups * LINES;
            int count = Math.min(LINES, stride / 2 - first);
            int from = start + task / groups * extent * stride + 2 * first;
            double[] lines = buffers.borrow(LINES * 2 * extent);
            for (int position = 0; position < extent; position++) {
                for (int line = 0; line < count; line++) {
                    lines[2 * (line * extent + position)] = grid[from + position * stride + 2 * line];
                    lines[2 * (line * extent + position) + 1] = grid[from + position * stride + 2 * line + 1];
                }
            }
            for (int line = 0; line < count; line++) {
                if (forward) {
                    transforms[axis].complexForward(lines, 2 * line * extent);
                } else {
                    transforms[axis].complexInverse(lines, 2 * line * extent, true);
                }
            }
            for (int position = 0; position < extent; position++) {
                for (int line = 0; line < count; line++) {
                    grid[from + position * stride + 2 * line] = lines[2 * (line * extent + position)];
                    grid[from + position * stride + 2 * line + 1] = lines[2 * (line * extent + position) + 1];
                }
            }
            buffers.giveBack(lines);
        });
    }

    /** Something that is done with a row. */
    private interface Row {
        void run(int number);
    }

    private void eachRow(Row action) {
        int rowsPerTask = Math.max(1, NUMBERS_PER_TASK / row);
        workers.run(Math.ceilDiv(rows, rowsPerTask), task -> {
            for (int number = task * rowsPerTask; number < Math.min(rows, (task + 1) * rowsPerTask); number++) {
                action.run(number);
            }
        });
    }
}
