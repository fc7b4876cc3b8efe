package org.mcrc.compiler.backend.cuda;

import java.util.stream.IntStream;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;

/**
 * How the products of contractions are divided into tiles, and their depths into parts.
 *
 * @param precision of the program
 * @param budget the bytes that an operand with pixels may take; with more, pixels are staged chunk by chunk
 * @param budgetOfChunk the bytes that it may take then
 */
record Tiling(CudaPrecision precision, long budget, long budgetOfChunk) {
    /** What the functions of contraction.cuh and halves.cuh need with these tiles. */
    static final int BLOCK = 256;

    /** The tile on tensor cores, and its step along the depth. */
    static final Tile HALVES = new Tile(128, 256, 64, 0, 0);

    /**
     * The bytes of panels in shared memory: of four half steps of one product or three of three products, and of whole ones,
     * with their barriers, where warpgroups multiply.
     */
    static final LaunchPlan.Shared BYTES_OF_HALVES = new LaunchPlan.Shared(4 * (128 + 256) * 32 * Short.BYTES,
            4 * (128 + 256) * 64 * Short.BYTES + 8 * Long.BYTES);

    /** Blocks that fill any device twice. */
    private static final long ENOUGH_BLOCKS = 528;

    /** The least depth of a part. */
    private static final int LEAST_DEPTH = 256;

    /** The greatest depth of a part: longer sums in single precision lose digits. */
    private static final int GREATEST_DEPTH = 4096;

    /** The rows and columns from which on tensor cores pay. */
    static final int LEAST_FOR_TENSOR_CORES = 64;

    /** The tile of a product: its rows and columns, the depth of a step, and the sums of a thread. */
    record Tile(int rows, int columns, int step, int threadRows, int threadColumns) {}

    /** The tile of a product of so many rows and columns without tensor cores. */
    Tile tile(long rows, long columns) {
        boolean twice = precision == CudaPrecision.DOUBLE;
        if (rows <= 16) {
            return twice ? new Tile(16, 64, 16, 2, 2) : new Tile(16, 128, 16, 2, 4);
        }
        if (columns <= 16) {
            return twice ? new Tile(64, 16, 16, 2, 2) : new Tile(128, 16, 16, 4, 2);
        }
        if (twice || rows <= 64 || columns <= 64) {
            return new Tile(64, 64, 16, 4, 4);
        }
        return new Tile(128, 128, 8, 8, 8);
    }

    /** Whether a product goes to tensor cores. */
    boolean halves(long rows, long columns) {
        return precision.usesTensorCores() && Math.min(rows, columns) >= LEAST_FOR_TENSOR_CORES;
    }

    /** How many pixels are staged at a time where operands have so many rows. */
    Chunk chunk(Index pixel, long rows) {
        int pixels = pixel.domain().size();
        long bytesOfPixel = Staging.padded(rows) * (long) precision.bytes();
        if (pixels * bytesOfPixel <= budget) {
            return Chunk.whole(pixel);
        }
        long fitting = Math.max(Staging.PADDING, budgetOfChunk / bytesOfPixel / Staging.PADDING * Staging.PADDING);
        // Whole lines along the first axis where that is possible, and chunks of the same size, if not too many more are
        // needed.
        int lines = ((Grid) pixel.domain()).extent(0);
        int line = pixels / lines;
        if (line > fitting) {
            return new Chunk(Math.toIntExact(fitting), pixels);
        }
        int least = Math.ceilDiv(lines, Math.toIntExact(fitting / line));
        int chunks = IntStream.rangeClosed(least, least + least / 4).filter(count -> lines % count == 0).findFirst()
                .orElse(least);
        return new Chunk(Math.ceilDiv(lines, chunks) * line, pixels);
    }

    /** How the depth is divided: into so many parts, the last of which may be shorter. */
    record Parts(int count, int depth) {}

    static Parts parts(long tiles, int depth, int step) {
        long wanted = Math.max(Math.ceilDiv(ENOUGH_BLOCKS, tiles), Math.ceilDiv(depth, GREATEST_DEPTH));
        long count = Math.clamp(wanted, 1, Math.max(1, depth / LEAST_DEPTH));
        int depthOfPart = Math.toIntExact(Math.ceilDiv(Math.ceilDiv(depth, count), step) * step);
        return new Parts(Math.ceilDiv(depth, depthOfPart), depthOfPart);
    }
}
