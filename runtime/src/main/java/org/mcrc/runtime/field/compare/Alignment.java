package org.mcrc.runtime.field.compare;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A periodic translation of one microstructure onto another, and what still differs after it.
 *
 * @param shift by how many pixels along each axis; components lie between minus and plus half the extent
 * @param differing the number of pixels that differ after it
 */
public record Alignment(List<Integer> shift, int differing) {

    public Alignment {
        shift = List.copyOf(shift);
    }

    public boolean isExact() {
        return differing == 0;
    }

    /** The shift as a vector: {@code (3, -5)}. */
    public String shiftText() {
        return shift.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }
}
