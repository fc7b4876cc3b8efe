package org.mcrc.runtime.optimize;

/** The settings of an optimizer, from which any number of fresh ones can be made. */
public sealed interface OptimizerSettings permits AdamSettings, LimitedMemoryBfgsSettings {

    /** The optimizer's name, as it is given on the command line and written in files. */
    String name();

    /** A fresh optimizer. */
    Optimizer create();

    /**
     * Whether its points may be put back into a box ({@link BoxConstrained}). One that searches along lines must be told the
     * loss where it asked for it: there, penalties have to keep the fields in their ranges.
     */
    boolean allowsBox();

    /**
     * Whether it takes a loss or a gradient that is not finite for a step that was too long, and goes on from where it was; if
     * not, it knows no next point then.
     */
    boolean survivesNotFinite();

    /** How many arrays as large as a point it keeps. */
    int arrays();
}
