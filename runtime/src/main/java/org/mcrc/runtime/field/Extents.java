package org.mcrc.runtime.field;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mcrc.runtime.InputError;

/**
 * The number of pixels along each axis of a microstructure, first axis first: two (rows and columns of an image) or
 * three.
 *
 * @param values each at least 1; their product is at most 2^31 - 1
 */
public record Extents(List<Integer> values) {

    private static final Pattern SEPARATOR = Pattern.compile("[xX×]");

    public Extents {
        values = List.copyOf(values);
        if (values.size() < 2 || values.size() > 3) {
            throw new IllegalArgumentException("a microstructure has 2 or 3 axes, not " + values.size());
        }
        if (values.stream().anyMatch(extent -> extent < 1)) {
            throw new IllegalArgumentException("extents are at least 1: " + values);
        }
        if (product(values) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("more than 2^31 - 1 pixels: " + values);
        }
    }

    public static Extents of(int... values) {
        return new Extents(IntStream.of(values).boxed().toList());
    }

    /**
     * The extents written as {@code 64x64} or {@code 64x64x64}.
     *
     * @throws InputError if the text is not a size, or more pixels than can be numbered
     */
    public static Extents parse(String text) {
        String[] parts = SEPARATOR.split(text.strip(), -1);
        boolean numbers = parts.length >= 2 && parts.length <= 3
                && List.of(parts).stream().allMatch(part -> part.matches("[0-9]{1,9}") && Integer.parseInt(part) > 0);
        if (!numbers) {
            throw new InputError("'" + text + "' is not a size",
                    "write the pixels along each of 2 or 3 axes, as 64x64 or 64x64x64");
        }
        List<Integer> values = List.of(parts).stream().map(Integer::valueOf).toList();
        if (product(values) > Integer.MAX_VALUE) {
            throw new InputError("the size " + text + " has more than 2147483647 pixels");
        }
        return new Extents(values);
    }

    private static double product(List<Integer> values) {
        return values.stream().mapToDouble(Integer::doubleValue).reduce(1, (left, right) -> left * right);
    }

    public int rank() {
        return values.size();
    }

    /** The extent along an axis, counted from 0. */
    public int get(int axis) {
        return values.get(axis);
    }

    /** The number of pixels. */
    public int pixels() {
        return values.stream().reduce(1, (left, right) -> left * right);
    }

    public int[] toArray() {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    /** As it is written on the command line: {@code 64x64}. */
    @Override
    public String toString() {
        return values.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }
}
