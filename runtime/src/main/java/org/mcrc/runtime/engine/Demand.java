package org.mcrc.runtime.engine;

/** What an engine will be asked for. */
public enum Demand {
    /** Outputs and losses: no gradient is derived and compiled, and no memory taken for one. */
    VALUES,
    /** The gradient of the loss too. */
    GRADIENT
}
