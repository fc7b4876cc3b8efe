package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.kernel.Fold;
import org.mcrc.compiler.kernel.Gram;

/**
 * Writes contractions: operands are staged, tiles of the product are computed by the functions of {@code contraction.cuh}
 * or, on tensor cores, of {@code halves.cuh}, each for a part of the depth, and the parts are summed in their order.
 */
final class ContractionWriter {
    /** The workspace of the products of a forward contraction, part after part. */
    static final String PRODUCTS = "products";

    /** The workspace of the elements of a reverse contraction. */
    static final String Z = "z";

    /** The workspace of the scales of operands of halves and of their reciprocals. */
    static final String SCALES = "scales";

    private static final int BLOCK = 256;

    /** Blocks that fill any device twice. */
    private static final long ENOUGH_BLOCKS = 528;

    /** The least depth of a part. */
    private static final int LEAST_DEPTH = 256;

    /** The greatest depth of a part: longer sums in single precision lose digits. */
    private static final int GREATEST_DEPTH = 4096;

    /** The bytes that an operand with pixels may take; with more, pixels are staged chunk by chunk. */
    private static final long BUDGET = 192L << 20;

    /** The rows and columns from which on tensor cores pay. */
    private static final int LEAST_FOR_TENSOR_CORES = 64;

    /** The pipeline's panels in dynamic shared memory. */
    private static final int BYTES_OF_HALVES_ALONG = 4 * (128 * 40 + 128 * 40) * Short.BYTES;
    private static final int BYTES_OF_HALVES_ACROSS = 4 * (128 * 40 + 32 * 136) * Short.BYTES;

    private final ProgramText program;
    private final Staging staging;

    ContractionWriter(ProgramText program) {
        this.program = program;
        this.staging = new Staging(program);
    }

    /** The tile of a product: its rows and columns, the depth of a step, and the sums of a thread. */
    private record Tile(int rows, int columns, int step, int threadRows, int threadColumns, boolean halves) {
        String arguments(String type, boolean along, boolean symmetric) {
            String flags = along + ", " + symmetric;
            return halves ? "mcrc_contract_halves<" + flags + ">" : "mcrc_contract<%s, %d, %d, %d, %d, %d, %s>".formatted(
                    type, rows, columns, step, threadRows, threadColumns, flags);
        }

        int sharedBytes(boolean along) {
            return !halves ? 0 : along ? BYTES_OF_HALVES_ALONG : BYTES_OF_HALVES_ACROSS;
        }
    }

    private Tile tile(long rows, long columns, boolean halves) {
        if (halves) {
            return new Tile(128, 128, 32, 8, 8, true);
        }
        boolean twice = program.precision() == CudaPrecision.DOUBLE;
        if (rows <= 16) {
            return twice ? new Tile(16, 64, 16, 2, 2, false) : new Tile(16, 128, 16, 2, 4, false);
        }
        if (columns <= 16) {
            return twice ? new Tile(64, 16, 16, 2, 2, false) : new Tile(128, 16, 16, 4, 2, false);
        }
        if (twice || rows <= 64 || columns <= 64) {
            return new Tile(64, 64, 16, 4, 4, false);
        }
        return new Tile(128, 128, 8, 8, 8, false);
    }

    private boolean halves(long rows, long columns) {
        return program.precision() == CudaPrecision.MIXED && Math.min(rows, columns) >= LEAST_FOR_TENSOR_CORES;
    }

    private Chunk chunk(Index pixel, long rows) {
        int pixels = pixel.domain().size();
        long bytesOfPixel = Staging.padded(rows) * (long) program.precision().bytes();
        long fitting = Math.max(Staging.PADDING, BUDGET / bytesOfPixel / Staging.PADDING * Staging.PADDING);
        return pixels <= fitting ? Chunk.whole(pixel) : new Chunk(Math.toIntExact(fitting), pixels);
    }

    /** How the depth is divided. */
    private record Parts(int count, int depth) {}

    private static Parts parts(long tiles, int depth, int step) {
        long wanted = Math.max(Math.ceilDiv(ENOUGH_BLOCKS, tiles), Math.ceilDiv(depth, GREATEST_DEPTH));
        long count = Math.clamp(wanted, 1, Math.max(1, depth / LEAST_DEPTH));
        int depthOfPart = Math.toIntExact(Math.ceilDiv(Math.ceilDiv(depth, count), step) * step);
        return new Parts(Math.ceilDiv(depth, depthOfPart), depthOfPart);
    }

    private void include(boolean halves) {
        program.include("contraction");
        if (halves) {
            program.include("halves");
        }
    }

    // Forward

    void gram(Gram gram) {
        long rows = ProgramText.size(gram.rows());
        long columns = ProgramText.size(gram.columns());
        boolean halves = halves(rows, columns);
        include(halves);
        Chunk chunk = chunk(gram.pixel(), Math.max(rows, columns));
        String name = gram.target().name();
        Staging.Operand left = staging.ofPixels(name + "_rows", gram.batch(), gram.rows(), gram.pixel(), gram.left(),
                halves, chunk);
        Staging.Operand right = gram.symmetric() ? left : staging.ofPixels(name + "_columns", gram.batch(), gram.columns(),
                gram.pixel(), gram.right(), halves, chunk);
        Tile tile = tile(rows, columns, halves);
        int rowTiles = Math.toIntExact(Math.ceilDiv(rows, tile.rows()));
        int columnTiles = Math.toIntExact(Math.ceilDiv(columns, tile.columns()));
        int tiles = gram.symmetric() ? rowTiles * (rowTiles + 1) / 2 : rowTiles * columnTiles;
        Parts parts = parts(tiles, left.stride(), tile.step());
        long partStride = (long) tiles * tile.rows() * tile.columns();
        program.needWorkspace(PRODUCTS, Math.multiplyExact(partStride, parts.count()) * program.precision().bytes());
        Consumer<Map<String, Integer>> product = multiply("multiply_" + name, PRODUCTS, left, right, tile, true,
                gram.symmetric(), columnTiles, tiles, left.stride(), parts, partStride, 0, 0, gram.formula());
        Consumer<Map<String, Integer>> finish = finish(gram, tile, columnTiles, tiles, parts.count(), partStride, left,
                right);
        List<Map<String, Integer>> launches = chunk.launches(gram.batch());
        for (Map<String, Integer> integers : launches) {
            integers.put("accumulate", integers.get(Chunk.FIRST) == 0 ? 0 : 1);
            left.launches().forEach(each -> each.accept(integers));
            if (!gram.symmetric()) {
                right.launches().forEach(each -> each.accept(integers));
            }
            product.accept(integers);
            if (integers.get(Chunk.FIRST) + chunk.size() >= chunk.total()) {
                finish.accept(integers);
            }
        }
    }

    private Consumer<Map<String, Integer>> multiply(String suggestion, String workspace, Staging.Operand rows,
            Staging.Operand columns, Tile tile, boolean along, boolean symmetric, int columnTiles, int tiles, int depth,
            Parts parts, long partStride, int resultStride, long resultOffset, String formula) {
        String element = program.precision().element();
        String operand = "const " + (tile.halves() ? "unsigned short" : element);
        KernelWriter kernel = new KernelWriter(program, element);
        String left = kernel.workspace(rows.workspace(), "rows", operand);
        String right = kernel.workspace(columns.workspace(), "columns", operand);
        String result = kernel.workspace(workspace, "result", element);
        if (resultOffset > 0) {
            result += " + " + resultOffset + "LL";
        }
        String accumulate = kernel.integerParameter("accumulate", 0);
        String function = tile.arguments(element, along, symmetric);
        if (tile.halves()) {
            kernel.line("%s(%s, %dLL, %d, %s, %dLL, %d,", function, left, rows.lowParts(), rows.stride(), right,
                    columns.lowParts(), columns.stride());
            kernel.line("        %d, %d, %d, %s, %s, %dLL, %d, %s);", columnTiles, depth, parts.depth(),
                    kernel.productsParameter(), result, partStride, resultStride, accumulate);
        } else {
            kernel.line("%s(%s, %d, %s, %d,", function, left, rows.stride(), right, columns.stride());
            kernel.line("        %d, %d, %d, %s, %dLL, %d, %s);", columnTiles, depth, parts.depth(), result, partStride,
                    resultStride, accumulate);
        }
        String name = program.kernelName(suggestion);
        program.add(kernel.textOfTwo(name, BLOCK, Comments.of("", formula)));
        return integers -> program.launch(new LaunchPlan.Step(name, tiles, parts.count(), 1, BLOCK, tile.sharedBytes(along),
                kernel.arguments(integers)));
    }

    /** Sums the parts of every element, scales them, and puts a symmetric matrix's elements on both sides. */
    private Consumer<Map<String, Integer>> finish(Gram gram, Tile tile, int columnTiles, int tiles, int parts,
            long partStride, Staging.Operand left, Staging.Operand right) {
        final int side = Math.min(32, Math.min(tile.rows(), tile.columns()));
        int down = tile.rows() / side;
        int across = tile.columns() / side;
        long rows = ProgramText.size(gram.rows());
        long columns = ProgramText.size(gram.columns());
        String element = program.precision().element();
        KernelWriter kernel = new KernelWriter(program, "double");
        String products = kernel.workspace(PRODUCTS, "products_of_parts", "const " + element);
        GatherWriter.bindBatch(kernel, gram.batch());
        kernel.line("__shared__ %s mirror[%d][%d];", element, side, side + 1);
        kernel.line("const int tile = blockIdx.x / %d;", down * across);
        kernel.line("const int block_row = blockIdx.x %% %d / %d * %d;", down * across, across, side);
        kernel.line("const int block_column = blockIdx.x %% %d * %d;", across, side);
        kernel.line("int tile_row;");
        kernel.line("int tile_column;");
        kernel.line("mcrc_tile<%s>(tile, %d, tile_row, tile_column);", gram.symmetric(), columnTiles);
        kernel.line("const int first_row = tile_row * %d + block_row;", tile.rows());
        kernel.line("const int first_column = tile_column * %d + block_column;", tile.columns());
        String scale = kernel.emit(gram.scale());
        if (left.scale() != null) {
            scale += " * " + left.scale().inverse(kernel) + " * " + right.scale().inverse(kernel);
        }
        kernel.line("const double scale = %s;", scale);
        kernel.line("const long long origin = %s;", gram.batch().isEmpty() ? "0" : kernel.integer(
                IndexForm.position(gram.batch())) + " * " + rows * columns + "LL");
        kernel.line("const int lane = threadIdx.x %% %d;", side);
        String target = kernel.writtenArray(gram.target());
        kernel.open();
        kernel.line("double sum = 0.0;");
        kernel.line("for (int part = 0; part < %d; ++part) {", parts);
        kernel.line("    sum += %s[part * %dLL + tile * %dLL + (block_row + line) * %d + block_column + lane];", products,
                partStride, (long) tile.rows() * tile.columns(), tile.columns());
        kernel.line("}");
        kernel.line("const %1$s value = static_cast<%1$s>(sum * scale);", element);
        kernel.line("mirror[line][lane] = value;");
        kernel.line("if (first_row + line < %d && first_column + lane < %d%s) {", rows, columns,
                gram.symmetric() ? " && first_row + line <= first_column + lane" : "");
        kernel.line("    %s[origin + (first_row + line) * %dLL + first_column + lane] = value;", target, columns);
        kernel.line("}");
        kernel.close("for (int line = threadIdx.x / %1$d; line < %1$d; line += %2$d)", side, BLOCK / side);
        if (gram.symmetric()) {
            kernel.line("__syncthreads();");
            kernel.open();
            kernel.line("if (first_row + lane < first_column + line && first_column + line < %d) {", rows);
            kernel.line("    %s[origin + (first_column + line) * %dLL + first_row + lane] = mirror[lane][line];", target,
                    columns);
            kernel.line("}");
            kernel.close("for (int line = threadIdx.x / %1$d; line < %1$d; line += %2$d)", side, BLOCK / side);
        }
        String name = program.kernelName("finish_" + gram.target().name());
        program.add(kernel.text(name, BLOCK, Comments.of(gram.comment(), gram.target().name() + " of the parts")));
        return integers -> program.launch(new LaunchPlan.Step(name, tiles * down * across, 1, 1, BLOCK, 0,
                kernel.arguments(integers)));
    }

    // Reverse

    void fold(Fold fold) {
        long rows = ProgramText.size(fold.rows());
        long inner = fold.terms().stream().mapToLong(term -> ProgramText.size(term.inner())).max().orElseThrow();
        Chunk chunk = chunk(fold.pixel(), Math.max(rows, inner));
        boolean halves = fold.terms().size() == 1 && halves(rows, chunk.size())
                && inner >= LEAST_FOR_TENSOR_CORES;
        include(halves);
        Tile tile = tile(rows, chunk.size(), halves);
        int rowTiles = Math.toIntExact(Math.ceilDiv(rows, tile.rows()));
        int columnTiles = Math.ceilDiv(chunk.size(), tile.columns());
        int tiles = rowTiles * columnTiles;
        int zRows = Staging.padded(rows);
        int zStride = Staging.padded(chunk.size());
        long sliceStride = (long) zRows * zStride;
        String z = fold.z().tensor().name();
        List<Consumer<Map<String, Integer>>> matrices = new ArrayList<>();
        List<Consumer<Map<String, Integer>>> steps = new ArrayList<>();
        List<Scale> scales = new ArrayList<>();
        int slices = 0;
        for (Fold.Term term : fold.terms()) {
            Staging.Operand matrix = staging.ofMatrix(z + "_coefficients", fold.batch(), fold.rows(), term.inner(),
                    term.matrix(), halves);
            Staging.Operand operand = staging.ofPixels(z + "_rows", fold.batch(), term.inner(), fold.pixel(),
                    term.operand(), halves, chunk);
            Parts parts = parts(tiles, matrix.stride(), tile.step());
            boolean once = fold.terms().size() == 1;
            (once ? matrices : steps).addAll(matrix.launches());
            steps.addAll(operand.launches());
            steps.add(multiply("multiply_" + z, Z, matrix, operand, tile, false, false, columnTiles, tiles,
                    matrix.stride(), parts, sliceStride, zStride, slices * sliceStride, term.toString()));
            slices += parts.count();
            if (halves) {
                scales.addAll(List.of(matrix.scale(), operand.scale()));
            }
        }
        program.needWorkspace(Z, Math.multiplyExact(sliceStride, slices) * program.precision().bytes());
        steps.addAll(new GatherWriter(program).write(new GatherWriter.Gather(fold.z(), fold.batch(), fold.rows(),
                fold.pixel(), fold.contributions(), zStride, slices, sliceStride, scales, chunk)));
        for (Map<String, Integer> integers : chunk.launches(fold.batch())) {
            if (integers.get(Chunk.FIRST) == 0) {
                matrices.forEach(each -> each.accept(integers));
            }
            steps.forEach(each -> each.accept(integers));
        }
    }
}
