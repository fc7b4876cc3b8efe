package org.mcrc.runtime.engine.cpu.support;

/**
 * The sizes of what a contraction works on at a time, so that it stays in the caches: the model of Goto and van de Geijn,
 * "Anatomy of high-performance matrix multiplication", ACM Transactions on Mathematical Software 34 (2008).
 *
 * @param depth how far panels reach along the reduced axis: the operands of one register tile take no more than one and
 *     a half times the first-level cache, for what is loaded as vectors may come from the second level as it is needed
 * @param rows the rows of a group, a multiple of the tile's: their panels stay in the second-level cache while they are
 *     multiplied with all columns of a group
 * @param columns the columns of a group, a multiple of the tile's: the sums of a group stay in the second-level cache
 */
record Blocking(int depth, int rows, int columns) {
    /** Deeper panels gain nothing: a tile's sums are loaded and stored once in this many steps. */
    private static final int MOST_DEPTH = 256;
    private static final int DEPTH_STEP = 16;
    private static final int MOST_ROWS = 384;
    private static final int MOST_WIDTHS = 8;

    /** For tiles of {@code tileRows × tileColumns} elements of {@code bytes} each. */
    static Blocking of(Caches caches, int tileRows, int tileColumns, int bytes) {
        int fitting = caches.first() * 3 / 2 / ((tileRows + tileColumns) * bytes);
        int depth = Math.clamp(fitting / DEPTH_STEP * DEPTH_STEP, DEPTH_STEP, MOST_DEPTH);
        int rowsThatFit = Math.min(MOST_ROWS, caches.second() * 2 / 5 / (depth * bytes));
        int rows = Math.max(1, rowsThatFit / tileRows) * tileRows;
        int widths = Math.clamp(caches.second() * 3 / 10 / (rows * tileColumns * bytes), 1, MOST_WIDTHS);
        return new Blocking(depth, rows, widths * tileColumns);
    }
}
