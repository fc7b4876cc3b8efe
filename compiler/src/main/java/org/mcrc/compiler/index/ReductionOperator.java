package org.mcrc.compiler.index;

/**
 * How the terms of a reduction are combined. {@link #ARGMAX} and {@link #ARGMIN} give the position of the first term
 * that attains the extremum, counted in the order of the indices (the last one fastest, pixels in C order).
 */
public enum ReductionOperator {
    SUM(0), PRODUCT(1), MAXIMUM(Double.NEGATIVE_INFINITY), MINIMUM(Double.POSITIVE_INFINITY), ARGMAX(-1), ARGMIN(-1);

    private final double identity;

    ReductionOperator(double identity) {
        this.identity = identity;
    }

    /** The value over no terms. */
    public double identity() {
        return identity;
    }

    /** The name in printed forms. */
    public String symbol() {
        return switch (this) {
            case SUM -> "sum";
            case PRODUCT -> "prod";
            case MAXIMUM -> "max";
            case MINIMUM -> "min";
            case ARGMAX -> "argmax";
            case ARGMIN -> "argmin";
        };
    }
}
