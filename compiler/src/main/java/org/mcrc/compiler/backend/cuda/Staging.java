package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;

/**
 * Writes operands of contractions into workspaces, as matrices padded with zeros: where tensor cores or register tiles
 * read them several times, producing them once is cheaper than in every tile. What several contractions have in common is
 * staged once, as long as it is whole.
 */
final class Staging {
    /** The workspace of the scales of operands of halves and of their reciprocals. */
    static final String SCALES = "scales";

    /** Rows and columns are multiples of this: of every tile. */
    static final int PADDING = 256;

    /** Where several matrices are in one workspace, each begins at a multiple of this: of the steps of every tile. */
    private static final int JOINED = 16;

    private static final int BLOCK = NestWriter.BLOCK;

    /** The columns that a block stages of its row, or of some rows: what depends on these alone is computed once for them. */
    private static final int COLUMNS_OF_BLOCK = 4096;
    private static final int COLUMNS_OF_HALVES = 2048;

    /** The rows that a thread stages of halves. */
    private static final int ROWS_OF_THREAD = 8;

    /** The columns that a thread stages of halves that are in shared memory already: neighbours are written together. */
    private static final int HALVES_OF_THREAD = 4;

    /** The columns of a row that are kept while its scale is looked for, instead of being computed once more. */
    private static final int MOST_KEPT = 8192;

    /** The elements that a thread looks at together: what it loads of them is on its way at the same time. */
    private static final int LOADS_UNDER_WAY = 4;

    /** The blocks of the search for the greatest value, and the columns of a row that they look at together. */
    private static final int SEARCHING_BLOCKS = 512;
    private static final int COLUMNS_OF_SEARCH = 4096;

    private final ProgramText program;
    private final Map<Key, Operand> staged = new HashMap<>();

    /** What has been looked for in an evaluation already, though the operand itself has to be staged again. */
    private final Map<Key, Scale> found = new HashMap<>();

    /** Indices in the names of which operands are compared: the first, the second, ... over each domain. */
    private final Map<Domain, List<Index>> canonical = new HashMap<>();
    private int scales;
    private int operands;

    Staging(ProgramText program) {
        this.program = program;
    }

    /** As what an operand is staged. */
    enum Form {
        /** Numbers of the program's precision. */
        PLAIN,
        /** High and low parts in half precision, all multiplied by one scale. */
        HALVES,
        /** The same with a scale for each row, which is found where the row is staged. */
        HALVES_BY_ROW
    }

    /**
     * What is staged.
     *
     * @param name of its kernels, after what they are called for: stage_, scale_
     * @param batch the indices whose values the launch gives
     * @param columns one pixel index, or finite indices
     * @param chunk the pixels that are there at a time; null where columns are no pixels
     */
    record Matrix(String name, List<Index> batch, List<Index> rows, List<Index> columns, Expression value, Chunk chunk) {
        /** Which workspace that others use later it takes: the operands of a product are there together, each in its own. */
        private String side() {
            return chunk == null ? "coefficients" : name.endsWith("_columns") ? "columns" : "rows";
        }

        long rowCount() {
            return Count.of(rows);
        }

        long columnCount() {
            return chunk == null ? Count.of(columns) : chunk.size();
        }
    }

    /** An expression at canonical indices, and how it is staged. */
    private record Key(Expression value, List<Domain> rows, List<Domain> columns, Form form) {}

    /**
     * A staged operand.
     *
     * @param workspace where it lies
     * @param rows how many rows it has with the padding
     * @param stride the length of a row; halves lie in blocks (halves.cuh)
     * @param scale by which its halves are multiplied; null where it has none
     * @param launches what stages it, for the integers of a launch; empty where it is there already
     */
    record Operand(String workspace, int rows, int stride, Scale scale, List<Consumer<Map<String, Integer>>> launches) {
        /** The distance of the low parts from the high ones. */
        long lowParts() {
            return (long) rows * stride;
        }

        /** How the functions of halves.cuh take it, by the name that its workspace has in a kernel. */
        String asHalves(String name) {
            return "McrcHalves{" + name + ", " + lowParts() + "LL, " + rows + "}";
        }

        private Operand again() {
            return new Operand(workspace, rows, stride, scale, List.of());
        }
    }

    static int padded(long size) {
        return Math.toIntExact(Math.ceilDiv(size, PADDING) * PADDING);
    }

    /**
     * Stages an operand, or finds it staged.
     *
     * @param halves whether as halves, for tensor cores
     * @param byRow whether each row may have a scale of its own
     */
    Operand stage(Matrix matrix, boolean halves, boolean byRow) {
        Scale known = halves ? Scale.of(scales, program.precision() == CudaPrecision.MIXED
                ? program.magnitude(matrix.value()) : Double.POSITIVE_INFINITY) : null;
        Form form = !halves ? Form.PLAIN : !known.isKnown() && byRow ? Form.HALVES_BY_ROW : Form.HALVES;
        boolean shared = matrix.batch().isEmpty() && matrix.chunk() != null && matrix.chunk().isWhole();
        Key key = new Key(atCanonical(matrix), domains(matrix.rows()), domains(matrix.columns()), form);
        if (shared && staged.containsKey(key)) {
            return staged.get(key).again();
        }
        int rows = padded(matrix.rowCount());
        int stride = padded(matrix.columnCount());
        // Operands that others may use later keep their workspace; others share theirs.
        String workspace = shared ? "operand_" + ++operands : "panel_" + matrix.side() + (halves ? "_halves" : "");
        program.needWorkspace(workspace, Math.multiplyExact((long) rows * stride,
                halves ? 2 * Short.BYTES : program.precision().bytes()));
        Scale scale = switch (form) {
            case PLAIN -> null;
            case HALVES -> known;
            case HALVES_BY_ROW -> known.byRow(workspace + "_scales");
        };
        if (halves) {
            scales++;
        }
        List<Consumer<Map<String, Integer>>> launches = new ArrayList<>();
        if (form == Form.HALVES && !scale.isKnown()) {
            if (matrix.batch().isEmpty() && found.containsKey(key)) {
                scale = found.get(key);
            } else {
                found.put(key, scale);
                launches.add(search(matrix, scale));
            }
        } else if (form == Form.HALVES_BY_ROW) {
            program.needWorkspace(scale.workspace(), (long) rows * Float.BYTES);
        }
        launches.add(fill(matrix, new Place(workspace, rows, stride, stride, 0), scale));
        Operand operand = new Operand(workspace, rows, stride, scale, launches);
        if (shared) {
            staged.put(key, operand);
        }
        return operand;
    }

    /** The depth of operands that are joined: each begins at a multiple of {@link #JOINED}. */
    static long joinedDepth(List<Matrix> matrices) {
        return matrices.stream().mapToLong(each -> joined(each.columnCount())).sum();
    }

    private static long joined(long size) {
        return Math.ceilDiv(size, JOINED) * JOINED;
    }

    /** Stages matrices of the same rows beside each other, in plain numbers. */
    Operand beside(List<Matrix> matrices) {
        int rows = padded(matrices.getFirst().rowCount());
        int stride = padded(joinedDepth(matrices));
        String workspace = "panel_joined_coefficients";
        program.needWorkspace(workspace, Math.multiplyExact((long) rows * stride, program.precision().bytes()));
        List<Consumer<Map<String, Integer>>> launches = new ArrayList<>();
        long offset = 0;
        for (Matrix matrix : matrices) {
            boolean last = matrix == matrices.getLast();
            long width = last ? stride - offset : joined(matrix.columnCount());
            launches.add(fill(matrix, new Place(workspace, rows, Math.toIntExact(width), stride, offset), null));
            offset += width;
        }
        return new Operand(workspace, rows, stride, null, launches);
    }

    /** Stages matrices of the same columns below each other. */
    Operand below(List<Matrix> matrices) {
        int stride = padded(matrices.getFirst().columnCount());
        long depth = matrices.stream().mapToLong(each -> joined(each.rowCount())).sum();
        int rows = padded(depth);
        String workspace = "panel_joined_rows";
        program.needWorkspace(workspace, Math.multiplyExact((long) rows * stride, program.precision().bytes()));
        List<Consumer<Map<String, Integer>>> launches = new ArrayList<>();
        long offset = 0;
        for (Matrix matrix : matrices) {
            int height = Math.toIntExact(joined(matrix.rowCount()));
            launches.add(fill(matrix, new Place(workspace, height, stride, stride, offset * stride), null));
            offset += height;
        }
        return new Operand(workspace, rows, stride, null, launches);
    }

    /**
     * A part of a workspace.
     *
     * @param columns to be filled; of rows that are {@code stride} apart
     * @param offset where it begins
     */
    private record Place(String workspace, int rows, int columns, int stride, long offset) {
        /** The distance of low parts from high ones. */
        long lowParts() {
            return (long) rows * stride;
        }
    }

    private static List<Domain> domains(List<Index> indices) {
        return indices.stream().map(Index::domain).toList();
    }

    /** The value at canonical indices: what differs by the names of indices only is staged once. */
    private Expression atCanonical(Matrix matrix) {
        Map<Index, List<IndexForm>> renaming = new HashMap<>();
        Map<Domain, Integer> used = new HashMap<>();
        List<Index> all = new ArrayList<>(matrix.rows());
        all.addAll(matrix.columns());
        for (Index index : all) {
            List<Index> known = canonical.computeIfAbsent(index.domain(), _ -> new ArrayList<>());
            int position = used.merge(index.domain(), 1, Integer::sum) - 1;
            while (known.size() <= position) {
                known.add(new Index("c", index.domain()));
            }
            renaming.put(index, IndexForm.of(known.get(position)));
        }
        return Expressions.substitute(matrix.value(), renaming);
    }

    /** Fills a part of a workspace. */
    private Consumer<Map<String, Integer>> fill(Matrix matrix, Place place, Scale scale) {
        KernelWriter kernel = new KernelWriter(program, program.precision().element());
        String array = kernel.parameters().workspace(place.workspace(), "operand",
                scale == null ? program.precision().element() : "unsigned short");
        GatherWriter.bindBatch(kernel, matrix.batch());
        String name = program.kernelName("stage_" + matrix.name());
        Blocks blocks = scale == null ? fillPlain(kernel, matrix, place, array) : scale.workspace() == null
                ? fillHalves(kernel, matrix, place, array, scale) : fillHalvesByRow(kernel, matrix, place, array, scale);
        program.add(kernel.text(name, BLOCK, Comments.of("An operand of a contraction, padded with zeros",
                matrix.value().toString())));
        return integers -> program.launch(new LaunchPlan.Step(name, blocks.ofRows(), blocks.ofColumns(), BLOCK,
                kernel.parameters().arguments(integers)));
    }

    /** How many blocks there are along the rows and along the columns. */
    private record Blocks(int ofRows, int ofColumns) {}

    /** A block has a row and some of its columns. */
    private Blocks fillPlain(KernelWriter kernel, Matrix matrix, Place place, String array) {
        kernel.line("const int row = blockIdx.x;");
        Padding row = bindRow(kernel, matrix);
        kernel.open();
        String value = orZero(kernel, matrix, row);
        kernel.line("const long long place = static_cast<long long>(row) * %d + column%s;", place.stride(),
                place.offset() == 0 ? "" : " + " + place.offset() + "LL");
        kernel.line("%s[place] = %s;", array, value);
        return closeColumns(kernel, place.columns(), COLUMNS_OF_BLOCK, place.rows());
    }

    /**
     * A block has some rows, and a thread has all of these in its columns: neighbours load what lies beside each other, and what
     * depends on the pixel alone is loaded once.
     */
    private Blocks fillHalves(KernelWriter kernel, Matrix matrix, Place place, String array, Scale scale) {
        kernel.line("const int first_row = blockIdx.x * %d;", ROWS_OF_THREAD);
        kernel.line("const float scale_of_all = %s;", scale.value(kernel));
        kernel.open();
        Padding column = bindColumn(kernel, matrix);
        kernel.line("float scaled[%d];", ROWS_OF_THREAD);
        kernel.open();
        kernel.line("const int row = first_row + k;");
        Padding row = bindRow(kernel, matrix);
        // By 0 in the padding: there the row is what another one is.
        kernel.line("const float scale = %s;", row.inside().isEmpty() ? "scale_of_all"
                : String.join(" && ", row.inside()) + " ? scale_of_all : 0.0f");
        kernel.line("scaled[k] = %s * scale;", orZero(kernel, matrix, new Padding(row.within(), List.of()), column));
        kernel.closeUnrolled(0, "for (int k = 0; k < %d; ++k)", ROWS_OF_THREAD);
        kernel.line("unsigned short *const block = %s + (static_cast<long long>(column / 64) * %d + first_row) * 64;", array,
                place.rows());
        kernel.line("mcrc_store_rows(block, first_row, column, scaled, %s, %dLL);", kernel.parameters().products(),
                place.lowParts());
        return closeColumns(kernel, place.columns(), COLUMNS_OF_HALVES, place.rows() / ROWS_OF_THREAD);
    }

    /** Closes a loop over the columns of a block, in the variable {@code column}. */
    private static Blocks closeColumns(KernelWriter kernel, int columns, int columnsOfBlock, int blocksOfRows) {
        int blocks = Math.ceilDiv(columns, columnsOfBlock);
        if (blocks == 1) {
            kernel.close("for (unsigned column = threadIdx.x; column < %d; column += %d)", columns, BLOCK);
        } else {
            kernel.close("for (unsigned column = blockIdx.y * %1$d + threadIdx.x;"
                    + " column < %2$d && column < (blockIdx.y + 1) * %1$d; column += %3$d)", columnsOfBlock, columns, BLOCK);
        }
        return new Blocks(blocksOfRows, blocks);
    }

    /** A block has a row: it looks for the row's scale first. */
    private Blocks fillHalvesByRow(KernelWriter kernel, Matrix matrix, Place place, String array, Scale scale) {
        String element = program.precision().element();
        boolean kept = place.columns() <= MOST_KEPT;
        kernel.line("const int row = blockIdx.x;");
        Padding row = bindRow(kernel, matrix);
        if (kept) {
            kernel.line("__shared__ %s kept[%d];", element, place.columns());
        }
        kernel.line("%s greatest = 0.0f;", element);
        kernel.open();
        kernel.line("const unsigned column = first + threadIdx.x;");
        kernel.line("const %s value = %s;", element, orZero(kernel, matrix, row));
        if (kept) {
            kernel.line("kept[column] = value;");
        }
        kernel.line("greatest = mcrc_maximum(greatest, mcrc_abs(value));");
        kernel.closeUnrolled(LOADS_UNDER_WAY, "for (unsigned first = 0; first < %d; first += %d)", place.columns(), BLOCK);
        // Here all threads wait for each other.
        kernel.line("const float scale = mcrc_scale(static_cast<float>(mcrc_block_maximum<%d>(greatest)));", BLOCK);
        kernel.line("if (threadIdx.x == 0) {");
        kernel.line("    %s[row] = 1.0f / scale;", kernel.parameters().workspace(scale.workspace(), "scales", "float"));
        kernel.line("}");
        kernel.open();
        kernel.line("float scaled[%d];", HALVES_OF_THREAD);
        kernel.open();
        kernel.line("const unsigned column = several + k;");
        kernel.line("scaled[k] = %s * scale;", kept ? "kept[column]" : orZero(kernel, matrix, row));
        kernel.closeUnrolled(0, "for (int k = 0; k < %d; ++k)", HALVES_OF_THREAD);
        kernel.line("const long long place = mcrc_place_of_half(row, several, %d);", place.rows());
        kernel.line("const unsigned long long high = mcrc_high_parts(scaled);");
        kernel.line("*reinterpret_cast<unsigned long long *>(%s + place) = high;", array);
        kernel.line("if (%s > 1) {", kernel.parameters().products());
        kernel.line("    *reinterpret_cast<unsigned long long *>(%s + place + %dLL) = mcrc_low_parts(scaled, high);", array,
                place.lowParts());
        kernel.line("}");
        kernel.close("for (unsigned several = %1$d * threadIdx.x; several < %2$d; several += %3$d)", HALVES_OF_THREAD,
                place.columns(), HALVES_OF_THREAD * BLOCK);
        return new Blocks(place.rows(), 1);
    }

    /** Binds the matrix's rows to the variable {@code row}. */
    private static Padding bindRow(KernelWriter kernel, Matrix matrix) {
        Padding row = Padding.of(kernel, "row", matrix.rowCount());
        kernel.bindFlat(matrix.rows(), row.within());
        return row;
    }

    /**
     * The element in the row that is bound and in the column of the variable {@code column}, which has no sign, so that the
     * compiler sees where neighbours lie beside each other; or 0 in the padding. There a
     * neighbouring element is computed and not taken: a thread that asked first would wait for what it loads of one element
     * after the other.
     */
    private static String orZero(KernelWriter kernel, Matrix matrix, Padding row) {
        return orZero(kernel, matrix, row, bindColumn(kernel, matrix));
    }

    /** Binds the matrix's columns to the variable {@code column}. */
    private static Padding bindColumn(KernelWriter kernel, Matrix matrix) {
        if (matrix.columns().size() == 1) {
            kernel.runsThrough(matrix.columns().getFirst());
        }
        Padding column = matrix.chunk() == null ? Padding.of(kernel, "column", matrix.columnCount())
                : Padding.of(kernel, "column", matrix.chunk());
        kernel.bindFlat(matrix.columns(), column.within());
        return column;
    }

    private static String orZero(KernelWriter kernel, Matrix matrix, Padding row, Padding column) {
        List<String> inside = Stream.of(row, column).flatMap(each -> each.inside().stream()).toList();
        String value = kernel.emit(matrix.value());
        return inside.isEmpty() ? value : "(%s ? %s : %s)".formatted(String.join(" && ", inside), value, kernel.literal(0));
    }

    /**
     * The scale is the power of two by which the greatest value of all comes between 128 and 256. Of all pixels, also where
     * they are staged one part after another: what is multiplied is added up over the parts.
     */
    private Consumer<Map<String, Integer>> search(Matrix staged, Scale scale) {
        Matrix matrix = staged.chunk() == null ? staged : new Matrix(staged.name(), staged.batch(), staged.rows(),
                staged.columns(), staged.value(), Chunk.whole(staged.columns().getFirst()));
        long pieces = Math.ceilDiv(matrix.columnCount(), COLUMNS_OF_SEARCH);
        KernelWriter kernel = new KernelWriter(program, program.precision().element());
        String partial = kernel.parameters().workspace(NestWriter.PARTIAL, NestWriter.PARTIAL, "double");
        GatherWriter.bindBatch(kernel, matrix.batch());
        kernel.line("%s most = %s;", program.precision().element(), kernel.literal(0));
        kernel.open();
        kernel.line("const int row = static_cast<int>(piece / %d);", pieces);
        kernel.line("const unsigned begin = static_cast<unsigned>(piece %% %d) * %d;", pieces, COLUMNS_OF_SEARCH);
        Padding row = bindRow(kernel, matrix);
        kernel.open();
        kernel.line("const unsigned column = first + threadIdx.x;");
        kernel.line("most = mcrc_maximum(most, mcrc_abs(%s));", orZero(kernel, matrix, row));
        kernel.closeUnrolled(LOADS_UNDER_WAY, "for (unsigned first = begin; first < begin + %d && first < %d; first += %d)",
                COLUMNS_OF_SEARCH, matrix.columnCount(), BLOCK);
        kernel.close("for (long long piece = blockIdx.x; piece < %dLL; piece += %d)",
                Math.multiplyExact(matrix.rowCount(), pieces), SEARCHING_BLOCKS);
        kernel.line("double greatest = mcrc_block_maximum<%d>(most);", BLOCK);
        kernel.line("if (threadIdx.x == 0) {");
        kernel.line("    %s[blockIdx.x] = greatest;", partial);
        kernel.line("}");
        kernel.line("if (!mcrc_is_last(%s, %d)) {", NestWriter.counters(program, kernel, 1), SEARCHING_BLOCKS);
        kernel.line("    return;");
        kernel.line("}");
        kernel.line("greatest = 0.0;");
        kernel.line("for (int part = threadIdx.x; part < %d; part += %d) {", SEARCHING_BLOCKS, BLOCK);
        kernel.line("    greatest = mcrc_maximum(greatest, %s[part]);", partial);
        kernel.line("}");
        kernel.line("const float scale = mcrc_scale(static_cast<float>(mcrc_block_maximum<%d>(greatest)));", BLOCK);
        String found = kernel.parameters().workspace(SCALES, "scales", "float");
        kernel.line("if (threadIdx.x == 0) {");
        kernel.line("    %s[%d] = scale;", found, 2 * scale.number());
        kernel.line("    %s[%d] = 1.0f / scale;", found, 2 * scale.number() + 1);
        kernel.line("}");
        program.needWorkspace(NestWriter.PARTIAL, SEARCHING_BLOCKS * Double.BYTES);
        program.needWorkspace(SCALES, 2L * (scale.number() + 1) * Float.BYTES);
        String name = program.kernelName("scale_" + matrix.name());
        program.add(kernel.text(name, BLOCK, Comments.of("The scale of an operand of a contraction, by its greatest value",
                matrix.value().toString())));
        return integers -> {
            if (integers.get(Chunk.FIRST) == 0) {
                program.launch(new LaunchPlan.Step(name, SEARCHING_BLOCKS, 1, BLOCK, kernel.parameters().arguments(integers)));
            }
        };
    }
}
