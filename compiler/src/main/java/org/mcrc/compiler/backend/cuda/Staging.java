package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
    /** Rows and columns are multiples of this: of every tile. */
    static final int PADDING = 128;

    private static final int BLOCK = NestWriter.BLOCK;

    /** The blocks of the search for the greatest value. */
    private static final int SEARCHING_BLOCKS = 512;

    private final ProgramText program;
    private final Map<Key, Operand> staged = new HashMap<>();
    private final Map<Domain, List<Index>> canonical = new HashMap<>();
    private int scales;
    private int operands;

    Staging(ProgramText program) {
        this.program = program;
    }

    /** An expression at canonical indices, and how it is staged. */
    private record Key(Expression value, List<Domain> rows, List<Domain> columns, boolean halves) {}

    /**
     * A staged operand.
     *
     * @param workspace where it lies
     * @param rows how many rows it has with the padding; stride the length of a row
     * @param halves whether it consists of high and low parts in half precision, {@code rows * stride} apart
     * @param scale by which its halves are multiplied; null where it has none
     * @param launches what stages it, for the integers of a launch; empty where it is there already
     */
    record Operand(String workspace, int rows, int stride, boolean halves, Scale scale,
            List<Consumer<Map<String, Integer>>> launches) {
        long lowParts() {
            return (long) rows * stride;
        }

        private Operand again() {
            return new Operand(workspace, rows, stride, halves, scale, List.of());
        }
    }

    static int padded(long size) {
        return Math.toIntExact(Math.ceilDiv(size, PADDING) * PADDING);
    }

    /**
     * An operand whose columns are pixels.
     *
     * @param batch the indices whose values the launch gives
     */
    Operand ofPixels(String name, List<Index> batch, List<Index> rows, Index pixel, Expression value, boolean halves,
            Chunk chunk) {
        return stage(name, batch, rows, List.of(pixel), value, halves, chunk);
    }

    /** A matrix without pixels. */
    Operand ofMatrix(String name, List<Index> batch, List<Index> rows, List<Index> columns, Expression value,
            boolean halves) {
        return stage(name, batch, rows, columns, value, halves, null);
    }

    private Operand stage(String name, List<Index> batch, List<Index> rows, List<Index> columns, Expression value,
            boolean halves, Chunk chunk) {
        boolean shared = batch.isEmpty() && chunk != null && chunk.isWhole();
        Key key = new Key(atCanonical(rows, columns, value), domains(rows), domains(columns), halves);
        if (shared && staged.containsKey(key)) {
            return staged.get(key).again();
        }
        long columnCount = chunk == null ? ProgramText.size(columns) : chunk.size();
        int paddedRows = padded(ProgramText.size(rows));
        int stride = padded(columnCount);
        // Operands that others may use later keep their workspace; others share theirs.
        String workspace = shared ? "operand_" + ++operands : chunk == null ? "matrix" : "panel" + (halves ? "_halves" : "");
        if (!shared && chunk != null) {
            workspace += "_" + name.substring(name.lastIndexOf('_') + 1);
        }
        int bytes = halves ? 2 * Short.BYTES : program.precision().bytes();
        program.needWorkspace(workspace, Math.multiplyExact((long) paddedRows * stride, bytes));
        List<Consumer<Map<String, Integer>>> launches = new ArrayList<>();
        Scale scale = halves ? Scale.of(scales++, program.magnitude(value)) : null;
        if (halves && !scale.isKnown()) {
            launches.addAll(scale(name, batch, rows, columns, value, chunk, scale));
        }
        launches.add(fill(name, batch, rows, columns, value, chunk, workspace, paddedRows, stride, scale));
        Operand operand = new Operand(workspace, paddedRows, stride, halves, scale, launches);
        if (shared) {
            staged.put(key, operand);
        }
        return operand;
    }

    private static List<Domain> domains(List<Index> indices) {
        return indices.stream().map(Index::domain).toList();
    }

    private Expression atCanonical(List<Index> rows, List<Index> columns, Expression value) {
        Map<Index, List<IndexForm>> renaming = new HashMap<>();
        Map<Domain, Integer> used = new HashMap<>();
        List<Index> all = new ArrayList<>(rows);
        all.addAll(columns);
        for (Index index : all) {
            List<Index> known = canonical.computeIfAbsent(index.domain(), _ -> new ArrayList<>());
            int position = used.merge(index.domain(), 1, Integer::sum) - 1;
            while (known.size() <= position) {
                known.add(new Index("c", index.domain()));
            }
            renaming.put(index, IndexForm.of(known.get(position)));
        }
        return Expressions.substitute(value, renaming);
    }

    private Consumer<Map<String, Integer>> fill(String name, List<Index> batch, List<Index> rows, List<Index> columns,
            Expression value, Chunk chunk, String workspace, int paddedRows, int stride, Scale scale) {
        String element = program.precision().element();
        KernelWriter kernel = new KernelWriter(program, element);
        String array = kernel.workspace(workspace, "operand", scale == null ? element : "unsigned short");
        GatherWriter.bindBatch(kernel, batch);
        kernel.line("const int row = blockIdx.x;");
        kernel.line("const int column = blockIdx.y * %d + threadIdx.x;", BLOCK);
        kernel.line("if (column >= %d) {", stride);
        kernel.line("    return;");
        kernel.line("}");
        String result = kernel.fresh("result");
        kernel.line("%s %s = %s;", element, result, kernel.literal(0));
        kernel.open();
        bind(kernel, rows, columns, chunk);
        kernel.line("%s = %s;", result, kernel.emit(value));
        kernel.close("if (%s)", inside(kernel, rows, columns, chunk));
        kernel.line("const long long place = static_cast<long long>(row) * %d + column;", stride);
        if (scale == null) {
            kernel.line("%s[place] = %s;", array, result);
        } else {
            kernel.line("const float scaled = %s * %s;", result, scale.value(kernel));
            kernel.line("const unsigned short high = mcrc_to_half(scaled);");
            kernel.line("%s[place] = high;", array);
            kernel.open();
            kernel.line("%s[place + %dLL] = mcrc_to_half(scaled - mcrc_from_half(high));", array,
                    (long) paddedRows * stride);
            kernel.close("if (%s > 1)", kernel.productsParameter());
        }
        String kernelName = program.kernelName("stage_" + name);
        program.add(kernel.text(kernelName, BLOCK, Comments.of("An operand of a contraction, padded with zeros",
                value.toString())));
        return integers -> program.launch(new LaunchPlan.Step(kernelName, paddedRows, Math.ceilDiv(stride, BLOCK), 1,
                BLOCK, 0, kernel.arguments(integers)));
    }

    private static void bind(KernelWriter kernel, List<Index> rows, List<Index> columns, Chunk chunk) {
        kernel.bindFlat(rows, "row");
        if (chunk == null) {
            kernel.bindFlat(columns, "column");
        } else {
            kernel.line("const int place_of_pixel = %s;", chunk.place(kernel, "column"));
            kernel.bindFlat(columns, "place_of_pixel");
        }
    }

    private static String inside(KernelWriter kernel, List<Index> rows, List<Index> columns, Chunk chunk) {
        long columnCount = chunk == null ? ProgramText.size(columns) : chunk.size();
        String text = "row < " + ProgramText.size(rows) + " && column < " + columnCount;
        return chunk != null && chunk.isRagged() ? text + " && " + chunk.place(kernel, "column") + " < " + chunk.total()
                : text;
    }

    /** The scale is the power of two by which the greatest value comes between 128 and 256. */
    private List<Consumer<Map<String, Integer>>> scale(String name, List<Index> batch, List<Index> rows,
            List<Index> columns, Expression value, Chunk chunk, Scale scale) {
        long columnCount = chunk == null ? ProgramText.size(columns) : chunk.size();
        long elements = Math.multiplyExact(ProgramText.size(rows), columnCount);
        KernelWriter kernel = new KernelWriter(program, program.precision().element());
        String partial = kernel.workspace(NestWriter.PARTIAL, NestWriter.PARTIAL, "double");
        GatherWriter.bindBatch(kernel, batch);
        kernel.line("double greatest = 0.0;");
        kernel.open();
        kernel.line("const int row = static_cast<int>(element / %d);", columnCount);
        kernel.line("const int column = static_cast<int>(element %% %d);", columnCount);
        kernel.open();
        bind(kernel, rows, columns, chunk);
        kernel.line("greatest = mcrc_maximum(greatest, static_cast<double>(mcrc_abs(%s)));", kernel.emit(value));
        kernel.close("if (%s)", inside(kernel, rows, columns, chunk));
        kernel.close("for (long long element = blockIdx.x * %1$dLL + threadIdx.x; element < %2$dLL; element += %3$dLL)",
                BLOCK, elements, (long) BLOCK * SEARCHING_BLOCKS);
        kernel.line("greatest = mcrc_block_maximum<%d>(greatest);", BLOCK);
        kernel.line("if (threadIdx.x == 0) {");
        kernel.line("    %s[blockIdx.x] = greatest;", partial);
        kernel.line("}");
        String searching = program.kernelName("search_" + name);
        program.add(kernel.text(searching, BLOCK, Comments.of("The greatest absolute values",
                value.toString())));
        program.needWorkspace(NestWriter.PARTIAL, SEARCHING_BLOCKS * Double.BYTES);
        KernelWriter last = new KernelWriter(program, "double");
        last.line("double greatest = 0.0;");
        last.line("for (int part = threadIdx.x; part < %d; part += %d) {", SEARCHING_BLOCKS, BLOCK);
        last.line("    greatest = mcrc_maximum(greatest, %s[part]);",
                last.workspace(NestWriter.PARTIAL, NestWriter.PARTIAL, "const double"));
        last.line("}");
        last.line("greatest = mcrc_block_maximum<%d>(greatest);", BLOCK);
        last.open();
        last.line("const float scale = mcrc_scale(static_cast<float>(greatest));");
        String scales = last.workspace(ContractionWriter.SCALES, "scales", "float");
        last.line("%s[%d] = scale;", scales, 2 * scale.number());
        last.line("%s[%d] = 1.0f / scale;", scales, 2 * scale.number() + 1);
        last.close("if (threadIdx.x == 0)");
        String choosing = program.kernelName("scale_" + name);
        program.add(last.text(choosing, BLOCK, Comments.of("", "the scale of the operand " + name)));
        program.needWorkspace(ContractionWriter.SCALES, 2L * this.scales * Float.BYTES);
        return List.of(integers -> {
            program.launch(new LaunchPlan.Step(searching, SEARCHING_BLOCKS, 1, 1, BLOCK, 0, kernel.arguments(integers)));
            program.launch(new LaunchPlan.Step(choosing, 1, 1, 1, BLOCK, 0, last.arguments(integers)));
        });
    }
}
