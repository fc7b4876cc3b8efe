package org.mcrc.runtime.optimize;

/**
 * The settings of {@link LimitedMemoryBfgs}.
 *
 * @param history how many steps are remembered, at least 1
 * @param firstStep the greatest change of a variable in the first step, when nothing is known of the curvature yet, in units
 *     of the variable (for an indicator, 1 is the distance between two phases)
 */
public record LimitedMemoryBfgsSettings(int history, double firstStep) implements OptimizerSettings {

    public static final LimitedMemoryBfgsSettings DEFAULT = new LimitedMemoryBfgsSettings(20, 0.1);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException where a setting is outside its range
     */
    public LimitedMemoryBfgsSettings {
        if (history < 1 || !(firstStep > 0 && Double.isFinite(firstStep))) {
            throw new IllegalArgumentException("a history is at least 1 and a first step positive, not " + history + " and "
                    + firstStep);
        }
    }

    @Override
    public String name() {
        return "lbfgs";
    }

    @Override
    public Optimizer create() {
        return new LimitedMemoryBfgs(this);
    }

    @Override
    public boolean allowsBox() {
        return false;
    }

    @Override
    public boolean survivesNotFinite() {
        return true;
    }

    /** A step and a change of the gradient for each that is remembered, and where the search began. */
    @Override
    public int arrays() {
        return 2 * history + 5;
    }
}
