package org.mcrc.compiler.index;

import java.util.Collection;
import java.util.List;

/**
 * How many values indices take together. What a program sums over may be more than any integer type holds: whole numbers
 * end at the greatest {@code long}, and costs are computed as real numbers.
 */
public final class Count {
    private Count() {}

    /** The number of combinations of values, or the greatest {@code long} where there are more. */
    public static long of(Collection<Index> indices) {
        return elements(indices.stream().map(Index::domain).toList());
    }

    /** The number of combinations of values as a real number. */
    public static double real(Collection<Index> indices) {
        return indices.stream().mapToDouble(index -> index.domain().size()).reduce(1, (a, b) -> a * b);
    }

    /** The number of elements of an array with these axes, or the greatest {@code long} where there are more. */
    public static long elements(List<? extends Domain> axes) {
        return axes.stream().mapToLong(Domain::size).reduce(1, Count::product);
    }

    /** The product of two numbers that are not negative, or the greatest {@code long} where it is greater. */
    public static long product(long left, long right) {
        return Math.multiplyHigh(left, right) == 0 && left * right >= 0 ? left * right : Long.MAX_VALUE;
    }
}
