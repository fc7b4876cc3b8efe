package org.mcrc.runtime.reconstruct;

/** Where a reconstruction starts. */
@FunctionalInterface
public interface Start {

    /**
     * The fields' first values, one after the other in the signature's order, each in C order.
     *
     * @param seed the same gives the same, another something else
     */
    double[] point(long seed);
}
