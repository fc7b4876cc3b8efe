package org.mcrc.runtime.engine.cpu.support;

/** Completes a symmetric matrix from its upper triangle. */
final class Mirror {
    private Mirror() {
    }

    /** Scales the upper triangle of a {@code size × size} matrix and copies it to the lower one, in small squares. */
    static <A> void scaleAndMirror(RegisterTile<A> tile, A matrix, int size, double scale, Workers workers) {
        int square = Contraction.SQUARE;
        int slabs = Math.ceilDiv(size, square);
        workers.run(slabs, slab -> {
            int first = slab * square;
            int last = Math.min(size, first + square);
            tile.scale(matrix, size, first, last, first, size, scale);
            for (int column = last; column < size; column += square) {
                tile.copyTransposed(matrix, first * size + column, size, last - first, Math.min(square, size - column),
                        matrix, column * size + first, size);
            }
            for (int row = first; row < last; row++) {
                tile.copyTransposed(matrix, row * size + row + 1, size, 1, last - row - 1, matrix,
                        (row + 1) * size + row, size);
            }
        });
    }
}
