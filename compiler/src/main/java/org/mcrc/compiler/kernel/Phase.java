package org.mcrc.compiler.kernel;

/** When a kernel runs: each phase needs what the earlier ones computed. */
public enum Phase {
    /** Once after data and arguments are set: what no field and no target enters. */
    PREPARE,
    /** The outputs and reports. */
    OUTPUTS,
    /** The error, the penalties and the loss. */
    LOSS,
    /** The gradient. */
    GRADIENT
}
