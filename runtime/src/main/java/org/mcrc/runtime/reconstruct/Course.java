package org.mcrc.runtime.reconstruct;

import java.util.function.BooleanSupplier;

/**
 * What an automatic reconstruction does next, by what its blocks have shown: it counts, and evaluates nothing.
 *
 * <p>A block has advanced if it lowered the loss, or the error of the rounded field, by the share that
 * {@link AutomaticSettings#improvement} says. Serves one run.
 */
final class Course {
    /** Where so many starts in a row end because loss or gradient are not finite, another will too. */
    private static final int NOT_FINITE_STARTS = 3;

    /** An error by a sketch that is at most so many times the tolerance is worth a look by the descriptor itself. */
    static final double SKETCH_MARGIN = 1.5;

    /** What is done after a block. */
    enum Step {
        /** The next block begins where this one ended. */
        GO_ON,
        /** The next blocks compare the descriptor itself. */
        COMPARE_ITSELF,
        /** An exact field is looked for among those that differ in single pixels; then as {@link #GO_ON}. */
        LOOK_NEARBY,
        /** The same; where there is none, the field is softened. */
        SOFTEN,
        /** The same; where there is not even a better one, the field is drawn anew. Otherwise that is softened. */
        BEGIN_ANEW,
        /** The run ends: nothing advances. */
        END_AT_PLATEAU,
        /** The run ends: no start has finite values for long. */
        END_NOT_FINITE
    }

    private final AutomaticSettings settings;
    private final boolean rounds;
    private final boolean sketches;
    private final double tolerance;

    private boolean sketching;
    private double leastLoss = Double.POSITIVE_INFINITY;
    private double leastError = Double.POSITIVE_INFINITY;

    /** Blocks in a row that did not lower the error of the rounded field; that advanced in no way. */
    private int sameError;
    private int same;

    /** How often the field was softened since its rounded error was lowered; since it was drawn, as it was not settled. */
    private int softenings;
    private int plateaus;
    private int restarts;
    private int notFinite;

    /**
     * @param rounds whether any field is rounded
     * @param sketches whether there are sketches
     * @param tolerance the relative error that is good enough, where no field is rounded
     */
    Course(AutomaticSettings settings, boolean rounds, boolean sketches, double tolerance) {
        this.settings = settings;
        this.rounds = rounds;
        this.sketches = sketches;
        this.tolerance = tolerance;
        this.sketching = sketches;
    }

    /** Whether the next block compares by a sketch. */
    boolean sketching() {
        return sketching;
    }

    /**
     * Decides after a block.
     *
     * @param atRest whether its last fields have come to rest near their rounded values; asked only where that matters
     */
    Step after(Block block, BooleanSupplier atRest) {
        notFinite = block.usable() ? 0 : notFinite + 1;
        if (notFinite == NOT_FINITE_STARTS) {
            return Step.END_NOT_FINITE;
        }
        count(block);
        boolean settled = rounds && sameError > 0 && atRest.getAsBoolean();
        boolean plateau = same >= settings.patience();
        if (sketching && !rounds && block.error() <= SKETCH_MARGIN * tolerance) {
            sketching = false;
            return Step.COMPARE_ITSELF;
        }
        if (settled && softenings < settings.softenings()) {
            return Step.SOFTEN;
        }
        if (plateau && !settled && rounds && block.usable() && plateaus < settings.plateauSoftenings()) {
            plateaus++;
            return Step.SOFTEN;
        }
        if (settled || plateau || !block.usable()) {
            return settings.restarts() ? Step.BEGIN_ANEW : Step.END_AT_PLATEAU;
        }
        return block.roundedError() < settings.nearlyExact() ? Step.LOOK_NEARBY : Step.GO_ON;
    }

    private void count(Block block) {
        double share = settings.improvement();
        sameError = Improvement.isEnough(block.roundedError(), leastError, share) ? 0 : sameError + 1;
        same = sameError == 0 || Improvement.isEnough(block.loss(), leastLoss, share) ? 0 : same + 1;
        softenings = sameError == 0 ? 0 : softenings;
        leastLoss = Math.min(leastLoss, block.loss());
        leastError = Math.min(leastError, block.roundedError());
    }

    /** The field was softened: a loss that rises for it is no standstill. Returns how often in a row that was done. */
    int softened() {
        sameError = 0;
        same = 0;
        leastLoss = Double.POSITIVE_INFINITY;
        return ++softenings;
    }

    /** The field was drawn anew: nothing that was seen before counts. Returns how often that was done. */
    int restarted() {
        sketching = sketches;
        sameError = 0;
        same = 0;
        softenings = 0;
        plateaus = 0;
        leastLoss = Double.POSITIVE_INFINITY;
        leastError = Double.POSITIVE_INFINITY;
        return ++restarts;
    }
}
