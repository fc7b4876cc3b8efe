package org.mcrc.compiler.syntax;

/** How outputs are compared with their targets. */
public enum LossKind {
    /** The square root of the sum of squares. */
    L2("l2"),
    /** The sum of squares. */
    SSE("sse"),
    /** The mean of squares. */
    MSE("mse"),
    /** The square root of the mean of squares. */
    RMS("rms"),
    /** The sum of absolute values. */
    L1("l1");

    private final String word;

    LossKind(String word) {
        this.word = word;
    }

    /** The word by which it is written. */
    public String word() {
        return word;
    }
}
