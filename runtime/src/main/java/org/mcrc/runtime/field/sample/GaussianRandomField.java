package org.mcrc.runtime.field.sample;

import java.util.Arrays;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.FourierTransform;
import org.mcrc.runtime.field.Microstructure;

/**
 * A stationary Gaussian random field, periodic, with the correlation function exp(-(r/l)²), cut at the level above
 * which the wanted volume fraction lies: those pixels are phase 1.
 *
 * <p>White noise is filtered in Fourier space with exp(-k²l²/8), the root of that correlation's spectrum.
 */
public final class GaussianRandomField {

    private GaussianRandomField() {
    }

    /**
     * The field, cut.
     *
     * @param length the correlation length l in pixels; 0 leaves white noise
     * @param fraction the volume fraction of phase 1, met exactly up to half a pixel
     * @throws InputError if a parameter is out of range, or there is not enough memory
     */
    public static Microstructure sample(Extents extents, double length, double fraction, long seed) {
        if (!(length >= 0) || Double.isInfinite(length)) {
            throw new InputError("a correlation length of " + length + " pixels is not possible",
                    "take one of a few pixels, much smaller than the extents");
        }
        Fractions.require(fraction);
        // The field, its values apart, and these sorted: 2 + 1 + 1 doubles a pixel.
        double[] field = FourierTransform.allocate(extents, 2, "a Gaussian random field");
        SeededRandom random = new SeededRandom(seed);
        for (int pixel = 0; pixel < extents.pixels(); pixel++) {
            field[2 * pixel] = random.normal();
        }
        FourierTransform.forward(extents, field);
        filter(extents, field, length);
        FourierTransform.inverse(extents, field);
        double[] values = new double[extents.pixels()];
        Arrays.setAll(values, pixel -> field[2 * pixel]);
        return new Microstructure(extents, greatest(values, (int) Math.round(fraction * values.length)), 2);
    }

    private static void filter(Extents extents, double[] spectrum, double length) {
        for (int pixel = 0; pixel < extents.pixels(); pixel++) {
            double squaredWaveNumber = 0;
            int rest = pixel;
            for (int axis = extents.rank() - 1; axis >= 0; axis--) {
                int extent = extents.get(axis);
                int frequency = rest % extent;
                rest /= extent;
                double waveNumber = 2 * Math.PI * Math.min(frequency, extent - frequency) / extent;
                squaredWaveNumber += waveNumber * waveNumber;
            }
            double factor = StrictMath.exp(-squaredWaveNumber * length * length / 8);
            spectrum[2 * pixel] *= factor;
            spectrum[2 * pixel + 1] *= factor;
        }
    }

    /** 1 for so many of the greatest values, of equal ones the first, and 0 for the others. */
    private static int[] greatest(double[] values, int count) {
        int[] labels = new int[values.length];
        if (count == 0) {
            return labels;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double level = sorted[values.length - count];
        int missing = count;
        for (int pixel = 0; pixel < values.length; pixel++) {
            if (values[pixel] > level) {
                labels[pixel] = 1;
                missing--;
            }
        }
        for (int pixel = 0; pixel < values.length && missing > 0; pixel++) {
            if (values[pixel] == level) {
                labels[pixel] = 1;
                missing--;
            }
        }
        return labels;
    }
}
