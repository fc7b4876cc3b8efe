package org.mcrc.compiler.simplify;

import java.util.function.DoubleUnaryOperator;

/**
 * The values that an expression can have: none is outside of the closed interval. The ends are not rounded outwards: what
 * is decided by them leaves more room than a rounding error.
 */
record Range(double low, double high) {
    /** Nothing is known. */
    static final Range ANY = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    Range {
        if (!(low <= high)) {
            throw new IllegalArgumentException("no range: " + low + " to " + high);
        }
    }

    /** The range of two values and what lies between; nothing is known of what is not a number. */
    static Range between(double first, double second) {
        return Double.isNaN(first) || Double.isNaN(second) ? ANY
                : new Range(Math.min(first, second), Math.max(first, second));
    }

    static Range of(double value) {
        return between(value, value);
    }

    boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** The largest absolute value. */
    double magnitude() {
        return Math.max(Math.abs(low), Math.abs(high));
    }

    /** The least range that holds both. */
    Range or(Range other) {
        return new Range(Math.min(low, other.low), Math.max(high, other.high));
    }

    /** Wider by {@code margin} of its width on either side. */
    Range widened(double margin) {
        double width = high - low;
        return Double.isInfinite(width) ? this : new Range(low - margin * width, high + margin * width);
    }

    Range negated() {
        return new Range(-high, -low);
    }

    Range plus(Range other) {
        return between(low + other.low, high + other.high);
    }

    Range times(Range other) {
        return hull(product(low, other.low), product(low, other.high), product(high, other.low),
                product(high, other.high));
    }

    Range dividedBy(Range other) {
        return other.contains(0) ? ANY : hull(low / other.low, low / other.high, high / other.low, high / other.high);
    }

    Range absolute() {
        return contains(0) ? new Range(0, magnitude()) : between(Math.abs(low), Math.abs(high));
    }

    /** The range of a function that does not decrease. */
    Range increasing(DoubleUnaryOperator function) {
        return between(function.applyAsDouble(low), function.applyAsDouble(high));
    }

    /** Nothing multiplied by anything, however large, is nothing. */
    private static double product(double left, double right) {
        return left == 0 || right == 0 ? 0 : left * right;
    }

    private static Range hull(double a, double b, double c, double d) {
        return between(a, b).or(between(c, d));
    }
}
