package org.mcrc.runtime.reconstruct;

/** Why a reconstruction ended. */
public enum StopReason {

    /** The field rounded to phases has the target's descriptor up to rounding errors. */
    EXACT("exact", true),

    /** The relative error came below the tolerance. */
    TOLERANCE("tolerance", true),

    /** Neither the loss nor the error of the rounded field became better for a long time. */
    PLATEAU("plateau", false),

    /** The allowed number of iterations was used up. */
    ITERATION_LIMIT("iteration limit", false),

    /** The optimizer knew no next point. */
    OPTIMIZER_EXHAUSTED("no descent", false),

    /** The loss or its gradient ceased to be a finite number. */
    NOT_FINITE("not finite", false),

    /** It was asked to stop. */
    INTERRUPTED("interrupted", false);

    private final String text;
    private final boolean reached;

    StopReason(String text, boolean reached) {
        this.text = text;
        this.reached = reached;
    }

    /** As it is written in files. */
    public String text() {
        return text;
    }

    /** Whether the goal was reached. */
    public boolean reached() {
        return reached;
    }
}
