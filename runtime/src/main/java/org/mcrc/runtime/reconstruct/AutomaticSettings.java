package org.mcrc.runtime.reconstruct;

import org.mcrc.runtime.optimize.AdamSettings;
import org.mcrc.runtime.optimize.LimitedMemoryBfgsSettings;
import org.mcrc.runtime.optimize.OptimizerSettings;

/**
 * The settings of {@link AutomaticReconstruction}.
 *
 * @param optimizer of each block
 * @param projected whether the fields are put back into their ranges after every iteration
 * @param block after so many iterations the optimizer starts afresh, with a new sketch where there is one
 * @param improvement a block has advanced if it lowered the loss or the error of the rounded field by this share
 * @param settled a field whose values are this near to its rounded ones on average can only change by whole pixels
 * @param patience after so many blocks in a row that did not advance, the field is softened or drawn anew
 * @param softened how far towards its rounded values a field is when it has been softened: 0 is the middle between the
 *     phases, 1 the rounded values
 * @param noise the standard deviation of what is added then
 * @param softenings how often in a row, without an advance, a settled field is softened
 * @param plateauSoftenings how often from one start on a field that does not advance and is not settled
 * @param searched the most evaluations of a stretch of a search among single pixels of the rounded field; 0 for none
 * @param nearlyExact where a rounded field's relative error is below this when a block ends, an exact one is looked for among
 *     those that differ from it in single pixels
 * @param restarts whether the field is drawn anew where nothing advances; otherwise the run ends
 * @param coarseTolerance the relative error at which a coarser level is good enough to start the next
 * @param coarseIterations the most iterations on a coarser level
 * @param coarseAttempts how often a coarser level that does not become good enough is begun, each time from another start
 */
public record AutomaticSettings(OptimizerSettings optimizer, boolean projected, int block, double improvement,
        double settled, int patience, double softened, double noise, int softenings, int plateauSoftenings, int searched,
        double nearlyExact, boolean restarts, double coarseTolerance, int coarseIterations, int coarseAttempts) {

    /**
     * The least and most iterations of a block of L-BFGS, and the pixels for which the least are enough. The more unknowns,
     * the more iterations its memory needs until it knows how they depend on one another; a new sketch makes it forget.
     */
    private static final int LEAST_BLOCK = 60;
    private static final int MOST_BLOCK = 240;
    private static final int PIXELS_OF_LEAST_BLOCK = 64 * 64;

    private static final double IMPROVEMENT = 0.1;
    private static final double SETTLED = 0.02;
    private static final int PATIENCE = 4;
    private static final double SOFTENED = 0.5;
    private static final double NOISE = 0.05;
    private static final int SOFTENINGS = 6;
    private static final int PLATEAU_SOFTENINGS = 1;
    private static final int SEARCHED = 300;
    private static final double NEARLY_EXACT = 5e-3;
    private static final double COARSE_TOLERANCE = 1e-2;
    private static final int COARSE_ITERATIONS = 480;
    private static final int COARSE_ATTEMPTS = 3;

    /** Adam takes smaller steps. */
    private static final int BLOCK_OF_ADAM = 250;

    public AutomaticSettings {
        if (block < 1 || patience < 1 || coarseAttempts < 1 || softenings < 0 || plateauSoftenings < 0) {
            throw new IllegalArgumentException("block, patience and attempts are at least 1, softenings at least 0");
        }
    }

    /**
     * The defaults: L-BFGS where penalties keep the fields in their ranges, otherwise Adam with projection, which takes
     * smaller steps and longer blocks.
     *
     * @param penalized whether the descriptor has penalties
     * @param pixels of the microstructure
     */
    public static AutomaticSettings of(boolean penalized, long pixels) {
        OptimizerSettings optimizer = penalized ? LimitedMemoryBfgsSettings.DEFAULT : AdamSettings.DEFAULT;
        int block = penalized ? (int) Math.clamp(LEAST_BLOCK * pixels / PIXELS_OF_LEAST_BLOCK, LEAST_BLOCK, MOST_BLOCK)
                : BLOCK_OF_ADAM;
        return new AutomaticSettings(optimizer, !penalized, block, IMPROVEMENT, SETTLED, PATIENCE, SOFTENED, NOISE, SOFTENINGS,
                PLATEAU_SOFTENINGS, SEARCHED, NEARLY_EXACT, true, COARSE_TOLERANCE, COARSE_ITERATIONS, COARSE_ATTEMPTS);
    }

    /**
     * The same, for a run that ends where nothing advances, or soon: it is a start for something better, and only where a
     * block ends is it seen whether it is good enough.
     */
    AutomaticSettings once() {
        return new AutomaticSettings(optimizer, projected, projected ? block : Math.min(block, LEAST_BLOCK), improvement,
                settled, patience, softened, noise, softenings, 0, 0, 0, false, coarseTolerance, coarseIterations, coarseAttempts);
    }
}
