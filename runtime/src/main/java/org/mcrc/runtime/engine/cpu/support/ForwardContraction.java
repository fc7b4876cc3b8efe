package org.mcrc.runtime.engine.cpu.support;

import java.util.ArrayList;
import java.util.List;

/**
 * The sums over pixels of a {@link Contraction}: products of panels.
 *
 * <p>The pixels go by in sweeps of a few blocks of {@link Blocking#depth()}. For each sweep the operand is produced for
 * all rows and packed into panels; then tasks, each of a group of rows times a group of columns, add its products to the
 * result. A task's sums stay in the cache over the blocks of the sweep, so that the result is read and written once a
 * sweep.
 */
final class ForwardContraction<A> {
    /** The blocks of a sweep. */
    private static final int BLOCKS = 4;
    /** Tasks for each worker, so that none waits long for the last one. */
    private static final int TASKS_PER_WORKER = 12;

    private final RegisterTile<A> tile;
    private final Blocking blocking;
    private final Workers workers;
    private final Buffers<A> buffers;

    ForwardContraction(RegisterTile<A> tile, Blocking blocking, Workers workers, Buffers<A> buffers) {
        this.tile = tile;
        this.blocking = blocking;
        this.workers = workers;
        this.buffers = buffers;
    }

    /** The upper triangle of {@code result[a][b] = Σ_x operand[x, a] * operand[x, b]}. */
    void gram(int rows, int pixelVectors, Producer<A> operand, A result) {
        Sweeps sweeps = new Sweeps(rows, rows, true, pixelVectors, result);
        sweeps.run((first, count) -> sweeps.produce(operand, rows, first, count, true, true));
    }

    /** {@code result[a][b] = Σ_x rowOperand[x, a] * columnOperand[x, b]}. */
    void product(int rows, int columns, int pixelVectors, Producer<A> rowOperand, Producer<A> columnOperand, A result) {
        Sweeps sweeps = new Sweeps(rows, columns, false, pixelVectors, result);
        sweeps.run((first, count) -> {
            sweeps.produce(rowOperand, rows, first, count, true, false);
            sweeps.produce(columnOperand, columns, first, count, false, true);
        });
    }

    /** A group of rows times a group of columns. */
    private record Task(int firstRow, int lastRow, int firstColumn, int lastColumn) {
    }

    /** Produces the panels of {@code count} blocks from {@code first} on. */
    @FunctionalInterface
    private interface Staging {
        void stage(int first, int count);
    }

    /** One contraction: its sizes, its tasks, its panels and their offsets. */
    private final class Sweeps {
        private final int rows;
        private final int columns;
        private final boolean triangle;
        private final A result;
        private final Division blocks;
        private final Division sweeps;
        private final List<Task> tasks;
        private final int rowBlock;
        private final int columnBlock;
        private final A rowPanels;
        private final A columnPanels;

        Sweeps(int rows, int columns, boolean triangle, int pixelVectors, A result) {
            this.rows = rows;
            this.columns = columns;
            this.triangle = triangle;
            this.result = result;
            blocks = Division.atMost(pixelVectors, blocking.depth() / tile.lanes());
            sweeps = Division.atMost(blocks.parts(), BLOCKS);
            tasks = tasks();
            rowBlock = roundUp(rows, tile.rows()) * blocking.depth();
            columnBlock = roundUp(columns, tile.columns()) * blocking.depth();
            int most = Math.min(BLOCKS, blocks.parts());
            rowPanels = buffers.borrow((long) rowBlock * most);
            columnPanels = buffers.borrow((long) columnBlock * most);
        }

        /** The result has the same bits however it is divided, for every element is the sum of the same terms in order. */
        private List<Task> tasks() {
            int rowTiles = Math.ceilDiv(rows, tile.rows());
            int widths = Math.ceilDiv(columns, tile.columns());
            int rowTilesPerTask = blocking.rows() / tile.rows();
            int widthsPerTask = blocking.columns() / tile.columns();
            long wanted = (long) TASKS_PER_WORKER * workers.count() * (triangle ? 2 : 1);
            while (widthsPerTask > 1 && tasks(rowTiles, rowTilesPerTask, widths, widthsPerTask) < wanted) {
                widthsPerTask = Math.ceilDiv(widthsPerTask, 2);
            }
            while (rowTilesPerTask > 4 && tasks(rowTiles, rowTilesPerTask, widths, widthsPerTask) < wanted) {
                rowTilesPerTask = Math.ceilDiv(rowTilesPerTask, 2);
            }
            Division rowGroups = Division.atMost(rowTiles, rowTilesPerTask);
            Division columnGroups = Division.atMost(widths, widthsPerTask);
            List<Task> found = new ArrayList<>();
            for (int rowGroup = 0; rowGroup < rowGroups.parts(); rowGroup++) {
                int firstRow = rowGroups.start(rowGroup) * tile.rows();
                int lastRow = Math.min(rows, rowGroups.end(rowGroup) * tile.rows());
                for (int columnGroup = 0; columnGroup < columnGroups.parts(); columnGroup++) {
                    int lastColumn = Math.min(columns, columnGroups.end(columnGroup) * tile.columns());
                    if (!triangle || firstRow < lastColumn) {
                        found.add(new Task(firstRow, lastRow, columnGroups.start(columnGroup) * tile.columns(),
                                lastColumn));
                    }
                }
            }
            return found;
        }

        private static long tasks(int rowTiles, int rowTilesPerTask, int widths, int widthsPerTask) {
            return (long) Math.ceilDiv(rowTiles, rowTilesPerTask) * Math.ceilDiv(widths, widthsPerTask);
        }

        void run(Staging staging) {
            if (sweeps.parts() == 0) {
                tile.clear(result, 0, Math.multiplyExact(rows, columns));
            }
            for (int sweep = 0; sweep < sweeps.parts(); sweep++) {
                int first = sweeps.start(sweep);
                int count = sweeps.size(sweep);
                boolean add = sweep > 0;
                staging.stage(first, count);
                workers.run(tasks.size(), task -> multiply(tasks.get(task), first, count, add));
            }
            buffers.giveBack(rowPanels);
            buffers.giveBack(columnPanels);
        }

        /** Produces {@code operand} for {@code count} rows or columns and packs it into panels of the wanted kinds. */
        void produce(Producer<A> operand, int rows, int firstBlock, int blockCount, boolean asRows, boolean asColumns) {
            // Rows whose distance is no power of two do not compete for the same places of the cache.
            int stride = blocking.depth() + tile.lanes();
            int rowsPerTask = leastCommonMultiple(tile.rows(), tile.columns());
            int groups = Math.ceilDiv(rows, rowsPerTask);
            workers.run(groups * blockCount, task -> {
                int block = task / groups;
                int firstRow = task % groups * rowsPerTask;
                int lastRow = Math.min(rows, firstRow + rowsPerTask);
                A produced = buffers.borrow(rowsPerTask * stride);
                operand.produce(firstRow, lastRow, blocks.start(firstBlock + block), blocks.end(firstBlock + block),
                        produced, 0, stride);
                tile.clear(produced, (lastRow - firstRow) * stride, rowsPerTask * stride);
                if (asRows) {
                    pack(produced, stride, firstRow, lastRow, tile.rows(), depth(firstBlock + block), rowPanels,
                            block * rowBlock);
                }
                if (asColumns) {
                    pack(produced, stride, firstRow, lastRow, tile.columns(), depth(firstBlock + block), columnPanels,
                            block * columnBlock);
                }
                buffers.giveBack(produced);
            });
        }

        private void pack(A produced, int stride, int firstRow, int lastRow, int width, int depth, A target, int offset) {
            for (int row = firstRow; row < lastRow; row += width) {
                tile.interleave(produced, (row - firstRow) * stride, stride, width, depth, target,
                        offset + row * blocking.depth());
            }
        }

        private int depth(int block) {
            return blocks.size(block) * tile.lanes();
        }

        private void multiply(Task task, int firstBlock, int blockCount, boolean add) {
            int sumsOfWidth = roundUp(task.lastRow - task.firstRow, tile.rows()) * tile.columns();
            int length = Math.ceilDiv(task.lastColumn - task.firstColumn, tile.columns()) * sumsOfWidth;
            A sums = buffers.borrow(length);
            tile.clear(sums, 0, length);
            for (int block = 0; block < blockCount; block++) {
                int depth = depth(firstBlock + block);
                for (int column = task.firstColumn; column < task.lastColumn; column += tile.columns()) {
                    int columnOffset = block * columnBlock + column * blocking.depth();
                    int sumsOffset = (column - task.firstColumn) / tile.columns() * sumsOfWidth;
                    int lastRow = lastRow(task, column);
                    for (int row = task.firstRow; row < lastRow; row += tile.rows()) {
                        tile.multiply(depth, rowPanels, block * rowBlock + row * blocking.depth(), columnPanels,
                                columnOffset, sums, sumsOffset + (row - task.firstRow) * tile.columns());
                    }
                }
            }
            for (int column = task.firstColumn; column < task.lastColumn; column += tile.columns()) {
                int sumsOffset = (column - task.firstColumn) / tile.columns() * sumsOfWidth;
                int lastRow = lastRow(task, column);
                tile.place(sums, sumsOffset, Math.max(0, lastRow - task.firstRow),
                        Math.min(tile.columns(), columns - column), result, task.firstRow * columns + column, columns,
                        add);
            }
            buffers.giveBack(sums);
        }

        /** Below the diagonal a Gram matrix is not computed. */
        private int lastRow(Task task, int column) {
            return triangle ? Math.min(task.lastRow, column + tile.columns()) : task.lastRow;
        }
    }

    private static int roundUp(int number, int step) {
        return Math.ceilDiv(number, step) * step;
    }

    private static int leastCommonMultiple(int a, int b) {
        int multiple = a;
        while (multiple % b != 0) {
            multiple += a;
        }
        return multiple;
    }
}
