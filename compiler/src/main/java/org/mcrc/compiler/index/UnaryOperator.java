package org.mcrc.compiler.index;

/** Scalar functions of one real number; {@link #NOT} of a boolean. */
public enum UnaryOperator {
    NEGATE, ABS, SQRT, EXP, LOG, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, TANH, SIGMOID, RELU, SIGN, STEP, FLOOR,
    LGAMMA, DIGAMMA, NOT;

    /** The name in the language. */
    public String symbol() {
        return switch (this) {
            case NEGATE -> "-";
            case NOT -> "not ";
            default -> name().toLowerCase(java.util.Locale.ROOT);
        };
    }
}
