package org.mcrc.runtime.field.sample;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Random numbers that are the same for a seed everywhere: the algorithm L64X128MixRandom, whose bits {@code
 * java.util.random} specifies. Everything else is derived from these bits here, because the library's own derivations
 * may change.
 */
final class SeededRandom {

    private final RandomGenerator generator;

    SeededRandom(long seed) {
        generator = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** Uniform in [0, 1), a multiple of 2^-53. */
    double uniform() {
        return (generator.nextLong() >>> 11) * 0x1p-53;
    }

    /** Uniform in 0 … bound - 1, up to a bias of bound/2^53. */
    int below(int bound) {
        return (int) (uniform() * bound);
    }

    /** A point of the box with these extents, uniformly. */
    double[] point(int[] extents) {
        double[] point = new double[extents.length];
        for (int axis = 0; axis < extents.length; axis++) {
            point[axis] = uniform() * extents[axis];
        }
        return point;
    }

    /** Normally distributed with mean 0 and variance 1 (Box and Muller 1958), one of the pair. */
    double normal() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform()));
        return radius * StrictMath.cos(2 * StrictMath.PI * uniform());
    }

    /** The numbers 0 … count - 1 in random order (Fisher and Yates). */
    int[] permutation(int count) {
        int[] numbers = new int[count];
        for (int position = 0; position < count; position++) {
            int other = below(position + 1);
            numbers[position] = numbers[other];
            numbers[other] = position;
        }
        return numbers;
    }
}
