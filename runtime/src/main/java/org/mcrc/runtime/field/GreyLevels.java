package org.mcrc.runtime.field;

import java.util.Arrays;
import java.util.OptionalInt;
import org.mcrc.runtime.InputError;

/**
 * An image as it was read, before its grey levels are taken for phases.
 *
 * @param name what the user calls it, for messages
 * @param values the grey level of each pixel in C order
 * @param light where light levels begin: a level that is alone in its image is phase 1 from here on, else phase 0
 * @param phases the number of phases that the file itself states
 */
record GreyLevels(String name, Extents extents, double[] values, double light, OptionalInt phases) {

    /** The phases: as the threshold says; without one the file's own statement, or else one for each level. */
    Microstructure toMicrostructure(Threshold threshold) {
        requireFinite();
        return switch (threshold) {
            case Threshold.None none -> labelled();
            case Threshold.At(double level) -> separated(level);
            case Threshold.Otsu otsu -> separated(otsuLevel());
        };
    }

    private void requireFinite() {
        for (int pixel = 0; pixel < values.length; pixel++) {
            if (!Double.isFinite(values[pixel])) {
                String place = Arrays.toString(NdArray.of(extents.toArray(), values).subscripts(pixel));
                throw new InputError(name + " holds " + (Double.isNaN(values[pixel]) ? "NaN" : "an infinite value")
                        + " at " + place + " (counted from 0); every pixel needs a finite value");
            }
        }
    }

    private Microstructure labelled() {
        if (phases.isPresent()) {
            double[] levels = new double[phases.getAsInt()];
            Arrays.setAll(levels, phase -> Pictures.grey(phase, levels.length));
            if (Arrays.stream(values).allMatch(value -> Arrays.binarySearch(levels, value + 0.0) >= 0)) {
                return labelled(levels);
            }
        }
        double[] levels = distinctLevels();
        if (levels.length == 1) {
            int[] labels = new int[values.length];
            Arrays.fill(labels, levels[0] >= light ? 1 : 0);
            return new Microstructure(extents, labels, 2);
        }
        return labelled(levels);
    }

    private Microstructure labelled(double[] sortedLevels) {
        int[] labels = new int[values.length];
        for (int pixel = 0; pixel < labels.length; pixel++) {
            labels[pixel] = Arrays.binarySearch(sortedLevels, values[pixel] + 0.0);
        }
        return new Microstructure(extents, labels, sortedLevels.length);
    }

    private double[] distinctLevels() {
        double[] sorted = new double[0];
        for (double value : values) {
            // Adding 0 makes a negative zero a zero: the search distinguishes them.
            int position = Arrays.binarySearch(sorted, value + 0.0);
            if (position < 0) {
                if (sorted.length == Microstructure.MOST_PHASES) {
                    throw new InputError(
                            name + " has more than " + Microstructure.MOST_PHASES
                                    + " grey levels, too many to be phases",
                            "separate them into two phases with --threshold LEVEL or --threshold otsu; a field of real"
                                    + " numbers has none: characterize and evaluate take it as --field NAME=FILE.npy");
                }
                sorted = Arrays.copyOf(sorted, sorted.length + 1);
                sorted[sorted.length - 1] = value + 0.0;
                Arrays.sort(sorted);
            }
        }
        return sorted;
    }

    private Microstructure separated(double level) {
        double least = Arrays.stream(values).min().orElseThrow();
        double greatest = Arrays.stream(values).max().orElseThrow();
        if (level < least || level >= greatest) {
            throw new InputError("the threshold " + text(level) + " separates nothing in " + name
                    + ": its grey levels run from " + text(least) + " to " + text(greatest),
                    least < greatest ? "pixels above the threshold become phase 1, the others phase 0" : null);
        }
        int[] labels = new int[values.length];
        for (int pixel = 0; pixel < labels.length; pixel++) {
            labels[pixel] = values[pixel] > level ? 1 : 0;
        }
        return new Microstructure(extents, labels, 2);
    }

    /**
     * The level t that maximizes n0·n1·(mean0 - mean1)², class 0 being the pixels at or below t (Otsu, IEEE Trans.
     * Syst. Man Cybern. 9, 62, 1979). Every level that occurs is tried, so that no histogram's bins come in.
     */
    private double otsuLevel() {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double total = Arrays.stream(sorted).sum();
        double best = -1;
        double bestLevel = sorted[sorted.length - 1];
        double below = 0;
        for (int index = 0; index + 1 < sorted.length; index++) {
            below += sorted[index];
            if (sorted[index] < sorted[index + 1]) {
                double lower = index + 1;
                double upper = sorted.length - lower;
                double distance = below / lower - (total - below) / upper;
                double variance = lower * upper * distance * distance;
                if (variance > best) {
                    best = variance;
                    bestLevel = sorted[index];
                }
            }
        }
        return bestLevel;
    }

    private static String text(double level) {
        boolean whole = level == Math.rint(level) && Math.abs(level) < 1e15;
        return whole ? Long.toString((long) level) : Double.toString(level);
    }
}
