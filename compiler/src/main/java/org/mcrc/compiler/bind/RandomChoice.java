package org.mcrc.compiler.bind;

import java.util.HashMap;
import java.util.Map;

/**
 * The random choice of {@code random(n, P, seed)}, the same wherever it is computed: the first steps of a Fisher-Yates
 * shuffle of 0, 1, … driven by SplitMix64 (Steele, Lea, Flood 2014). Step i exchanges position i with a position drawn
 * uniformly from i to the last one; a draw of k values takes the remainder modulo k of the first 64-bit number, read as
 * unsigned, below the greatest multiple of k.
 */
final class RandomChoice {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private RandomChoice(long seed) {
        this.state = seed;
    }

    /** {@code count} different numbers from 0 to {@code population - 1}, in the order drawn. */
    static long[] choose(int count, long population, long seed) {
        RandomChoice random = new RandomChoice(seed);
        Map<Long, Long> moved = new HashMap<>();
        long[] chosen = new long[count];
        for (int i = 0; i < count; i++) {
            long j = i + random.below(population - i);
            chosen[i] = moved.getOrDefault(j, j);
            moved.put(j, moved.getOrDefault((long) i, (long) i));
        }
        return chosen;
    }

    private long next() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** A number from 0 to {@code bound - 1}. */
    private long below(long bound) {
        // 2^64 mod bound: numbers from 2^64 minus that on are drawn again.
        long excess = Long.remainderUnsigned(-bound, bound);
        while (true) {
            long drawn = next();
            if (excess == 0 || Long.compareUnsigned(drawn, -excess) < 0) {
                return Long.remainderUnsigned(drawn, bound);
            }
        }
    }
}
