/**
 * Gradient-based minimizers. They see a point, a loss and a gradient, and nothing of microstructures.
 *
 * <p>An {@link org.mcrc.runtime.optimize.Optimizer} is told the loss and the gradient at the point that it proposed last and
 * proposes the next: whoever evaluates stays in charge of the loop, so that stopping, recording and interrupting are the same
 * for every optimizer, and one iteration always is one evaluation.
 */
package org.mcrc.runtime.optimize;
