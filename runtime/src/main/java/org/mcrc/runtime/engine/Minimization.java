package org.mcrc.runtime.engine;

import org.mcrc.runtime.optimize.OptimizerSettings;

/**
 * How a loss is to be minimized.
 *
 * @param optimizer what moves the fields
 * @param projected whether they are put back into their ranges after every iteration
 * @param finiteOnly whether there is no next point once the loss or its gradient is not finite; otherwise the optimizer
 *     takes that for a loss that is too large
 */
public record Minimization(OptimizerSettings optimizer, boolean projected, boolean finiteOnly) {
}
