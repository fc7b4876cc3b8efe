package org.mcrc.runtime.engine.cpu.support;

/**
 * The reverse contraction z[x, r] = Σ_b G[r, b]·e[x, b] of a {@link Contraction}.
 *
 * <p>The coefficients are packed once. Then each worker takes chunks of pixels, and of those a group of a few tiles'
 * widths at a time: it produces the operand for all b, and for one group of rows after another adds up the products along
 * b in blocks of {@link Blocking#depth()} and hands the finished sums on.
 */
final class ReverseContraction<A> {
    /** What a worker's operand may take: for a group of pixels, all b. */
    private static final int BYTES_OF_OPERAND = 4 << 20;

    private final RegisterTile<A> tile;
    private final Blocking blocking;
    private final Workers workers;
    private final Buffers<A> buffers;

    ReverseContraction(RegisterTile<A> tile, Blocking blocking, Workers workers, Buffers<A> buffers) {
        this.tile = tile;
        this.blocking = blocking;
        this.workers = workers;
        this.buffers = buffers;
    }

    /** See {@link Contraction#reverse}. */
    void run(int rows, int depth, int pixelVectors, MatrixProducer<A> coefficients, Producer<A> operand, int chunks,
            Epilogue<A> epilogue) {
        run(rows, depth, pixelVectors, coefficients, operand, chunks, epilogue, (_, _, _, _, _, _, _) -> {});
    }

    /** What else is done with the operand of some pixel vectors, after the epilogue: {@link ChainedContraction#add}. */
    @FunctionalInterface
    interface OperandUse<A> {
        void use(int chunk, int firstVector, int lastVector, Division blocks, A panels, int offset, int blockStride);
    }

    /** The same with another use of the operand. */
    void run(int rows, int depth, int pixelVectors, MatrixProducer<A> coefficients, Producer<A> operand, int chunks,
            Epilogue<A> epilogue, OperandUse<A> afterwards) {
        Division blocks = Division.atMost(depth, blocking.depth());
        Division rowGroups = Division.atMost(Math.ceilDiv(rows, tile.rows()), blocking.rows() / tile.rows());
        int rowBlock = Math.ceilDiv(rows, tile.rows()) * tile.rows() * blocking.depth();
        A packed = buffers.borrow((long) rowBlock * blocks.parts());
        pack(rows, blocks, rowBlock, coefficients, packed);
        int vectorsPerWidth = tile.columns() / tile.lanes();
        Division widths = new Division(Math.ceilDiv(pixelVectors, vectorsPerWidth), chunks);
        int affordable = (int) Math.max(1, BYTES_OF_OPERAND / ((long) depth * tile.columns() * tile.bytes()));
        // Where all rows are one group, nothing is read again for the next one, and the operand stays in the nearer caches.
        int widthsPerGroup = rowGroups.parts() == 1 ? 1 : Math.min(blocking.columns() / tile.columns(), affordable);
        workers.run(chunks, chunk -> {
            Group group = new Group(rows, rowGroups, blocks, packed, rowBlock, operand,
                    Math.min(widthsPerGroup, widths.size(chunk)));
            for (int width = widths.start(chunk); width < widths.end(chunk); width += widthsPerGroup) {
                int first = width * vectorsPerWidth;
                int last = Math.min(widths.end(chunk), width + widthsPerGroup) * vectorsPerWidth;
                group.run(chunk, first, Math.min(pixelVectors, last), epilogue, afterwards);
            }
            group.close();
        });
        buffers.giveBack(packed);
    }

    private void pack(int rows, Division blocks, int rowBlock, MatrixProducer<A> coefficients, A packed) {
        int stride = blocking.depth() + tile.lanes();
        int rowsPerTask = Math.ceilDiv(Contraction.SQUARE, tile.rows()) * tile.rows();
        int groups = Math.ceilDiv(rows, rowsPerTask);
        workers.run(groups * blocks.parts(), task -> {
            int block = task / groups;
            int firstRow = task % groups * rowsPerTask;
            int lastRow = Math.min(rows, firstRow + rowsPerTask);
            A produced = buffers.borrow(rowsPerTask * stride);
            coefficients.produce(firstRow, lastRow, blocks.start(block), blocks.end(block), produced, 0, stride);
            tile.clear(produced, (lastRow - firstRow) * stride, rowsPerTask * stride);
            for (int row = firstRow; row < lastRow; row += tile.rows()) {
                tile.interleave(produced, (row - firstRow) * stride, stride, tile.rows(), blocks.size(block), packed,
                        block * rowBlock + row * blocking.depth());
            }
            buffers.giveBack(produced);
        });
    }

    /** A group of pixels: its operand for all b, and its sums for a group of rows. */
    private final class Group {
        private final int rows;
        private final Division rowGroups;
        private final Division blocks;
        private final A packed;
        private final int rowBlock;
        private final Producer<A> operand;
        private final int widths;
        private final A columnPanels;
        private final A sums;

        Group(int rows, Division rowGroups, Division blocks, A packed, int rowBlock, Producer<A> operand, int widths) {
            this.rows = rows;
            this.rowGroups = rowGroups;
            this.blocks = blocks;
            this.packed = packed;
            this.rowBlock = rowBlock;
            this.operand = operand;
            this.widths = widths;
            columnPanels = buffers.borrow(blocks.parts() * widths * widthOfBlock());
            sums = buffers.borrow(widths * blocking.rows() * tile.columns());
        }

        private int widthOfBlock() {
            return tile.columns() * blocking.depth();
        }

        void close() {
            buffers.giveBack(columnPanels);
            buffers.giveBack(sums);
        }

        void run(int chunk, int firstVector, int lastVector, Epilogue<A> epilogue, OperandUse<A> afterwards) {
            int vectorsPerWidth = tile.columns() / tile.lanes();
            int present = Math.ceilDiv(lastVector - firstVector, vectorsPerWidth);
            for (int block = 0; block < blocks.parts(); block++) {
                for (int width = 0; width < present; width++) {
                    int first = firstVector + width * vectorsPerWidth;
                    // A width that is not full leaves old values in the other columns: nobody reads their sums.
                    operand.produce(blocks.start(block), blocks.end(block), first,
                            Math.min(lastVector, first + vectorsPerWidth), columnPanels,
                            (block * widths + width) * widthOfBlock(), tile.columns());
                }
            }
            for (int rowGroup = 0; rowGroup < rowGroups.parts(); rowGroup++) {
                int firstRow = rowGroups.start(rowGroup) * tile.rows();
                int lastRow = Math.min(rows, rowGroups.end(rowGroup) * tile.rows());
                int sumsOfWidth = rowGroups.size(rowGroup) * tile.rows() * tile.columns();
                tile.clear(sums, 0, present * sumsOfWidth);
                for (int block = 0; block < blocks.parts(); block++) {
                    for (int width = 0; width < present; width++) {
                        multiply(block, width, firstRow, lastRow, width * sumsOfWidth);
                    }
                }
                for (int width = 0; width < present; width++) {
                    int first = firstVector + width * vectorsPerWidth;
                    epilogue.apply(chunk, firstRow, lastRow, first, Math.min(lastVector, first + vectorsPerWidth), sums,
                            width * sumsOfWidth, tile.columns());
                }
            }
            for (int width = 0; width < present; width++) {
                int first = firstVector + width * vectorsPerWidth;
                afterwards.use(chunk, first, Math.min(lastVector, first + vectorsPerWidth), blocks, columnPanels,
                        width * widthOfBlock(), widths * widthOfBlock());
            }
        }

        private void multiply(int block, int width, int firstRow, int lastRow, int sumsOffset) {
            int depth = blocks.size(block);
            int columnOffset = (block * widths + width) * widthOfBlock();
            for (int row = firstRow; row < lastRow; row += tile.rows()) {
                tile.multiply(depth, packed, block * rowBlock + row * blocking.depth(), columnPanels, columnOffset, sums,
                        sumsOffset + (row - firstRow) * tile.columns());
            }
        }
    }
}
