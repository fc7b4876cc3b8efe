package org.mcrc.runtime.engine.cpu.support;

/** Turns the matrix of a reverse contraction's coefficients into panels. */
final class Packing {
    private Packing() {
    }

    /**
     * Packs panel {@code block} of the coefficients, at {@code block * columns * depth}: coefficient (row, k) at
     * {@code k * columns + row}, zeros for rows beyond the last.
     */
    static <A> void pack(RegisterTile<A> tile, A matrix, int rows, int depth, Coefficients coefficients, int block,
            A panels) {
        int columns = tile.columns();
        int first = block * columns;
        int count = Math.min(rows - first, columns);
        int offset = block * columns * depth;
        boolean transposed = coefficients == Coefficients.TRANSPOSED;
        // The panel is the transpose of the rows: where the matrix is stored transposed, its rows are copied.
        for (int k = 0; k < depth; k++) {
            if (coefficients != Coefficients.AS_STORED) {
                System.arraycopy(matrix, k * rows + first, panels, offset + k * columns, count);
            }
        }
        if (!transposed) {
            boolean add = coefficients == Coefficients.PLUS_TRANSPOSED;
            for (int k = 0; k < depth; k += Contraction.SQUARE) {
                tile.copyTransposed(matrix, first * depth + k, depth, count, Math.min(Contraction.SQUARE, depth - k),
                        panels, offset + k * columns, columns, add);
            }
        }
        if (count < columns) {
            A zeros = tile.allocate(columns - count);
            for (int k = 0; k < depth; k++) {
                System.arraycopy(zeros, 0, panels, offset + k * columns + count, columns - count);
            }
        }
    }
}
