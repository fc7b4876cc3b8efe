package org.mcrc.runtime.engine.cpu.support;

import java.util.ArrayList;
import java.util.List;

/**
 * The second product of a chain, T[b, c] = Σ_x e[x, b]·p[x, c] of a {@link Contraction}, while the first one, a
 * {@link ReverseContraction}, has the operand of a group of pixels at hand.
 *
 * <p>Each chunk of pixels has sums of its own for all b and c, in which c goes along vectors: the operand is read as it
 * lies there, its elements broadcast. At the end the chunks' sums are added up in order.
 */
final class ChainedContraction<A> {
    private final RegisterTile<A> tile;
    private final Workers workers;
    private final Buffers<A> buffers;
    private final Producer<A> columns;
    private final int depth;
    private final int count;
    private final int stride;
    private final List<A> sums = new ArrayList<>();

    /**
     * @param columns produces p, which for pixels whose first product is finished may be what was made of that
     * @param depth the number of b
     * @param count the number of c
     */
    ChainedContraction(RegisterTile<A> tile, Workers workers, Buffers<A> buffers, Producer<A> columns, int depth,
            int count, int chunks) {
        this.tile = tile;
        this.workers = workers;
        this.buffers = buffers;
        this.columns = columns;
        this.depth = depth;
        this.count = count;
        this.stride = stride(tile, count);
        for (int chunk = 0; chunk < chunks; chunk++) {
            sums.add(buffers.borrow((long) depth * stride));
        }
        workers.run(chunks, chunk -> tile.clear(sums.get(chunk), 0, depth * stride));
    }

    /** How far apart rows of a chunk's sums are. */
    static int stride(RegisterTile<?> tile, int count) {
        return Math.ceilDiv(count, tile.lanes()) * tile.lanes();
    }

    /**
     * Adds the products of some pixel vectors to the sums of a chunk.
     *
     * @param blocks how b is divided
     * @param panels the operand, for each block [b][pixel], rows of {@link RegisterTile#columns()}
     * @param offset where the first block begins
     * @param blockStride how far apart blocks are
     */
    void add(int chunk, int firstVector, int lastVector, Division blocks, A panels, int offset, int blockStride) {
        int pixels = (lastVector - firstVector) * tile.lanes();
        // Columns beyond the last one hold anything, and so do their sums, which nobody reads.
        A produced = buffers.borrow((long) stride * tile.columns());
        A interleaved = buffers.borrow((long) stride * tile.columns());
        columns.produce(0, count, firstVector, lastVector, produced, 0, tile.columns());
        for (int lane = 0; lane < stride; lane += tile.lanes()) {
            tile.interleave(produced, lane * tile.columns(), tile.columns(), tile.lanes(), pixels, interleaved,
                    lane * tile.columns());
        }
        for (int block = 0; block < blocks.parts(); block++) {
            for (int lane = 0; lane < stride; lane += tile.lanes()) {
                tile.multiplyNarrow(blocks.size(block), pixels, panels, offset + block * blockStride, tile.columns(),
                        interleaved, lane * tile.columns(), sums.get(chunk), blocks.start(block) * stride + lane, stride);
            }
        }
        buffers.giveBack(produced);
        buffers.giveBack(interleaved);
    }

    /** {@code result[b * count + c]} = scale times the sum over all chunks. */
    void finish(double scale, A result) {
        int slabs = Math.ceilDiv(depth, Contraction.SQUARE);
        workers.run(slabs, slab -> tile.total(sums, stride, slab * Contraction.SQUARE,
                Math.min(depth, (slab + 1) * Contraction.SQUARE), count, scale, result));
        sums.forEach(buffers::giveBack);
    }
}
