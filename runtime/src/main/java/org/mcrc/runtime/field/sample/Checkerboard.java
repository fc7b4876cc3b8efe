package org.mcrc.runtime.field.sample;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Memory;
import org.mcrc.runtime.field.Microstructure;

/** A checkerboard of squares or cubes: the phase is the parity of (i div s) + (j div s) (+ (k div s)). */
public final class Checkerboard {

    private Checkerboard() {
    }

    /**
     * The checkerboard.
     *
     * @param square the edge s of a square, in pixels
     * @throws InputError if an extent is not a multiple of two squares, so that the pattern would not be periodic
     */
    public static Microstructure sample(Extents extents, int square) {
        if (square < 1) {
            throw new InputError("a square of " + square + " pixels: at least 1 is needed");
        }
        if (extents.values().stream().anyMatch(extent -> extent % (2L * square) != 0)) {
            throw new InputError("a checkerboard of " + extents + " pixels with squares of " + square
                    + " is not periodic: each extent must be a multiple of two squares, " + 2L * square,
                    mend(extents, square));
        }
        Memory.require("a checkerboard at " + extents, 4L * extents.pixels());
        int[] labels = new int[extents.pixels()];
        for (int pixel = 0; pixel < labels.length; pixel++) {
            int squares = 0;
            int rest = pixel;
            for (int axis = extents.rank() - 1; axis >= 0; axis--) {
                squares += rest % extents.get(axis) / square;
                rest /= extents.get(axis);
            }
            labels[pixel] = squares % 2;
        }
        return new Microstructure(extents, labels, 2);
    }

    private static String mend(Extents extents, int square) {
        long period = 2L * square;
        List<Long> rounded = extents.values().stream()
                .map(extent -> Math.max(1, Math.round((double) extent / period)) * period).toList();
        String size = "take --size " + String.join("x", rounded.stream().map(String::valueOf).toList());
        int largest = Math.min(square, extents.values().stream().mapToInt(extent -> extent / 2).min().orElse(0));
        OptionalInt fitting = IntStream.rangeClosed(1, largest)
                .filter(edge -> extents.values().stream().allMatch(extent -> extent % (2 * edge) == 0)).max();
        return fitting.isPresent() ? size + " or --square " + fitting.getAsInt() : size;
    }
}
