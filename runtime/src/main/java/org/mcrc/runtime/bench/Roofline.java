package org.mcrc.runtime.bench;

import java.util.Locale;

/**
 * The time that an evaluation takes at least by what the machine was measured to do: its operations at the rate of
 * arithmetic or its bytes at the rate of memory, whichever is longer (Williams, Waterman, Patterson 2009). Transcendental
 * functions are not counted.
 *
 * @param seconds that time
 * @param bound which limit it is
 */
public record Roofline(double seconds, Bound bound) {
    /** What an evaluation cannot be faster than. */
    public enum Bound {
        /** A packed matrix product, for what has contractions. */
        PRODUCT,
        /** Multiply-adds in registers, for what has none. */
        PEAK,
        /** Copying in memory. */
        COPY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param arithmetic {@link Bound#PRODUCT} or {@link Bound#PEAK}
     * @param flopRate operations in a second
     * @param byteRate bytes read and written in a second
     */
    public static Roofline of(double flops, double bytes, Bound arithmetic, double flopRate, double byteRate) {
        double computing = flops / flopRate;
        double moving = bytes / byteRate;
        return computing >= moving ? new Roofline(computing, arithmetic) : new Roofline(moving, Bound.COPY);
    }
}
