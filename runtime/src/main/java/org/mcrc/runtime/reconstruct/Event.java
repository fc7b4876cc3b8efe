package org.mcrc.runtime.reconstruct;

/**
 * What a reconstruction did besides iterating.
 *
 * @param iteration the number of the iteration after which it was done, 0 before the first
 * @param seconds since the reconstruction started
 * @param detail in words: what was chosen and why
 */
public record Event(int iteration, double seconds, Kind kind, String detail) {

    /** What was done. */
    public enum Kind {
        /** A coarser level was reconstructed, where the next one starts. */
        COARSE,
        /** New random combinations of the descriptor's columns were drawn. */
        SKETCH,
        /** The descriptor itself is compared from here on. */
        FULL,
        /** The arithmetic of the evaluations is another from here on: in mixed precision it follows the error. */
        ARITHMETIC,
        /** The field was pulled back from its rounded values, so that the loss has a slope again. */
        SOFTEN,
        /** Single pixels of the best rounded field were changed. */
        PIXELS,
        /** The field was drawn anew. */
        RESTART
    }
}
