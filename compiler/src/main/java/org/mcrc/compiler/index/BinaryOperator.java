package org.mcrc.compiler.index;

/** Scalar operations on two operands. {@link #POLYGAMMA} takes its order, a constant, on the left. */
public enum BinaryOperator {
    ADD("+", false), SUBTRACT("-", false), MULTIPLY("*", false), DIVIDE("/", false), POWER("^", false),
    MINIMUM("min", false), MAXIMUM("max", false), ATAN2("atan2", false), POLYGAMMA("polygamma", false),
    EQUAL("==", true), NOT_EQUAL("!=", true), LESS("<", true), LESS_OR_EQUAL("<=", true),
    AND("and", true), OR("or", true);

    private final String symbol;
    private final boolean logical;

    BinaryOperator(String symbol, boolean logical) {
        this.symbol = symbol;
        this.logical = logical;
    }

    /** The name in the language. */
    public String symbol() {
        return symbol;
    }

    /** Whether the result is a truth value. */
    public boolean isLogical() {
        return logical;
    }

    /** Whether it compares two real numbers. */
    public boolean isComparison() {
        return logical && this != AND && this != OR;
    }
}
