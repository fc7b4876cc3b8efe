package org.mcrc.runtime.engine.cpu.support;

/** The large buffers of contractions: one after another they use the same. They grow and hold anything. */
final class Panels<A> {
    private final RegisterTile<A> tile;
    private final Scratch<A> scratch;
    private A rows;
    private A columns;

    Panels(RegisterTile<A> tile) {
        this.tile = tile;
        this.scratch = new Scratch<>(tile);
        this.rows = tile.allocate(0);
        this.columns = tile.allocate(0);
    }

    /** A buffer for row panels. */
    A rows(long length) {
        rows = ensure(rows, length);
        return rows;
    }

    /** A buffer for column panels. */
    A columns(long length) {
        columns = ensure(columns, length);
        return columns;
    }

    /** Small buffers. */
    Scratch<A> scratch() {
        return scratch;
    }

    private A ensure(A buffer, long length) {
        return tile.length(buffer) >= length ? buffer : tile.allocate(Math.toIntExact(length));
    }
}
