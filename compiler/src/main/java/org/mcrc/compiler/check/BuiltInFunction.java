package org.mcrc.compiler.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The built-in functions of numbers. Those of vectors, grids and sets are not among them. */
public enum BuiltInFunction {
    ABS(1, true, true),
    SQRT(1, true, false),
    EXP(1, true, false),
    LOG(1, true, false),
    SIN(1, true, false),
    COS(1, true, false),
    TAN(1, true, false),
    ASIN(1, true, false),
    ACOS(1, true, false),
    ATAN(1, true, false),
    ATAN2(2, true, false),
    SINH(1, true, false),
    COSH(1, true, false),
    TANH(1, true, false),
    SIGMOID(1, true, false),
    RELU(1, true, true),
    /** Its derivative is 0. */
    SIGN(1, false, true),
    /** Its derivative is 0. */
    STEP(1, false, true),
    /** Its derivative is 0. */
    FLOOR(1, false, true),
    /** Takes two arguments or more. */
    MIN(2, true, true),
    /** Takes two arguments or more. */
    MAX(2, true, true),
    /** {@code clamp(z, low, high)}. */
    CLAMP(3, true, true),
    LGAMMA(1, true, false),
    DIGAMMA(1, true, false);

    private static final Map<String, BuiltInFunction> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toMap(BuiltInFunction::word, Function.identity()));

    private final int arity;
    private final boolean hasDerivative;
    private final boolean integerOfIntegers;

    BuiltInFunction(int arity, boolean hasDerivative, boolean integerOfIntegers) {
        this.arity = arity;
        this.hasDerivative = hasDerivative;
        this.integerOfIntegers = integerOfIntegers;
    }

    /** The function that is written {@code word}. */
    public static Optional<BuiltInFunction> find(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    /** How it is written. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The number of its arguments, the smallest where it is {@link #isVariadic}. */
    public int arity() {
        return arity;
    }

    /** Whether it takes any number of arguments from {@link #arity} on. */
    public boolean isVariadic() {
        return this == MIN || this == MAX;
    }

    /** Whether its derivative is not zero everywhere. */
    public boolean hasDerivative() {
        return hasDerivative;
    }

    /** Whether its value is an integer where its arguments are; {@code floor}'s always is. */
    public boolean isIntegerOfIntegers() {
        return integerOfIntegers;
    }
}
