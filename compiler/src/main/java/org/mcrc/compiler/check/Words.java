package org.mcrc.compiler.check;

import org.mcrc.compiler.source.Span;

/** How messages put things. */
final class Words {

    private static final int LONGEST_EXCERPT = 24;

    private Words() {}

    /** The text at {@code span}, if it is short. */
    static String excerpt(Span span) {
        String text = span.text().strip();
        boolean plain = text.length() <= LONGEST_EXCERPT && !text.contains("\n") && !text.contains("\r");
        return plain ? text : "…";
    }

    /** A number as one would write it. */
    static String number(double value) {
        boolean isInteger = value == Math.rint(value) && Math.abs(value) < 1e15;
        return isInteger ? String.valueOf((long) value) : String.valueOf(value);
    }

    /** {@code 1 argument}, {@code 2 arguments}. */
    static String count(int number, String noun) {
        return (number == 0 ? "no" : String.valueOf(number)) + " " + noun + (number == 1 ? "" : "s");
    }

    static String describe(StaticType type) {
        return switch (type) {
            case StaticType.Number number when number.integrality() == StaticType.Integrality.YES -> "an integer";
            case StaticType.Number _ -> "a number";
            case StaticType.Vector _ -> "a vector";
            case StaticType.Truth _ -> "a condition";
            case StaticType.Position _ -> "a pixel's position";
            case StaticType.Unknown _ -> "unknown";
        };
    }
}
