package org.mcrc.runtime.reconstruct;

/** What counts as an improvement of a number that is to become small. */
final class Improvement {
    private Improvement() {}

    /**
     * Whether a number is less than another by at least a share of that one's size.
     *
     * @param before may be infinite, where there was none before
     */
    static boolean isEnough(double now, double before, double share) {
        return Double.isInfinite(before) ? now < before : now < before - share * Math.abs(before);
    }
}
