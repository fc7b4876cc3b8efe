package org.mcrc.compiler.backend.cuda;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.kernel.Gram;

/**
 * Writes forward contractions: operands are staged, tiles of the product are computed by the functions of
 * {@code contraction.cuh} or, on tensor cores, of {@code halves.cuh}, each for a part of the depth, and the parts are summed in
 * their order.
 */
final class GramWriter {
    /** The workspace of the products: tiles, part after part of the depth. */
    private static final String PRODUCTS = "products";

    /** The integer that a launch gives: 0 for the first chunk of pixels, whose products are added to nothing. */
    private static final String ACCUMULATE = "accumulate";

    private static final int BLOCK = Tiling.BLOCK;

    private final ProgramText program;
    private final Staging staging;
    private final Tiling tiling;

    GramWriter(ProgramText program, Staging staging, Tiling tiling) {
        this.program = program;
        this.staging = staging;
        this.tiling = tiling;
    }

    /**
     * How the products of a forward contraction lie in their workspace, and how many tiles they are of.
     *
     * @param columnTiles the tiles of a row of them
     * @param depth the padded number of pixels
     * @param parts of the depth; without meaning for halves
     */
    private record Products(Tiling.Tile tile, int columnTiles, int tiles, boolean halves, int depth, Tiling.Parts parts) {}

    /** Writes one: staged, multiplied, and finished after the last chunk of pixels. */
    void write(Gram gram) {
        long rows = Count.of(gram.rows());
        long columns = Count.of(gram.columns());
        boolean halves = tiling.halves(rows, columns);
        Chunk chunk = tiling.chunk(gram.pixel(), Math.max(rows, columns));
        String name = gram.target().name();
        Staging.Operand left = staging.stage(new Staging.Matrix(name + "_rows", gram.batch(), gram.rows(),
                List.of(gram.pixel()), gram.left(), chunk), halves, false);
        Staging.Operand right = gram.symmetric() ? left : staging.stage(new Staging.Matrix(name + "_columns", gram.batch(),
                gram.columns(), List.of(gram.pixel()), gram.right(), chunk), halves, false);
        Tiling.Tile tile = halves ? Tiling.HALVES : tiling.tile(rows, columns);
        // On tensor cores two tiles below each other are a square.
        int tilesOfSquare = halves ? 2 : 1;
        int squareRows = Math.toIntExact(Math.ceilDiv(rows, tile.rows() * tilesOfSquare));
        int columnTiles = Math.toIntExact(Math.ceilDiv(columns, tile.columns()));
        int tiles = tilesOfSquare * (gram.symmetric() ? columnTiles * (columnTiles + 1) / 2 : squareRows * columnTiles);
        int depth = Math.ceilDiv(chunk.size(), tile.step()) * tile.step();
        Products products = new Products(tile, columnTiles, tiles, halves, depth, Tiling.parts(tiles, depth, tile.step()));
        long count = halves ? (long) tiles + LaunchPlan.MOST_BLOCKS_OF_DEVICE : (long) tiles * products.parts().count();
        program.needWorkspace(PRODUCTS, Math.multiplyExact(count * tile.rows(), tile.columns())
                * program.precision().bytes());
        Consumer<Map<String, Integer>> product = multiply(gram, products, left, right);
        Consumer<Map<String, Integer>> finish = finish(gram, products, left, right);
        for (Map<String, Integer> integers : chunk.launches(gram.batch())) {
            integers.put(ACCUMULATE, integers.get(Chunk.FIRST) == 0 ? 0 : 1);
            left.launches().forEach(each -> each.accept(integers));
            if (!gram.symmetric()) {
                right.launches().forEach(each -> each.accept(integers));
            }
            product.accept(integers);
            if (chunk.isLast(integers)) {
                finish.accept(integers);
            }
        }
    }

    private Consumer<Map<String, Integer>> multiply(Gram gram, Products products, Staging.Operand left,
            Staging.Operand right) {
        String element = program.precision().element();
        String operand = "const " + (products.halves() ? "unsigned short" : element);
        KernelWriter kernel = new KernelWriter(program, element);
        String rows = kernel.parameters().workspace(left.workspace(), "rows", operand);
        String columns = kernel.parameters().workspace(right.workspace(), "columns", operand);
        String result = kernel.parameters().workspace(PRODUCTS, "tiles", element);
        String accumulate = kernel.parameters().integer(ACCUMULATE, 0);
        Tiling.Tile tile = products.tile();
        if (products.halves()) {
            kernel.line("mcrc_contract_halves<%s>(%s, %s, %d, %d, %d, %s, %s, %s);", gram.symmetric(),
                    left.asHalves(rows), right.asHalves(columns), products.tiles() / 2, products.columnTiles(),
                    products.depth() / tile.step(), kernel.parameters().products(), result, accumulate);
        } else {
            kernel.line("%s *const tile = %s + (blockIdx.y * %dLL + blockIdx.x) * %d;", element, result, products.tiles(),
                    tile.rows() * tile.columns());
            kernel.line("mcrc_contract<%s, %d, %d, %d, %d, %d, true, %s>(%s, %d, %s, %d, %d, %d, %d,", element, tile.rows(),
                    tile.columns(), tile.step(), tile.threadRows(), tile.threadColumns(), gram.symmetric(), rows,
                    left.stride(), columns, right.stride(), products.columnTiles(), products.depth(),
                    products.parts().depth());
            kernel.line("        [&](int, int, int local, %s sum) {", element);
            kernel.line("            tile[local] = %s ? tile[local] + sum : sum;", accumulate);
            kernel.line("            return sum;");
            kernel.line("        }, %s());", FoldWriter.NOTHING_OF_COLUMNS);
        }
        String name = program.kernelName("multiply_" + gram.target().name());
        program.add(products.halves() ? kernel.textInPairs(name, BLOCK, Comments.of("", gram.formula()))
                : kernel.textOfTwo(name, BLOCK, Comments.of("", gram.formula())));
        return integers -> program.launch(products.halves()
                ? new LaunchPlan.Step(name, LaunchPlan.BLOCKS_OF_DEVICE, 1, BLOCK, Tiling.BYTES_OF_HALVES,
                        kernel.parameters().arguments(integers))
                : new LaunchPlan.Step(name, products.tiles(), products.parts().count(), BLOCK,
                        kernel.parameters().arguments(integers)));
    }

    /** Sums the parts of every element, scales them, and puts a symmetric matrix's elements on both sides. */
    private Consumer<Map<String, Integer>> finish(Gram gram, Products products, Staging.Operand left,
            Staging.Operand right) {
        Tiling.Tile tile = products.tile();
        final int side = Math.min(32, Math.min(tile.rows(), tile.columns()));
        int down = tile.rows() / side;
        int across = tile.columns() / side;
        long rows = Count.of(gram.rows());
        long columns = Count.of(gram.columns());
        String element = program.precision().element();
        KernelWriter kernel = new KernelWriter(program, "double");
        String parts = kernel.parameters().workspace(PRODUCTS, "tiles", "const " + element);
        GatherWriter.bindBatch(kernel, gram.batch());
        kernel.line("__shared__ %s mirror[%d][%d];", element, side, side + 1);
        kernel.line("const int tile = blockIdx.x / %d;", down * across);
        kernel.line("const int block_row = blockIdx.x %% %d / %d * %d;", down * across, across, side);
        kernel.line("const int block_column = blockIdx.x %% %d * %d;", across, side);
        kernel.line("int tile_row;");
        kernel.line("int tile_column;");
        kernel.line("%s<%s>(tile, %d, tile_row, tile_column);", products.halves() ? "mcrc_tile_of_pair" : "mcrc_tile",
                gram.symmetric(), products.columnTiles());
        kernel.line("const int first_row = tile_row * %d + block_row;", tile.rows());
        kernel.line("const int first_column = tile_column * %d + block_column;", tile.columns());
        String scale = kernel.emit(gram.scale());
        if (left.scale() != null) {
            scale += " * " + left.scale().inverse(kernel, "0") + " * " + right.scale().inverse(kernel, "0");
        }
        kernel.line("const double scale = %s;", scale);
        kernel.line("const long long origin = %s;", gram.batch().isEmpty() ? "0" : kernel.integer(
                IndexForm.position(gram.batch())) + " * " + rows * columns + "LL");
        kernel.line("const int lane = threadIdx.x %% %d;", side);
        if (products.halves()) {
            int steps = products.depth() / tile.step();
            String pairs = kernel.parameters().blocks() + " / 2";
            kernel.line("const int first_part = mcrc_first_pair(%d, tile, %d, %s);", products.tiles() / 2, steps, pairs);
            kernel.line("const int last_part = mcrc_last_pair(%d, tile, %d, %s);", products.tiles() / 2, steps, pairs);
        }
        String target = kernel.parameters().writtenArray(gram.target());
        // A few lines for each thread: what they load is on its way together.
        int turns = side * side / BLOCK;
        String lines = "for (int turn = 0; turn < " + turns + "; ++turn)";
        String line = "const int line = turn * %d + threadIdx.x / %d;".formatted(BLOCK / side, side);
        kernel.line("const int local = (block_row + threadIdx.x / %d) * %d + block_column + lane;", side, tile.columns());
        kernel.line("double sums[%d] = {};", turns);
        kernel.open();
        String place = products.halves() ? "mcrc_place_of_sums(tile, part)"
                : "(part * %dLL + tile) * %d".formatted(products.tiles(), tile.rows() * tile.columns());
        kernel.line("const %s *const sums_of_part = %s + %s + local;", element, parts, place);
        kernel.open();
        kernel.line("sums[turn] += sums_of_part[turn * %d];", BLOCK / side * tile.columns());
        kernel.closeUnrolled(0, lines);
        if (products.halves()) {
            kernel.close("for (int part = first_part; part <= last_part; ++part)");
        } else {
            kernel.close("for (int part = 0; part < %d; ++part)", products.parts().count());
        }
        kernel.open();
        kernel.line(line);
        kernel.line("const %1$s value = static_cast<%1$s>(sums[turn] * scale);", element);
        kernel.line("mirror[line][lane] = value;");
        kernel.line("if (first_row + line < %d && first_column + lane < %d%s) {", rows, columns,
                gram.symmetric() ? " && first_row + line <= first_column + lane" : "");
        kernel.line("    %s[origin + (first_row + line) * %dLL + first_column + lane] = value;", target, columns);
        kernel.line("}");
        kernel.closeUnrolled(0, lines);
        if (gram.symmetric()) {
            kernel.line("__syncthreads();");
            kernel.open();
            kernel.line(line);
            kernel.line("if (first_row + lane < first_column + line && first_column + line < %d) {", rows);
            kernel.line("    %s[origin + (first_column + line) * %dLL + first_row + lane] = mirror[lane][line];", target,
                    columns);
            kernel.line("}");
            kernel.closeUnrolled(0, lines);
        }
        String name = program.kernelName("finish_" + gram.target().name());
        program.add(kernel.text(name, BLOCK, Comments.of(gram.comment(), gram.target().name()
                + ": sums of what the parts of the depth have, scaled")));
        return integers -> program.launch(new LaunchPlan.Step(name, products.tiles() * down * across, 1, BLOCK,
                kernel.parameters().arguments(integers)));
    }
}
