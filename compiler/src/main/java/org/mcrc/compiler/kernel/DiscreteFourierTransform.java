package org.mcrc.compiler.kernel;

import org.mcrc.compiler.index.Grid;

/** The discrete Fourier transform as its definition says, axis by axis, with spectra as a {@link Spectrum} has them. */
final class DiscreteFourierTransform {
    private DiscreteFourierTransform() {}

    /** The spectrum of real numbers in C order. */
    static double[] forward(Grid grid, double[] real) {
        double[] complex = new double[2 * real.length];
        for (int k = 0; k < real.length; k++) {
            complex[2 * k] = real[k];
        }
        transform(grid, complex, -1);
        int last = grid.extent(grid.rank() - 1);
        int row = 2 * (last / 2 + 1);
        double[] spectrum = new double[Spectrum.length(grid)];
        for (int k = 0; k < spectrum.length; k++) {
            spectrum[k] = complex[k / row * 2 * last + k % row];
        }
        return spectrum;
    }

    /** The real numbers of a spectrum. */
    static double[] inverse(Grid grid, double[] spectrum) {
        int last = grid.extent(grid.rank() - 1);
        int row = 2 * (last / 2 + 1);
        double[] complex = new double[2 * grid.size()];
        for (int place = 0; place < grid.size(); place++) {
            int column = place % last;
            boolean given = column <= last / 2;
            int from = given ? place : opposite(grid, place);
            int number = from / last * row + 2 * (from % last);
            complex[2 * place] = spectrum[number];
            complex[2 * place + 1] = given ? spectrum[number + 1] : -spectrum[number + 1];
        }
        transform(grid, complex, 1);
        double[] real = new double[grid.size()];
        for (int k = 0; k < real.length; k++) {
            real[k] = complex[2 * k] / grid.size();
        }
        return real;
    }

    /** Adds conj(left) * right, frequency by frequency. */
    static void addProduct(double[] left, double[] right, double[] sum) {
        for (int k = 0; k < sum.length; k += 2) {
            sum[k] += left[k] * right[k] + left[k + 1] * right[k + 1];
            sum[k + 1] += left[k] * right[k + 1] - left[k + 1] * right[k];
        }
    }

    /** The place of the negative frequency, whose number is the complex conjugate. */
    private static int opposite(Grid grid, int place) {
        int opposite = 0;
        int stride = 1;
        int rest = place;
        for (int c = grid.rank() - 1; c >= 0; c--) {
            int extent = grid.extent(c);
            opposite += (extent - rest % extent) % extent * stride;
            rest /= extent;
            stride *= extent;
        }
        return opposite;
    }

    private static void transform(Grid grid, double[] complex, int sign) {
        int stride = 1;
        for (int c = grid.rank() - 1; c >= 0; c--) {
            int extent = grid.extent(c);
            for (int start = 0; start < grid.size(); start++) {
                if (start / stride % extent == 0) {
                    line(complex, start, stride, extent, sign);
                }
            }
            stride *= extent;
        }
    }

    private static void line(double[] complex, int start, int stride, int extent, int sign) {
        double[] result = new double[2 * extent];
        for (int k = 0; k < extent; k++) {
            for (int x = 0; x < extent; x++) {
                double angle = sign * 2 * Math.PI * (k * x % extent) / extent;
                int place = 2 * (start + x * stride);
                result[2 * k] += complex[place] * Math.cos(angle) - complex[place + 1] * Math.sin(angle);
                result[2 * k + 1] += complex[place] * Math.sin(angle) + complex[place + 1] * Math.cos(angle);
            }
        }
        for (int k = 0; k < extent; k++) {
            complex[2 * (start + k * stride)] = result[2 * k];
            complex[2 * (start + k * stride) + 1] = result[2 * k + 1];
        }
    }
}
