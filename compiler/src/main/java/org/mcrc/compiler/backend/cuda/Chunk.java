package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Index;

/**
 * The pixels that are in a workspace at a time: all, or so many one after another.
 *
 * @param size the pixels of a chunk
 * @param total the pixels of the grid
 */
record Chunk(int size, int total) {
    /** The integer that a launch gives: the position of the batch's indices. */
    static final String BATCH = "batch";

    /** The integer that a launch gives: the position in the grid of the chunk's first pixel. */
    static final String FIRST = "first_pixel";

    /** All pixels at once. */
    static Chunk whole(Index pixel) {
        return new Chunk(pixel.domain().size(), pixel.domain().size());
    }

    boolean isWhole() {
        return size >= total;
    }

    /** Whether the last chunk has fewer pixels than the others. */
    boolean isRagged() {
        return total % size != 0;
    }

    /** The number of chunks. */
    int count() {
        return Math.ceilDiv(total, size);
    }

    /** The position in the grid of the pixel that is in a column of the workspace. */
    String place(KernelWriter kernel, String column) {
        return isWhole() ? column : kernel.parameters().integer(FIRST, 0) + " + " + column;
    }

    /** The same as a variable, where it is not the column itself. */
    String placeInVariable(KernelWriter kernel, String column) {
        if (isWhole()) {
            return column;
        }
        kernel.line("const unsigned place_of_pixel = %s;", place(kernel, column));
        return "place_of_pixel";
    }

    /**
     * Where what is of the chunk begins in an array of all pixels.
     *
     * @param scale what follows the first pixel where an array has more for each, as " / 128 * 190": each chunk begins at a
     *     multiple of what it is divided by
     */
    String placeAfter(KernelWriter kernel, String array, String scale) {
        return isWhole() ? array : array + " + " + kernel.parameters().integer(FIRST, 0) + scale;
    }

    /** The column of the pixel at a position in the grid. */
    String column(KernelWriter kernel, String place) {
        return isWhole() ? place : place + " - " + kernel.parameters().integer(FIRST, 0);
    }

    /** What is true of columns that are there. */
    List<String> inside(String column) {
        return isWhole() ? List.of() : List.of(column + " >= 0", column + " < " + size);
    }

    /** Whether no other chunk comes after that of a launch. */
    boolean isLast(Map<String, Integer> integers) {
        return integers.get(FIRST) + size >= total;
    }

    /** The integers of the launches, chunk after chunk for every value of a batch. */
    List<Map<String, Integer>> launches(List<Index> batch) {
        List<Map<String, Integer>> all = new ArrayList<>();
        for (int value = 0; value < Count.of(batch); value++) {
            for (int chunk = 0; chunk < count(); chunk++) {
                Map<String, Integer> integers = new HashMap<>();
                integers.put(BATCH, value);
                integers.put(FIRST, chunk * size);
                all.add(integers);
            }
        }
        return all;
    }
}
