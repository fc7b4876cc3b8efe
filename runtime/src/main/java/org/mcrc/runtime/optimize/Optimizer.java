package org.mcrc.runtime.optimize;

/**
 * Minimizes a differentiable function of many variables, one evaluation at a time.
 *
 * <p>The caller evaluates the loss and its gradient at a point of its choice, and then at each point that is proposed:
 *
 * <pre>{@code
 * do {
 *     loss = evaluate(point, gradient);
 * } while (optimizer.propose(point, loss, gradient));
 * }</pre>
 *
 * <p>What is proposed depends on nothing but the losses and gradients told so far: the same run gives the same bits. A
 * proposed point need not be better than those before; the caller remembers the best. An optimizer serves one run.
 */
public interface Optimizer {

    /**
     * Replaces the point by the next one to be evaluated.
     *
     * @param point where loss and gradient were evaluated; receives the next point. Its length is the same in every call
     * @param loss the loss there
     * @param gradient its gradient there, of the length of {@code point}; it is not changed
     * @return whether there is a next point; if not, {@code point} is the best that a line search knows, else unchanged
     */
    boolean propose(double[] point, double loss, double[] gradient);
}
