package org.mcrc.runtime.optimize;

/**
 * Adam: each variable moves against the running mean of its gradient, divided by the root of the running mean of its square.
 *
 * <p>Source: Kingma and Ba (2015), "Adam: a method for stochastic optimization", algorithm 1 in the form given at the end of
 * its section 2 (epsilon is added before the correction for the zero start, as TensorFlow does).
 */
public final class Adam implements Optimizer {

    private final AdamSettings settings;
    private double[] mean;
    private double[] square;
    private double beta1Power = 1;
    private double beta2Power = 1;
    private long iterations;

    public Adam(AdamSettings settings) {
        this.settings = settings;
    }

    /** There is a next point as long as the loss is finite. */
    @Override
    public boolean propose(double[] point, double loss, double[] gradient) {
        if (!Double.isFinite(loss)) {
            return false;
        }
        if (mean == null) {
            mean = new double[point.length];
            square = new double[point.length];
        }
        double beta1 = settings.beta1();
        double beta2 = settings.beta2();
        beta1Power *= beta1;
        beta2Power *= beta2;
        double rate = settings.learningRate() / Math.sqrt(1 + iterations / settings.decay());
        double step = rate * Math.sqrt(1 - beta2Power) / (1 - beta1Power);
        iterations++;
        for (int variable = 0; variable < point.length; variable++) {
            double slope = gradient[variable];
            mean[variable] = beta1 * mean[variable] + (1 - beta1) * slope;
            square[variable] = beta2 * square[variable] + (1 - beta2) * slope * slope;
            // Where every gradient was 0 the mean is too; without epsilon the quotient would not be a number.
            if (mean[variable] != 0) {
                point[variable] -= step * mean[variable] / (Math.sqrt(square[variable]) + settings.epsilon());
            }
        }
        return true;
    }
}
