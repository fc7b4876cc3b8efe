package org.mcrc.runtime.optimize;

/**
 * Keeps every point that an optimizer proposes in a box: each variable is put back to the nearest of its bounds (projection).
 * Where an optimum lies at the bounds, as that of an indicator does, an optimizer with momentum would otherwise spend most
 * of its steps beyond them and on the way back.
 */
public final class BoxConstrained implements Optimizer {

    private final Optimizer optimizer;
    private final double[] low;
    private final double[] high;

    /**
     * Constrains an optimizer.
     *
     * @param low the least value of each variable, which may be negative infinity
     * @param high the greatest, which may be positive infinity
     */
    public BoxConstrained(Optimizer optimizer, double[] low, double[] high) {
        this.optimizer = optimizer;
        this.low = low.clone();
        this.high = high.clone();
    }

    @Override
    public boolean propose(double[] point, double loss, double[] gradient) {
        boolean proposed = optimizer.propose(point, loss, gradient);
        for (int variable = 0; variable < point.length; variable++) {
            point[variable] = Math.clamp(point[variable], low[variable], high[variable]);
        }
        return proposed;
    }
}
