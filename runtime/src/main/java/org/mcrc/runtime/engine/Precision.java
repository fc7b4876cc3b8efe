package org.mcrc.runtime.engine;

/** How many bits real numbers have while a descriptor is evaluated. */
public enum Precision {
    SINGLE,
    /**
     * Single, with large contractions on the tensor cores of a GPU: by one product of halves while the field is far from its
     * target, by three where it is near. Correlations are right to about 1e-5.
     */
    MIXED,
    DOUBLE
}
