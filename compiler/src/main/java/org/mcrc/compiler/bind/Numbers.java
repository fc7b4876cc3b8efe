package org.mcrc.compiler.bind;

import java.util.List;
import java.util.stream.Collectors;

/** Numbers as people write them. */
final class Numbers {
    private Numbers() {}

    static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? String.valueOf((long) value) : String.valueOf(value);
    }

    /** Extents as in {@code 64x64}. */
    static String extents(List<Integer> extents) {
        return extents.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }

    /** A count with its noun, as in {@code 1 member} or {@code 3 members}. */
    static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
