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
 * @param restarts whether the field is drawn anew where nothing advances; otherwise the run ends
 * @param coarseTolerance the relative error at which a coarser level is good enough to start the next
 * @param coarseIterations the most iterations on a coarser level
 * @param coarseAttempts how often a coarser level that does not become good enough is begun, each time from another start
 */
public record AutomaticSettings(OptimizerSettings optimizer, boolean projected, int block, double improvement,
        double settled, int patience, double softened, double noise, int softenings, int plateauSoftenings, boolean restarts,
        double coarseTolerance, int coarseIterations, int coarseAttempts) {

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
     */
    public static AutomaticSettings of(boolean penalized) {
        OptimizerSettings optimizer = penalized ? LimitedMemoryBfgsSettings.DEFAULT : AdamSettings.DEFAULT;
        return new AutomaticSettings(optimizer, !penalized, penalized ? 60 : 250, 0.1, 0.02, 4, 0.5, 0.05, 6,
                1, true, 1e-2, 480, 3);
    }

    /** The same, for a run that ends where nothing advances: it is a start for something better. */
    AutomaticSettings once() {
        return new AutomaticSettings(optimizer, projected, block, improvement, settled, patience, softened, noise, softenings,
                0, false, coarseTolerance, coarseIterations, coarseAttempts);
    }
}
