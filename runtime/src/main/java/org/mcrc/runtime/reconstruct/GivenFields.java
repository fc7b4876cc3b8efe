package org.mcrc.runtime.reconstruct;

import org.mcrc.runtime.engine.Signature;

/**
 * Fields that somebody has, such as the result of a run that was interrupted. Another start than the first, where these come
 * to nothing, is noise.
 *
 * @param point the values of all fields, one field after another
 * @param seed of the run whose first start this is
 */
public record GivenFields(double[] point, long seed) implements Initialization {
    @Override
    public double[] draw(Signature signature, long ofStart) {
        return ofStart == seed ? point.clone() : DEFAULT.draw(signature, ofStart);
    }
}
