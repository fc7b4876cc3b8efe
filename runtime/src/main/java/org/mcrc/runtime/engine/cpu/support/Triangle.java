package org.mcrc.runtime.engine.cpu.support;

import java.util.stream.IntStream;

/** Divides the tiles of a matrix, or of the upper triangle of a square one, into tasks. */
final class Triangle {
    /** A task is three numbers: its block of columns, its first row, and the row before which it ends. */
    static final int FIELDS = 3;

    private Triangle() {
    }

    /** The tiles that have an element on or above the diagonal of a {@code size × size} matrix. */
    static int[] upper(int size, int tileRows, int tileColumns, int tilesPerTask) {
        return tasks(size, size, tileRows, tileColumns, tilesPerTask, true);
    }

    /** All tiles of a {@code rows × columns} matrix. */
    static int[] full(int rows, int columns, int tileRows, int tileColumns, int tilesPerTask) {
        return tasks(rows, columns, tileRows, tileColumns, tilesPerTask, false);
    }

    private static int[] tasks(int rows, int columns, int tileRows, int tileColumns, int tilesPerTask,
            boolean triangle) {
        int rowsPerTask = tileRows * tilesPerTask;
        IntStream.Builder tasks = IntStream.builder();
        for (int block = 0; block * tileColumns < columns; block++) {
            int end = triangle ? Math.min(rows, (block + 1) * tileColumns) : rows;
            for (int row = 0; row < end; row += rowsPerTask) {
                tasks.add(block).add(row).add(Math.min(end, row + rowsPerTask));
            }
        }
        return tasks.build().toArray();
    }
}
