package org.mcrc.runtime.engine;

/** How many bits real numbers have while a descriptor is evaluated. */
public enum Precision {
    SINGLE,
    /**
     * Single, with large contractions on the tensor cores of a GPU: of halves while the field is far from its target, as
     * accurate as single where it is near.
     */
    MIXED,
    DOUBLE
}
