package org.mcrc.compiler.backend.java;

import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;

/** The loop over rows of a grid, which are the pixels along its last axis. */
final class Rows {
    private final ExpressionEmitter emitter;
    private String row;
    private String from;
    private String to;

    Rows(ExpressionEmitter emitter) {
        this.emitter = emitter;
    }

    /** Opens the loop and makes all components of the pixel known but the last. */
    void open(Index pixel, String firstRow, String lastRow) {
        from = firstRow;
        to = lastRow;
        emitter.open();
        Grid grid = (Grid) pixel.domain();
        if (grid.rank() == 2) {
            row = emitter.names().fresh(pixel.name() + "_1");
            emitter.bindComponent(pixel, 0, row);
            return;
        }
        row = emitter.names().fresh("row");
        String rest = row;
        for (int c = grid.rank() - 2; c > 0; c--) {
            String component = emitter.names().fresh(pixel.name() + "_" + (c + 1));
            emitter.scope().code().addStatement("final int $L = $L % $L", component, rest, grid.extent(c));
            emitter.bindComponent(pixel, c, component);
            String above = emitter.names().fresh(c == 1 ? pixel.name() + "_1" : "rest");
            emitter.scope().code().addStatement("final int $L = $L / $L", above, rest, grid.extent(c));
            rest = above;
        }
        emitter.bindComponent(pixel, 0, rest);
    }

    /** The loop's variable: the number of the row. */
    String row() {
        return row;
    }

    void close() {
        emitter.close("for (int $1L = $2L; $1L < $3L; $1L++)", row, from, to);
    }
}
