package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.kernel.Fold;

/**
 * Writes reverse contractions: operands are staged, tiles of the elements are computed by the functions of
 * {@code contraction.cuh} or, on tensor cores, of {@code halves.cuh}, and what they contribute is kept or added up there, and
 * gathered.
 */
final class FoldWriter {
    /** The workspace of the elements. */
    static final String Z = "z";

    /** The workspace of what is added up of the columns of tiles of elements. */
    private static final String Z_OF_COLUMNS = "z_of_columns";

    /** The workspace of what is added up along lines. */
    private static final String Z_OF_RUNS = "z_of_runs";

    /** Where nothing is (contraction.cuh, halves.cuh). */
    static final String NOTHING_OF_COLUMNS = "McrcNothingOfColumns";
    private static final String NOTHING_OF_RUNS = "McrcNothingOfRuns";

    /** Terms with no more inner values than this together are one product: their operands are staged once more for it. */
    private static final int MOST_JOINED = 256;

    /** With more bytes of sums of all pixels elements are kept instead, of one chunk of pixels at a time. */
    private static final long MOST_BYTES_OF_SUMS = 1L << 30;

    private static final int BLOCK = Tiling.BLOCK;

    private final ProgramText program;
    private final Staging staging;
    private final Tiling tiling;

    FoldWriter(ProgramText program, Staging staging, Tiling tiling) {
        this.program = program;
        this.staging = staging;
        this.tiling = tiling;
    }

    /** Writes one: its elements are computed chunk by chunk of the pixels, and gathered from there. */
    void write(Fold fold) {
        long rows = Count.of(fold.rows());
        long inner = fold.terms().stream().mapToLong(term -> Count.of(term.inner())).max().orElseThrow();
        Chunk chunk = tiling.chunk(fold.pixel(), Math.max(rows, inner));
        boolean once = fold.terms().size() == 1;
        boolean halves = once && tiling.halves(rows, chunk.size()) && inner >= Tiling.LEAST_FOR_TENSOR_CORES;
        Tiling.Tile tile = halves ? Tiling.HALVES : tiling.tile(rows, chunk.size());
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
            Tiling.Parts parts = halves ? new Tiling.Parts(1, depth) : Tiling.parts(tiles, depth, tile.step());
            products.add(new Reverse(terms, matrix, operand, tile, columnTiles, tiles, parts, depth, slices));
            slices += parts.count();
        }
        boolean alone = groups.size() == 1;
        ZElements elements = new ZElements(zStride, slices, sliceStride);
        Finished finished = (halves ? summed(fold, chunk, rowTiles) : Optional.<Finished>empty())
                .orElseGet(() -> kept(fold, elements));
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
            if (!finished.isSummed() || chunk.isLast(integers)) {
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

    /**
     * Where all that elements contribute is one value, in columns or along lines, nothing is kept but sums; unless those of all
     * pixels are too many.
     */
    private Optional<Finished> summed(Fold fold, Chunk chunk, int rowTiles) {
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
            if (own.isEmpty() || runs != null || !own.get().isFor(chunk)) {
                return Optional.empty();
            }
            runs = own.get();
        }
        // The padding of one chunk lies where the next one's pixels come.
        long columns = (chunk.count() - 1L) * chunk.size() + Staging.padded(chunk.size());
        long sums = (inColumns ? rowTiles * columns : 0) + (runs == null ? 0 : runs.count() * runs.stride(columns));
        return sums * program.precision().bytes() > MOST_BYTES_OF_SUMS ? Optional.empty() : Optional.of(
                new Finished(List.of(), fold.contributions().getFirst().value(), inColumns, runs, columns));
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
            if (finished.inColumns() && isOfColumn(fold, each) && each.value().equals(finished.addedUp())) {
                sources.add(new GatherWriter.SumsOfColumns(made, Z_OF_COLUMNS, rowTiles));
            } else if (finished.kept().equals(List.of(fold.z()))) {
                sources.add(new GatherWriter.Elements(each, Z));
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
    private record Reverse(List<Fold.Term> terms, Staging.Operand matrix, Staging.Operand operand, Tiling.Tile tile,
            int columnTiles, int tiles, Tiling.Parts parts, int depth, int firstSlice) {}

    /** Writes the product of one group of terms. */
    private Consumer<Map<String, Integer>> multiply(Fold fold, Reverse product, ZElements elements, Finished finished,
            Chunk chunk) {
        boolean halves = product.matrix().scale() != null;
        String element = program.precision().element();
        String staged = "const " + (halves ? "unsigned short" : element);
        KernelWriter kernel = new KernelWriter(program, element);
        Staging.Operand matrix = product.matrix();
        Staging.Operand operand = product.operand();
        Tiling.Tile tile = product.tile();
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
        String added = null;
        if (finished.addedUp() != null) {
            added = kernel.fresh("added");
            kernel.line("const %s %s = %s;", element, added, kernel.emitAlone(finished.addedUp()));
        }
        for (int k = 0; k < results.size(); k++) {
            Expression value = finished.kept().get(k);
            kernel.line("%s[place] = %s;", results.get(k), value.equals(finished.addedUp()) ? added : kernel.emitAlone(value));
        }
        // In the padding, where z is 0, values may have other terms.
        String given = added == null ? kernel.literal(0) : row.inside().isEmpty() ? added
                : "%s ? %s : %s".formatted(String.join(" && ", row.inside()), added, kernel.literal(0));
        kernel.line("return %s;", given);
        kernel.close("const auto store = [&](int row, int column, %s%s sum)", halves ? "" : "int, ", element);
        kernel.endStatement();
        if (halves) {
            kernel.line("mcrc_multiply_halves(%s, %s, %d, %d, %d, %s, store, %s, %s);", matrix.asHalves(rows),
                    operand.asHalves(columns), product.tiles() / product.columnTiles(), product.tiles() / 2,
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
                ? new LaunchPlan.Step(name, LaunchPlan.BLOCKS_OF_DEVICE, 1, BLOCK, Tiling.BYTES_OF_HALVES,
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
