package org.mcrc.compiler.check;

import java.util.OptionalInt;

/** What is known of an expression's value without sizes and the values of params. */
sealed interface StaticType {

    /** Nothing is known, because of an error that was reported. */
    record Unknown() implements StaticType {}

    /**
     * A number.
     *
     * @param integrality whether it is an integer
     * @param variability what it depends on
     */
    record Number(Integrality integrality, Variability variability) implements StaticType {}

    /**
     * An offset vector.
     *
     * @param variability what it depends on
     */
    record Vector(Variability variability) implements StaticType {}

    /**
     * True or false.
     *
     * @param variability what it depends on
     */
    record Truth(Variability variability) implements StaticType {}

    /**
     * A position in a grid: K times a pixel index plus a vector.
     *
     * @param index the pixel index
     * @param factor K, if it is known
     * @param bare whether it is nothing but the index
     */
    record Position(Local index, OptionalInt factor, boolean bare) implements StaticType {}

    StaticType UNKNOWN = new Unknown();

    /** A number of which nothing is known before the microstructure is. */
    StaticType REAL = new Number(Integrality.PERHAPS, Variability.ARRAY);

    /** What a value of {@code type} depends on. */
    static Variability variabilityOf(StaticType type) {
        return switch (type) {
            case Number number -> number.variability();
            case Vector vector -> vector.variability();
            case Truth truth -> truth.variability();
            case Position _, Unknown _ -> Variability.CONSTANT;
        };
    }

    /** Whether a number is an integer. */
    enum Integrality {
        YES,
        /** It depends on the values of params. */
        PERHAPS,
        NO;

        Integrality and(Integrality other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    /** What a value depends on, each including those before it. */
    enum Variability {
        /** Only params, the level and the number of phases. */
        CONSTANT,
        /** It is a polynomial of indices, or a floored quotient of one. */
        INDEX_FORM,
        /** It is another function of indices. */
        INDEX_VALUE,
        /** It depends on the values of arrays or on a function's argument. */
        ARRAY;

        Variability and(Variability other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }
}
