package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.Index;

/**
 * The pixels that are in a workspace at a time: all, or so many one after another.
 *
 * @param size the pixels of a chunk
 * @param total the pixels of the grid
 */
record Chunk(int size, int total) {
    /** The names of the integers that launches give. */
    static final String BATCH = "batch";
    static final String FIRST = "firstPixel";

    static Chunk whole(Index pixel) {
        return new Chunk(pixel.domain().size(), pixel.domain().size());
    }

    boolean isWhole() {
        return size >= total;
    }

    /** Whether the last chunk is shorter. */
    boolean isRagged() {
        return total % size != 0;
    }

    int count() {
        return Math.ceilDiv(total, size);
    }

    /** The position in the grid of what is in a column. */
    String place(KernelWriter kernel, String column) {
        return isWhole() ? column : kernel.integerParameter(FIRST, 0) + " + " + column;
    }

    /** The column of the pixel at a position in the grid. */
    String column(KernelWriter kernel, String place) {
        return isWhole() ? place : place + " - " + kernel.integerParameter(FIRST, 0);
    }

    /** What is true of columns that are there. */
    List<String> inside(String column) {
        return isWhole() ? List.of() : List.of(column + " >= 0", column + " < " + size);
    }

    /** The integers of the launches, chunk after chunk for every value of a batch. */
    List<Map<String, Integer>> launches(List<Index> batch) {
        List<Map<String, Integer>> all = new ArrayList<>();
        for (int value = 0; value < ProgramText.size(batch); value++) {
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
