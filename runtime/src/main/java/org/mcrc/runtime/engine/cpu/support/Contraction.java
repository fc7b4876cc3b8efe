package org.mcrc.runtime.engine.cpu.support;

import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sums of products of operands that are computed while they are used: an implicit matrix product.
 *
 * <p>With e[x, r] an operand over pixels x and rows r, {@link #gram} is S[a, b] = Σ_x e[x, a]·e[x, b], {@link #product}
 * the same of two different operands, and {@link #reverse} is z[x, r] = Σ_b G[r, b]·e[x, b], handed on tile by tile.
 * Nothing of the size pixels × rows is ever stored: forward, a <em>panel</em> of {@value #PANEL_DEPTH} pixels times all
 * rows is shared by the workers; in reverse, each worker has a tile's width of pixels times all rows.
 *
 * <p>Every sum is made by one thread in an order that depends on the extents alone, so results have the same bits for
 * any number of workers. An instance keeps its buffers for the next call and is used by one thread at a time.
 *
 * @param <A> the array type of the precision, {@code float[]} or {@code double[]}
 */
public final class Contraction<A> {
    /** The pixels of a forward panel. */
    static final int PANEL_DEPTH = 256;
    /** The rows of the operand that a worker of a reverse contraction keeps at a time: with 48 columns, 400 kB. */
    static final int REVERSE_DEPTH = 2048;
    /** The row tiles of a task: enough to make claiming it cheap, few enough to share the work out evenly. */
    static final int TILES_PER_TASK = 12;
    /** The side of the squares in which matrices are transposed. */
    static final int SQUARE = 32;

    private final RegisterTile<A> tile;
    private final Workers workers;
    private final ConcurrentLinkedQueue<A> scratch = new ConcurrentLinkedQueue<>();
    private A rowPanels;
    private A columnPanels;

    private Contraction(RegisterTile<A> tile, Workers workers) {
        this.tile = tile;
        this.workers = workers;
        this.rowPanels = tile.allocate(0);
        this.columnPanels = tile.allocate(0);
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
        int blocks = ceilDiv(rows, tile.columns());
        rowPanels = ensure(rowPanels, (long) blocks * tile.columns() * panelDepth(pixelVectors));
        int[] tasks = Triangle.upper(rows, tile.rows(), tile.columns(), TILES_PER_TASK);
        for (int first = 0; first < pixelVectors; first += vectorsPerPanel()) {
            int last = Math.min(pixelVectors, first + vectorsPerPanel());
            stage(rows, first, last, operand, rowPanels);
            multiply(rows, rows, tasks, first, last, rowPanels, rowPanels, result);
        }
        if (pixelVectors == 0) {
            clear(result, rows * rows);
        }
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
        int depth = panelDepth(pixelVectors);
        rowPanels = ensure(rowPanels, (long) ceilDiv(rows, tile.columns()) * tile.columns() * depth);
        columnPanels = ensure(columnPanels, (long) ceilDiv(columns, tile.columns()) * tile.columns() * depth);
        int[] tasks = Triangle.full(rows, columns, tile.rows(), tile.columns(), TILES_PER_TASK);
        for (int first = 0; first < pixelVectors; first += vectorsPerPanel()) {
            int last = Math.min(pixelVectors, first + vectorsPerPanel());
            stage(rows, first, last, rowOperand, rowPanels);
            stage(columns, first, last, columnOperand, columnPanels);
            multiply(rows, columns, tasks, first, last, rowPanels, columnPanels, result);
        }
        if (pixelVectors == 0) {
            clear(result, rows * columns);
        }
        int slabs = ceilDiv(rows, SQUARE);
        workers.run(slabs, slab -> tile.scale(result, columns, slab * SQUARE, Math.min(rows, (slab + 1) * SQUARE), 0,
                columns, scale));
    }

    /**
     * Computes {@code z[x, r] = Σ_b coefficient(r, b) * operand[x, b]} and hands every tile of it to {@code epilogue}.
     *
     * @param rows the number of r
     * @param depth the number of b
     * @param pixelVectors the number of pixel vectors x is made of
     * @param chunks the number of parts into which the pixel vectors are divided, each with its own accumulator in the
     *     epilogue: {@link #chunks}
     */
    public void reverse(int rows, int depth, int pixelVectors, A matrix, Coefficients coefficients,
            Producer<A> operand, int chunks, Epilogue<A> epilogue) {
        int rowBlocks = ceilDiv(rows, tile.columns());
        rowPanels = ensure(rowPanels, (long) rowBlocks * tile.columns() * depth);
        A packed = rowPanels;
        workers.run(rowBlocks, block -> Packing.pack(tile, matrix, rows, depth, coefficients, block, packed));
        reversePacked(rows, depth, pixelVectors, packed, operand, chunks, epilogue);
    }

    /** As the other, with coefficients that are computed while they are packed. */
    public void reverse(int rows, int depth, int pixelVectors, MatrixProducer<A> coefficients, Producer<A> operand,
            int chunks, Epilogue<A> epilogue) {
        int columns = tile.columns();
        rowPanels = ensure(rowPanels, (long) ceilDiv(rows, columns) * columns * depth);
        A packed = rowPanels;
        int stride = depth + tile.lanes();
        workers.run(ceilDiv(rows, columns), block -> {
            int firstRow = block * columns;
            int lastRow = Math.min(rows, firstRow + columns);
            A produced = borrow(columns * stride);
            coefficients.produce(firstRow, lastRow, produced, 0, stride);
            tile.transpose(produced, 0, stride, lastRow - firstRow, depth, packed, block * columns * depth);
            scratch.add(produced);
        });
        reversePacked(rows, depth, pixelVectors, packed, operand, chunks, epilogue);
    }

    private void reversePacked(int rows, int depth, int pixelVectors, A packed, Producer<A> operand, int chunks,
            Epilogue<A> epilogue) {
        int columns = tile.columns();
        int vectorsPerTile = columns / tile.lanes();
        int columnBlocks = ceilDiv(pixelVectors, vectorsPerTile);
        workers.run(chunks, chunk -> {
            int firstBlock = (int) ((long) columnBlocks * chunk / chunks);
            int lastBlock = (int) ((long) columnBlocks * (chunk + 1) / chunks);
            if (firstBlock < lastBlock) {
                int resident = Math.min(depth, REVERSE_DEPTH);
                int results = resident < depth ? ceilDiv(rows, tile.rows()) * tile.rows() : 0;
                A panel = borrow((resident + tile.rows() + results) * columns);
                for (int block = firstBlock; block < lastBlock; block++) {
                    int firstVector = block * vectorsPerTile;
                    int lastVector = Math.min(pixelVectors, firstVector + vectorsPerTile);
                    reverseBlock(chunk, rows, depth, packed, firstVector, lastVector, operand, panel, resident,
                            epilogue);
                }
                scratch.add(panel);
            }
        });
    }

    /**
     * The number of chunks of a reverse contraction: it depends on extents only. Enough for every worker of a large
     * machine, and no more than 64 MB of accumulators.
     *
     * @param pixelVectors the number of pixel vectors
     * @param accumulatorLength the number of elements of one chunk's accumulator
     */
    public int chunks(int pixelVectors, long accumulatorLength) {
        long affordable = Math.max(1, (64L << 20) / Math.max(1, accumulatorLength * tile.bytes()));
        int blocks = ceilDiv(pixelVectors, tile.columns() / tile.lanes());
        return (int) Math.min(Math.min(32, affordable), Math.max(1, blocks));
    }

    private void reverseBlock(int chunk, int rows, int depth, A packed, int firstVector, int lastVector,
            Producer<A> operand, A panel, int resident, Epilogue<A> epilogue) {
        int columns = tile.columns();
        int sums = resident * columns;
        int results = sums + tile.rows() * columns;
        for (int first = 0; first < depth; first += resident) {
            int last = Math.min(depth, first + resident);
            // A block that is not full leaves old values in the other columns: nobody reads their sums.
            operand.produce(first, last, firstVector, lastVector, panel, 0, columns);
            for (int row = 0; row < rows; row += tile.rows()) {
                int lastRow = Math.min(rows, row + tile.rows());
                int finished = sums;
                tile.multiply(last - first, packed, panelOffset(row, depth) + first * columns, panel, 0, panel, sums);
                if (resident < depth) {
                    finished = results + row * columns;
                    tile.place(panel, sums, tile.rows(), columns, panel, finished, columns, first > 0);
                }
                if (last == depth) {
                    epilogue.apply(chunk, row, lastRow, firstVector, lastVector, panel, finished, columns);
                }
            }
        }
    }

    private void stage(int rows, int firstVector, int lastVector, Producer<A> operand, A panels) {
        int columns = tile.columns();
        int depth = (lastVector - firstVector) * tile.lanes();
        // Rows whose distance is no power of two do not compete for the same places of the cache.
        int stride = depth + tile.lanes();
        workers.run(ceilDiv(rows, columns), block -> {
            int firstRow = block * columns;
            int lastRow = Math.min(rows, firstRow + columns);
            A produced = borrow(columns * stride);
            operand.produce(firstRow, lastRow, firstVector, lastVector, produced, 0, stride);
            tile.transpose(produced, 0, stride, lastRow - firstRow, depth, panels, block * columns * depth);
            scratch.add(produced);
        });
    }

    private void multiply(int rows, int columns, int[] tasks, int firstVector, int lastVector, A rowPanels,
            A columnPanels, A result) {
        int depth = (lastVector - firstVector) * tile.lanes();
        boolean add = firstVector > 0;
        workers.run(tasks.length / Triangle.FIELDS, task -> {
            int block = tasks[task * Triangle.FIELDS];
            int firstRow = tasks[task * Triangle.FIELDS + 1];
            int lastRow = tasks[task * Triangle.FIELDS + 2];
            int column = block * tile.columns();
            int columnPanel = block * tile.columns() * depth;
            int width = Math.min(tile.columns(), columns - column);
            A sums = borrow(tile.rows() * tile.columns());
            for (int row = firstRow; row < lastRow; row += tile.rows()) {
                tile.multiply(depth, rowPanels, panelOffset(row, depth), columnPanels, columnPanel, sums, 0);
                tile.place(sums, 0, Math.min(tile.rows(), rows - row), width, result, row * columns + column, columns,
                        add);
            }
            scratch.add(sums);
        });
    }

    /** Where row {@code row} has k = 0 in panels of {@code depth}. */
    private int panelOffset(int row, int depth) {
        int block = row / tile.columns();
        return block * tile.columns() * depth + row - block * tile.columns();
    }

    private int vectorsPerPanel() {
        return Math.max(1, PANEL_DEPTH / tile.lanes());
    }

    private int panelDepth(int pixelVectors) {
        return Math.min(pixelVectors, vectorsPerPanel()) * tile.lanes();
    }

    private void clear(A result, int length) {
        System.arraycopy(tile.allocate(length), 0, result, 0, length);
    }

    private A ensure(A buffer, long length) {
        return tile.length(buffer) >= length ? buffer : tile.allocate(Math.toIntExact(length));
    }

    /** A buffer of at least this length, with anything in it; to be given back to {@link #scratch}. */
    private A borrow(int length) {
        A buffer = scratch.poll();
        return buffer != null && tile.length(buffer) >= length ? buffer : tile.allocate(length);
    }

    private static int ceilDiv(int dividend, int divisor) {
        return Math.ceilDiv(dividend, divisor);
    }
}
