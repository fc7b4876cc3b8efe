package org.mcrc.runtime.engine.cpu.support;

import org.mcrc.compiler.kernel.Workspace;

/**
 * Sums of products of operands that are computed while they are used: an implicit matrix product.
 *
 * <p>With e[x, r] an operand over pixels x and rows r, {@link #gram} is S[a, b] = Σ_x e[x, a]·e[x, b], {@link #product}
 * the same of two different operands, and {@link #reverse} is z[x, r] = Σ_b G[r, b]·e[x, b], handed on part by part.
 * Nothing of the size pixels × rows is ever stored: forward, some hundred pixels times all rows are shared by the
 * workers; in reverse, each worker has some tiles' width of pixels times all rows.
 *
 * <p>Every sum is made by one thread in an order that depends on the extents alone, so results have the same bits for
 * any number of workers. An instance keeps its buffers for the next call; several contractions may be under way at once.
 *
 * @param <A> the array type of the precision, {@code float[]} or {@code double[]}
 */
public final class Contraction<A> {
    /** The side of the squares in which matrices are transposed. */
    static final int SQUARE = 32;

    private final RegisterTile<A> tile;
    private final ForwardContraction<A> forward;
    private final ReverseContraction<A> reverse;
    private final Workers workers;
    private final Buffers<A> buffers;

    private Contraction(RegisterTile<A> tile, Workers workers) {
        this.tile = tile;
        this.workers = workers;
        buffers = new Buffers<>(tile);
        Blocking blocking = Blocking.of(Caches.ofThisMachine(), tile.rows(), tile.columns(), tile.bytes());
        this.forward = new ForwardContraction<>(tile, blocking, workers, buffers);
        this.reverse = new ReverseContraction<>(tile, blocking, workers, buffers);
    }

    /** Contractions in single precision. */
    public static Contraction<float[]> singlePrecision(Workers workers) {
        return new Contraction<>(FloatTile.INSTANCE, workers);
    }

    /** Contractions in double precision. */
    public static Contraction<double[]> doublePrecision(Workers workers) {
        return new Contraction<>(DoubleTile.INSTANCE, workers);
    }

    /** The pixels of a pixel vector. */
    public int lanes() {
        return tile.lanes();
    }

    /**
     * {@code result[a][b] = scale * Σ_x operand[x, a] * operand[x, b]}: the upper triangle is computed, the lower one
     * copied.
     *
     * @param rows the number of a and of b
     * @param pixelVectors the number of pixel vectors summed over
     * @param result {@code rows × rows} elements, overwritten
     */
    public void gram(int rows, int pixelVectors, Producer<A> operand, double scale, A result) {
        forward.gram(rows, pixelVectors, operand, result);
        Mirror.scaleAndMirror(tile, result, rows, scale, workers);
    }

    /**
     * {@code result[a][b] = scale * Σ_x rowOperand[x, a] * columnOperand[x, b]}.
     *
     * @param rows the number of a
     * @param columns the number of b
     * @param pixelVectors the number of pixel vectors summed over
     * @param result {@code rows × columns} elements, overwritten
     */
    public void product(int rows, int columns, int pixelVectors, Producer<A> rowOperand, Producer<A> columnOperand,
            double scale, A result) {
        int slabs = Math.ceilDiv(rows, SQUARE);
        if (columns < tile.columns() && rows > columns) {
            // A tile would be mostly padding. With rows and columns exchanged it is full, and every sum is the same.
            A transposed = buffers.borrow((long) rows * columns);
            forward.product(columns, rows, pixelVectors, columnOperand, rowOperand, transposed);
            workers.run(slabs, slab -> tile.copyTransposed(transposed, slab * SQUARE, rows, columns,
                    Math.min(SQUARE, rows - slab * SQUARE), result, slab * SQUARE * columns, columns));
            buffers.giveBack(transposed);
        } else {
            forward.product(rows, columns, pixelVectors, rowOperand, columnOperand, result);
        }
        workers.run(slabs, slab -> tile.scale(result, columns, slab * SQUARE, Math.min(rows, (slab + 1) * SQUARE), 0,
                columns, scale));
    }

    /**
     * Computes {@code z[x, r] = Σ_b coefficient(r, b) * operand[x, b]} and hands every part of it to {@code epilogue}.
     *
     * @param rows the number of r
     * @param depth the number of b
     * @param pixelVectors the number of pixel vectors x is made of
     * @param coefficients called once for each coefficient
     * @param chunks the number of parts into which the pixel vectors are divided, each with its own accumulator in the
     *     epilogue: {@link #chunks}
     */
    public void reverse(int rows, int depth, int pixelVectors, MatrixProducer<A> coefficients, Producer<A> operand,
            int chunks, Epilogue<A> epilogue) {
        reverse.run(rows, depth, pixelVectors, coefficients, operand, chunks, epilogue);
    }

    /**
     * Two products of one operand, which is produced once: {@code p[x, c] = Σ_b coefficient(c, b) * operand[x, b]}, handed
     * to {@code epilogue} as in {@link #reverse}, and then {@code result[b][c] = scale * Σ_x operand[x, b] * q[x, c]}.
     *
     * @param rows the number of c in p
     * @param depth the number of b
     * @param pixelVectors the number of pixel vectors
     * @param coefficients called once for each coefficient
     * @param columnCount the number of c in q
     * @param columns produces q, for pixels whose p the epilogue has got
     * @param result {@code depth × columnCount} elements, overwritten
     */
    public void chain(int rows, int depth, int pixelVectors, MatrixProducer<A> coefficients, Producer<A> operand,
            Epilogue<A> epilogue, int columnCount, Producer<A> columns, double scale, A result) {
        int chunks = chunks(pixelVectors, (long) depth * ChainedContraction.stride(tile, columnCount));
        var second = new ChainedContraction<>(tile, workers, buffers, columns, depth, columnCount, chunks);
        reverse.run(rows, depth, pixelVectors, coefficients, operand, chunks, epilogue, second::add);
        second.finish(scale, result);
    }

    /**
     * The number of chunks of a reverse contraction: it depends on extents only. Enough for every worker of a large
     * machine, and no more than {@link Workspace} counts.
     *
     * @param pixelVectors the number of pixel vectors
     * @param accumulatorLength the number of elements of one chunk's accumulator
     */
    public int chunks(int pixelVectors, long accumulatorLength) {
        long affordable = Math.max(1, Workspace.ACCUMULATED_BYTES / Math.max(1, accumulatorLength * tile.bytes()));
        int blocks = Math.ceilDiv(pixelVectors, tile.columns() / tile.lanes());
        return (int) Math.min(Math.min(Workspace.MOST_CHUNKS, affordable), Math.max(1, blocks));
    }
}
