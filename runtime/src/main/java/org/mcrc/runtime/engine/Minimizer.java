package org.mcrc.runtime.engine;

import java.util.List;

/**
 * An engine and an optimizer that go on by themselves: so many evaluations, each at the point that the optimizer proposed
 * after the one before. Points hold all fields, one after another in the order of the signature.
 *
 * <p>What it does depends on nothing but the point where it begins and the numbers of evaluations asked for, and on these
 * only where that is said.
 */
public interface Minimizer extends AutoCloseable {

    /**
     * An evaluation of loss and gradient.
     *
     * @param finite whether the loss and all of its gradient are finite numbers
     */
    record Evaluation(Losses losses, boolean finite) {
    }

    /** How many evaluations it can do at once. */
    int stride();

    /** Begins at a point with an optimizer that knows nothing. */
    void begin(double[] point);

    /**
     * Evaluates and moves so many times.
     *
     * @param evaluations at most {@link #stride}
     * @return what was evaluated, in this order: less than was asked for where there is no next point
     */
    List<Evaluation> advance(int evaluations);

    /** Whether the optimizer knows no next point. */
    boolean exhausted();

    /** Gives the point that was evaluated last. */
    void evaluated(double[] point);

    /** Gives the point that is evaluated next, or would be. */
    void next(double[] point);

    /** Gives the point at which the finite loss was least of all since it began; there was one. */
    void best(double[] point);

    @Override
    void close();
}
