package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.kernel.Fold;
import org.mcrc.compiler.kernel.Gram;

/**
 * Writes contractions: operands are staged, tiles of the product are computed by the functions of {@code contraction.cuh}
 * or, on tensor cores, of {@code halves.cuh}, each for a part of the depth, and the parts are summed in their order.
 */
final class ContractionWriter {
    /** The workspace of the products of a forward contraction: tiles, part after part of the depth. */
    private static final String PRODUCTS = "products";

    /** The workspace of the elements of a reverse contraction. */
    static final String Z = "z";

    /** The workspace of what is added up of the columns of tiles of elements. */
    private static final String Z_OF_COLUMNS = "z_of_columns";

    /** The workspace of what is added up along lines. */
    private static final String Z_OF_RUNS = "z_of_runs";

    /** Where nothing is (contraction.cuh, halves.cuh). */
    private static final String NOTHING_OF_COLUMNS = "McrcNothingOfColumns";
    private static final String NOTHING_OF_RUNS = "McrcNothingOfRuns";

    /** The workspace of the scales of operands of halves and of their reciprocals. */
    static final String SCALES = "scales";

    /** The integer that a launch gives: 0 for the first chunk of pixels, whose products are added to nothing. */
    private static final String ACCUMULATE = "accumulate";

    /** What the functions of contraction.cuh and halves.cuh need with these tiles. */
    private static final int BLOCK = 256;

    /** Blocks that fill any device twice. */
    private static final long ENOUGH_BLOCKS = 528;

    /** The least depth of a part. */
    private static final int LEAST_DEPTH = 256;

    /** The greatest depth of a part: longer sums in single precision lose digits. */
    private static final int GREATEST_DEPTH = 4096;

    /** Terms with no more inner values than this together are one product: their operands are staged once more for it. */
    private static final int MOST_JOINED = 256;

    /** The rows and columns from which on tensor cores pay. */
    private static final int LEAST_FOR_TENSOR_CORES = 64;

    /** The tile on tensor cores, and its step along the depth. */
    private static final Tile HALVES = new Tile(128, 256, 64, 0, 0);

    /**
     * The bytes of panels in shared memory: of four half steps of one product or three of three products, and of whole ones,
     * with their barriers, where warpgroups multiply.
     */
    private static final LaunchPlan.Shared BYTES_OF_HALVES = new LaunchPlan.Shared(4 * (128 + 256) * 32 * Short.BYTES,
            4 * (128 + 256) * 64 * Short.BYTES + 8 * Long.BYTES);

    private final ProgramText program;
    private final Staging staging;
    private final long budget;
    private final long budgetOfChunk;

    /**
     * A writer for all contractions of a program, which share operands.
     *
     * @param budget the bytes that an operand with pixels may take; with more, pixels are staged chunk by chunk
     * @param budgetOfChunk the bytes that it may take then
     */
    ContractionWriter(ProgramText program, long budget, long budgetOfChunk) {
        this.program = program;
        this.budget = budget;
        this.budgetOfChunk = budgetOfChunk;
        this.staging = new Staging(program);
    }

    /** The tile of a product: its rows and columns, the depth of a step, and the sums of a thread. */
    private record Tile(int rows, int columns, int step, int threadRows, int threadColumns) {}

    private Tile tile(long rows, long columns) {
        boolean twice = program.precision() == CudaPrecision.DOUBLE;
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
    private boolean halves(long rows, long columns) {
        return program.precision().usesTensorCores() && Math.min(rows, columns) >= LEAST_FOR_TENSOR_CORES;
    }

    /** How many pixels are staged at a time where operands have so many rows. */
    private Chunk chunk(Index pixel, long rows) {
        int pixels = pixel.domain().size();
        long bytesOfPixel = Staging.padded(rows) * (long) program.precision().bytes();
        if (pixels * bytesOfPixel <= budget) {
            return Chunk.whole(pixel);
        }
        long fitting = Math.max(Staging.PADDING, budgetOfChunk / bytesOfPixel / Staging.PADDING * Staging.PADDING);
        // Whole lines along the first axis where that is possible, and chunks of the same size, if not too many more are needed.
        int lines = ((Grid) pixel.domain()).extent(0);
        int line = pixels / lines;
        if (line > fitting) {
            return new Chunk(Math.toIntExact(fitting), pixels);
        }
        int least = Math.ceilDiv(lines, Math.toIntExact(fitting / line));
        int chunks = IntStream.rangeClosed(least, least + least / 4).filter(count -> lines % count == 0).findFirst().orElse(least);
        return new Chunk(Math.ceilDiv(lines, chunks) * line, pixels);
    }

    /** How the depth is divided: into so many parts, the last of which may be shorter. */
    private record Parts(int count, int depth) {}

    private static Parts parts(long tiles, int depth, int step) {
        long wanted = Math.max(Math.ceilDiv(ENOUGH_BLOCKS, tiles), Math.ceilDiv(depth, GREATEST_DEPTH));
        long count = Math.clamp(wanted, 1, Math.max(1, depth / LEAST_DEPTH));
        int depthOfPart = Math.toIntExact(Math.ceilDiv(Math.ceilDiv(depth, count), step) * step);
        return new Parts(Math.ceilDiv(depth, depthOfPart), depthOfPart);
    }

    // Forward

    /**
     * How the products of a forward contraction lie in their workspace, and how many tiles they are of.
     *
     * @param columnTiles the tiles of a row of them
     * @param depth the padded number of pixels
     * @param parts of the depth; without meaning for halves
     */
    private record Products(Tile tile, int columnTiles, int tiles, boolean halves, int depth, Parts parts) {}

    /** The forward contraction: staged, multiplied, and finished after the last chunk of pixels. */
    void gram(Gram gram) {
        long rows = Count.of(gram.rows());
        long columns = Count.of(gram.columns());
        boolean halves = halves(rows, columns);
        Chunk chunk = chunk(gram.pixel(), Math.max(rows, columns));
        String name = gram.target().name();
        Staging.Operand left = staging.stage(new Staging.Matrix(name + "_rows", gram.batch(), gram.rows(),
                List.of(gram.pixel()), gram.left(), chunk), halves, false);
        Staging.Operand right = gram.symmetric() ? left : staging.stage(new Staging.Matrix(name + "_columns", gram.batch(),
                gram.columns(), List.of(gram.pixel()), gram.right(), chunk), halves, false);
        Tile tile = halves ? HALVES : tile(rows, columns);
        // On tensor cores two tiles below each other are a square.
        int tilesOfSquare = halves ? 2 : 1;
        int squareRows = Math.toIntExact(Math.ceilDiv(rows, tile.rows() * tilesOfSquare));
        int columnTiles = Math.toIntExact(Math.ceilDiv(columns, tile.columns()));
        int tiles = tilesOfSquare * (gram.symmetric() ? columnTiles * (columnTiles + 1) / 2 : squareRows * columnTiles);
        int depth = Math.ceilDiv(chunk.size(), tile.step()) * tile.step();
        Products products = new Products(tile, columnTiles, tiles, halves, depth, parts(tiles, depth, tile.step()));
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
            if (integers.get(Chunk.FIRST) + chunk.size() >= chunk.total()) {
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
        Tile tile = products.tile();
        if (products.halves()) {
            kernel.line("mcrc_contract_halves<%s>(%s, %s, %d, %d, %d, %s, %s, %s);", gram.symmetric(),
                    halves(rows, left), halves(columns, right), products.tiles() / 2, products.columnTiles(),
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
            kernel.line("        }, %s());", NOTHING_OF_COLUMNS);
        }
        String name = program.kernelName("multiply_" + gram.target().name());
        program.add(products.halves() ? kernel.textInPairs(name, BLOCK, Comments.of("", gram.formula()))
                : kernel.textOfTwo(name, BLOCK, Comments.of("", gram.formula())));
        return integers -> program.launch(products.halves()
                ? new LaunchPlan.Step(name, LaunchPlan.BLOCKS_OF_DEVICE, 1, BLOCK, BYTES_OF_HALVES,
                        kernel.parameters().arguments(integers))
                : new LaunchPlan.Step(name, products.tiles(), products.parts().count(), BLOCK,
                        kernel.parameters().arguments(integers)));
    }

    /** An operand as the functions of halves.cuh take it. */
    private static String halves(String workspace, Staging.Operand operand) {
        return "McrcHalves{" + workspace + ", " + operand.lowParts() + "LL, " + operand.rows() + "}";
    }

    /** Sums the parts of every element, scales them, and puts a symmetric matrix's elements on both sides. */
    private Consumer<Map<String, Integer>> finish(Gram gram, Products products, Staging.Operand left,
            Staging.Operand right) {
        Tile tile = products.tile();
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

    // Reverse

    /** The reverse contraction: its elements are computed chunk by chunk of the pixels, and gathered from there. */
    void fold(Fold fold) {
        long rows = Count.of(fold.rows());
        long inner = fold.terms().stream().mapToLong(term -> Count.of(term.inner())).max().orElseThrow();
        Chunk chunk = chunk(fold.pixel(), Math.max(rows, inner));
        boolean once = fold.terms().size() == 1;
        boolean halves = once && halves(rows, chunk.size()) && inner >= LEAST_FOR_TENSOR_CORES;
        Tile tile = halves ? HALVES : tile(rows, chunk.size());
        int columnTiles = Math.ceilDiv(chunk.size(), tile.columns());
        int tilesOfSquare = halves ? 2 : 1;
        int rowTiles = Math.toIntExact(Math.ceilDiv(rows, tile.rows() * tilesOfSquare)) * tilesOfSquare;
        int tiles = rowTiles * columnTiles;
        int zStride = Staging.padded(chunk.size());
        long sliceStride = (long) Staging.padded(rows) * zStride;
        String z = fold.z().tensor().name();
        List<Consumer<Map<String, Integer>>> matrices = new ArrayList<>();
        List<Consumer<Map<String, Integer>>> steps = new ArrayList<>();
        List<Reverse> products = new ArrayList<>();
        int slices = 0;
        boolean joined = !once && fold.terms().stream().mapToLong(term -> Count.of(term.inner())).sum()
                <= MOST_JOINED;
        List<List<Fold.Term>> groups = joined ? List.of(fold.terms()) : fold.terms().stream().map(List::of).toList();
        for (List<Fold.Term> terms : groups) {
            List<Staging.Matrix> left = terms.stream().map(term -> new Staging.Matrix(z + "_coefficients", fold.batch(),
                    fold.rows(), term.inner(), term.matrix(), null)).toList();
            List<Staging.Matrix> right = terms.stream().map(term -> new Staging.Matrix(z + "_panel", fold.batch(),
                    term.inner(), List.of(fold.pixel()), term.operand(), chunk)).toList();
            Staging.Operand matrix = joined ? staging.beside(left) : staging.stage(left.getFirst(), halves, true);
            Staging.Operand operand = joined ? staging.below(right) : staging.stage(right.getFirst(), halves, false);
            int depth = Math.toIntExact(Math.ceilDiv(joined ? Staging.joinedDepth(left) : left.getFirst().columnCount(),
                    tile.step()) * tile.step());
            Parts parts = halves ? new Parts(1, depth) : parts(tiles, depth, tile.step());
            products.add(new Reverse(terms, matrix, operand, tile, columnTiles, tiles, parts, depth, slices));
            slices += parts.count();
        }
        boolean alone = groups.size() == 1;
        ZElements elements = new ZElements(zStride, slices, sliceStride);
        Finished finished = (halves ? summed(fold, chunk) : Optional.<Finished>empty()).orElseGet(() -> kept(fold, elements));
        for (Reverse each : products) {
            (alone ? matrices : steps).addAll(each.matrix().launches());
            steps.addAll(each.operand().launches());
            steps.add(multiply(fold, each, elements, finished, chunk));
        }
        if (finished.inColumns()) {
            program.needWorkspace(Z_OF_COLUMNS, Math.multiplyExact(rowTiles, finished.columns()) * program.precision().bytes());
        }
        if (finished.runs() != null) {
            program.needWorkspace(Z_OF_RUNS, Math.multiplyExact(finished.runs().count(),
                    finished.runs().stride(finished.columns())) * program.precision().bytes());
        }
        for (int k = 0; k < finished.kept().size(); k++) {
            program.needWorkspace(place(k), Math.multiplyExact(sliceStride, slices) * program.precision().bytes());
        }
        List<Consumer<Map<String, Integer>>> gathers = new GatherWriter(program).write(new GatherWriter.Gather(fold.z(),
                fold.batch(), fold.rows(), fold.pixel(), sources(fold, finished, rowTiles),
                finished.isSummed() ? new ZElements(Math.toIntExact(finished.columns()), 1, 0) : elements,
                finished.isSummed() ? Chunk.whole(fold.pixel()) : chunk));
        for (Map<String, Integer> integers : chunk.launches(fold.batch())) {
            if (integers.get(Chunk.FIRST) == 0) {
                matrices.forEach(each -> each.accept(integers));
            }
            steps.forEach(each -> each.accept(integers));
            if (!finished.isSummed() || integers.get(Chunk.FIRST) + chunk.size() >= chunk.total()) {
                gathers.forEach(each -> each.accept(integers));
            }
        }
    }

    /**
     * What becomes of finished elements.
     *
     * @param kept what is made of each of them and kept, one workspace for each; the element itself where it is not finished
     *     yet
     * @param addedUp what is made of them and added up over rows where it is computed; null for nothing
     * @param inColumns whether it is added up in every column of a tile
     * @param runs the rows of which it is added up along lines; null for none
     * @param columns of how many there are sums: of all pixels where nothing is kept, else of those that are there
     */
    private record Finished(List<Expression> kept, Expression addedUp, boolean inColumns, Runs runs, long columns) {
        /** Whether there is nothing but sums, of all pixels. */
        boolean isSummed() {
            return kept.isEmpty();
        }
    }

    /** Where all that elements contribute is one value, in columns or along lines, nothing is kept but sums. */
    private static Optional<Finished> summed(Fold fold, Chunk chunk) {
        if (fold.contributions().stream().map(Fold.Contribution::value).distinct().count() != 1) {
            return Optional.empty();
        }
        boolean inColumns = false;
        Runs runs = null;
        for (Fold.Contribution each : fold.contributions()) {
            if (isOfColumn(fold, each)) {
                inColumns = true;
                continue;
            }
            Optional<Runs> own = Runs.of(fold, each);
            if (own.isEmpty() || runs != null) {
                return Optional.empty();
            }
            runs = own.get();
        }
        // The padding of one chunk lies where the next one's pixels come.
        long columns = (chunk.count() - 1L) * chunk.size() + Staging.padded(chunk.size());
        return Optional.of(new Finished(List.of(), fold.contributions().getFirst().value(), inColumns, runs, columns));
    }

    /** What is kept to be gathered; of one of the values, what goes from all rows to one place is added up in columns. */
    private static Finished kept(Fold fold, ZElements elements) {
        if (elements.slices() > 1) {
            return new Finished(List.of(fold.z()), null, false, null, elements.rowStride());
        }
        Expression addedUp = fold.contributions().stream().filter(each -> isOfColumn(fold, each))
                .map(Fold.Contribution::value).findFirst().orElse(null);
        return new Finished(fold.contributions().stream().map(Fold.Contribution::value).distinct().toList(), addedUp,
                addedUp != null, null, elements.rowStride());
    }

    /** Where what each contribution adds lies. */
    private static List<GatherWriter.Source> sources(Fold fold, Finished finished, int rowTiles) {
        List<GatherWriter.Source> sources = new ArrayList<>();
        for (Fold.Contribution each : fold.contributions()) {
            Fold.Contribution made = new Fold.Contribution(each.target(), each.subscripts(), fold.z());
            if (finished.kept().equals(List.of(fold.z()))) {
                sources.add(new GatherWriter.Elements(each, Z));
            } else if (isOfColumn(fold, each) && each.value().equals(finished.addedUp())) {
                sources.add(new GatherWriter.SumsOfColumns(made, Z_OF_COLUMNS, rowTiles));
            } else if (finished.isSummed()) {
                sources.add(new GatherWriter.SumsOfRuns(made, Z_OF_RUNS, finished.runs(), finished.columns()));
            } else {
                sources.add(new GatherWriter.Elements(made, place(finished.kept().indexOf(each.value()))));
            }
        }
        return sources;
    }

    /** Whether all rows contribute to the same element, whatever the pixel. */
    private static boolean isOfColumn(Fold fold, Fold.Contribution contribution) {
        return contribution.subscripts().stream().flatMap(List::stream)
                .noneMatch(form -> form.indices().stream().anyMatch(fold.rows()::contains));
    }

    /** The workspace of one of the values that are made of every finished element; the first takes that of the elements. */
    private static String place(int value) {
        return value == 0 ? Z : Z + "_" + (value + 1);
    }

    /**
     * The product of a term, or of some whose operands are joined.
     *
     * @param firstSlice where its parts are among the slices of z
     */
    private record Reverse(List<Fold.Term> terms, Staging.Operand matrix, Staging.Operand operand, Tile tile,
            int columnTiles, int tiles, Parts parts, int depth, int firstSlice) {}

    /** Writes the product of one group of terms. */
    private Consumer<Map<String, Integer>> multiply(Fold fold, Reverse product, ZElements elements, Finished finished,
            Chunk chunk) {
        boolean halves = product.matrix().scale() != null;
        String element = program.precision().element();
        String staged = "const " + (halves ? "unsigned short" : element);
        KernelWriter kernel = new KernelWriter(program, element);
        Staging.Operand matrix = product.matrix();
        Staging.Operand operand = product.operand();
        Tile tile = product.tile();
        String rows = kernel.parameters().workspace(matrix.workspace(), "rows", staged);
        String columns = kernel.parameters().workspace(operand.workspace(), "columns", staged);
        List<String> results = new ArrayList<>();
        for (int k = 0; k < finished.kept().size(); k++) {
            results.add(kernel.parameters().workspace(place(k), "elements", element));
        }
        String ofColumns = ofColumns(kernel, finished, chunk);
        String ofRuns = ofRuns(kernel, finished, chunk);
        GatherWriter.bindBatch(kernel, fold.batch());
        String sum = "sum";
        if (halves) {
            kernel.line("const float scale_of_columns = %s;", operand.scale().inverse(kernel, "0"));
            sum = "sum * (" + matrix.scale().inverse(kernel, "row") + " * scale_of_columns)";
        }
        kernel.open();
        kernel.line("const %s z = %s;", element, sum);
        if (!results.isEmpty()) {
            boolean onlySlice = product.parts().count() == 1 && product.firstSlice() == 0;
            kernel.line("const long long place = %srow * %dLL + column;", onlySlice ? ""
                    : "(" + product.firstSlice() + " + blockIdx.y) * " + elements.sliceStride() + "LL + ",
                    elements.rowStride());
        }
        boolean ofElement = finished.kept().equals(List.of(fold.z()));
        Padding row = ofElement ? new Padding("row", List.of()) : Padding.of(kernel, "row", Count.of(fold.rows()));
        if (!ofElement) {
            kernel.bindFlat(fold.rows(), row.within());
            kernel.bindFlat(List.of(fold.pixel()), Padding.of(kernel, "column", chunk).within());
        }
        kernel.provide(fold.z(), "z");
        // Elements of the padding have places, too, which nothing reads: to ask first would have a thread wait for what it loads
        // of one element after the other.
        Map<Expression, String> values = new HashMap<>();
        if (finished.addedUp() != null) {
            String added = kernel.fresh("added");
            kernel.line("const %s %s = %s;", element, added, kernel.emitAlone(finished.addedUp()));
            values.put(finished.addedUp(), added);
        }
        for (int k = 0; k < results.size(); k++) {
            Expression value = finished.kept().get(k);
            kernel.line("%s[place] = %s;", results.get(k),
                    values.containsKey(value) ? values.get(value) : kernel.emitAlone(value));
        }
        // In the padding, where z is 0, values may have other terms.
        String given = finished.addedUp() == null ? kernel.literal(0) : row.inside().isEmpty()
                ? values.get(finished.addedUp()) : "%s ? %s : %s".formatted(String.join(" && ", row.inside()),
                values.get(finished.addedUp()), kernel.literal(0));
        kernel.line("return %s;", given);
        kernel.close("const auto store = [&](int row, int column, %s%s sum)", halves ? "" : "int, ", element);
        kernel.endStatement();
        if (halves) {
            kernel.line("mcrc_multiply_halves(%s, %s, %d, %d, %d, %s, store, %s, %s);", halves(rows, matrix),
                    halves(columns, operand), product.tiles() / product.columnTiles(), product.tiles() / 2,
                    product.depth() / tile.step(), kernel.parameters().products(), ofColumns, ofRuns);
        } else {
            kernel.line("mcrc_contract<%s, %d, %d, %d, %d, %d, false, false>(%s, %d, %s, %d, %d, %d, %d, store, %s);",
                    element, tile.rows(), tile.columns(), tile.step(), tile.threadRows(), tile.threadColumns(), rows,
                    matrix.stride(), columns, operand.stride(), product.columnTiles(), product.depth(),
                    product.parts().depth(), ofColumns);
        }
        String name = program.kernelName("multiply_" + fold.z().tensor().name());
        String comment = Comments.of("", fold.z().tensor().name() + ": "
                + product.terms().stream().map(Fold.Term::toString).collect(Collectors.joining(" + ")));
        program.add(halves ? kernel.textInPairs(name, BLOCK, comment) : kernel.text(name, BLOCK, comment));
        return integers -> program.launch(halves
                ? new LaunchPlan.Step(name, LaunchPlan.BLOCKS_OF_DEVICE, 1, BLOCK, BYTES_OF_HALVES,
                        kernel.parameters().arguments(integers))
                : new LaunchPlan.Step(name, product.tiles(), product.parts().count(), BLOCK,
                        kernel.parameters().arguments(integers)));
    }

    /** Where what is added up in columns goes. */
    private String ofColumns(KernelWriter kernel, Finished finished, Chunk chunk) {
        if (!finished.inColumns()) {
            return NOTHING_OF_COLUMNS + "()";
        }
        String element = program.precision().element();
        String sums = kernel.parameters().workspace(Z_OF_COLUMNS, "sums_of_columns", element);
        return "McrcOfColumns<%s>{%s, %d}".formatted(element,
                finished.isSummed() ? chunk.placeAfter(kernel, sums, "") : sums, finished.columns());
    }

    /** Where what is added up along lines goes. */
    private String ofRuns(KernelWriter kernel, Finished finished, Chunk chunk) {
        Runs runs = finished.runs();
        if (runs == null) {
            return NOTHING_OF_RUNS + "()";
        }
        KernelParameters parameters = kernel.parameters();
        String sums = parameters.workspace(Z_OF_RUNS, "sums_of_runs", program.precision().element());
        return "McrcOfRuns<%d, %d>{%s, %dLL, %s, %s, %s, 0}".formatted(runs.wraps() ? runs.line() : 0, runs.sumsOfSegment(),
                chunk.placeAfter(kernel, sums, runs.wraps() ? "" : " / %d * %d".formatted(Runs.SEGMENT, runs.sumsOfSegment())),
                runs.stride(finished.columns()), parameters.table("runs_first_rows", runs.firstRows()),
                parameters.table("runs_of_blocks", runs.firstRuns()), parameters.table("runs_shifts", runs.shifts()));
    }
}
