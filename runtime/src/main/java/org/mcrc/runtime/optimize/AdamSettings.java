package org.mcrc.runtime.optimize;

/**
 * The settings of {@link Adam}.
 *
 * @param learningRate the length of a step in each variable while its gradient keeps its sign, in units of the variable
 *     (for an indicator, 1 is the distance between two phases)
 * @param decay the learning rate falls as 1/sqrt(1 + iterations/decay); infinity keeps it constant
 * @param beta1 how much of the mean gradient is kept from one iteration to the next, in [0, 1)
 * @param beta2 the same for the mean squared gradient, in [0, 1)
 * @param epsilon is added to the root of the mean squared gradient
 */
public record AdamSettings(double learningRate, double decay, double beta1, double beta2, double epsilon)
        implements OptimizerSettings {

    /**
     * What Seibert et al. (2021), Appendix B, used: TensorFlow's standard settings, constant rate. Needs several times as
     * many iterations as {@link #DEFAULT}.
     */
    public static final AdamSettings PAPER =
            new AdamSettings(0.001, Double.POSITIVE_INFINITY, 0.9, 0.999, 1e-7);

    /**
     * What reconstructs fastest without failing, for fields that are kept in their ranges. Against {@link #PAPER}:
     *
     * <ul>
     *   <li>a larger rate. Only the rounded field counts, so that the last digits, for which rates are made small, do not
     *       matter
     *   <li>a shorter memory of the squared gradient. The gradient of the l2 loss has the same length near the optimum and far
     *       from it, but falls by orders of magnitude when the first random structure dissolves: with 0.999 steps stay too
     *       short for hundreds of iterations after that
     *   <li>an epsilon that plays no part. The step then does not depend on the units of the loss, which for a mean of squares
     *       is small
     * </ul>
     */
    public static final AdamSettings DEFAULT =
            new AdamSettings(0.03, Double.POSITIVE_INFINITY, 0.9, 0.95, 1e-16);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException where a setting is outside its range
     */
    public AdamSettings {
        require(learningRate > 0 && Double.isFinite(learningRate), "learning rate", learningRate, "positive");
        require(decay > 0, "decay", decay, "positive");
        require(beta1 >= 0 && beta1 < 1, "beta1", beta1, "at least 0 and below 1");
        require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "at least 0 and below 1");
        require(epsilon >= 0 && Double.isFinite(epsilon), "epsilon", epsilon, "at least 0");
    }

    @Override
    public String name() {
        return "adam";
    }

    @Override
    public Optimizer create() {
        return new Adam(this);
    }

    @Override
    public boolean allowsBox() {
        return true;
    }

    /** Its means would never be numbers again. */
    @Override
    public boolean survivesNotFinite() {
        return false;
    }

    /** The two means. */
    @Override
    public int arrays() {
        return 2;
    }

    private static void require(boolean holds, String setting, double value, String range) {
        if (!holds) {
            throw new IllegalArgumentException("Adam's " + setting + " is " + value + " and must be " + range);
        }
    }

    /** The same with another learning rate. */
    public AdamSettings withLearningRate(double newLearningRate) {
        return new AdamSettings(newLearningRate, decay, beta1, beta2, epsilon);
    }
}
