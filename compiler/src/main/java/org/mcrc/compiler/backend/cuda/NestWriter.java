package org.mcrc.compiler.backend.cuda;

import java.util.List;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.kernel.Nest;
import org.mcrc.compiler.kernel.Storage;

/**
 * Writes loops around one expression: a thread for each element, or, where elements are few and terms many, one or more
 * blocks for each, whose partial results are combined in a fixed order.
 */
final class NestWriter {
    static final int BLOCK = 256;

    /** With fewer terms than this a thread adds them up alone. */
    private static final long LEAST_TERMS = 128;

    /** With more elements than this there are threads enough. */
    private static final long MOST_ELEMENTS = 1 << 17;

    /** Blocks that fill any device. */
    private static final long ENOUGH_BLOCKS = 512;

    /** Terms for each thread below which it does not pay to divide them among more blocks. */
    private static final long TERMS_PER_THREAD = 8;

    /** The workspace of partial results. */
    static final String PARTIAL = "partial";

    private final ProgramText program;

    NestWriter(ProgramText program) {
        this.program = program;
    }

    void write(Nest nest) {
        Definition definition = nest.definition();
        Reduce reduction = nest.reduction();
        long terms = reduction == null ? 1 : ProgramText.size(reduction.indices());
        boolean position = reduction != null && (reduction.operator() == ReductionOperator.ARGMAX
                || reduction.operator() == ReductionOperator.ARGMIN);
        if (terms >= LEAST_TERMS && definition.tensor().size() <= MOST_ELEMENTS && !position) {
            byBlocks(definition, reduction, terms);
        } else {
            byThreads(definition, terms);
        }
    }

    private void byThreads(Definition definition, long terms) {
        long elements = definition.tensor().size();
        KernelWriter kernel = new KernelWriter(program, program.numberType(Math.multiplyExact(elements, terms)));
        String element = openElements(kernel, elements);
        kernel.bindFlat(ProgramText.inMemory(definition.axes()), element);
        String value = kernel.emit(definition.body());
        kernel.line("%s[%s] = %s;", kernel.writtenArray(definition.tensor()), address(kernel, definition), value);
        String name = program.kernelName("compute_" + definition.name());
        program.add(kernel.text(name, BLOCK, Comments.of(definition.comment(), definition.toString())));
        program.launchForEach(name, elements, BLOCK, kernel.arguments());
    }

    /** The number of the thread's element, of which there are so many, in a variable; further threads end. */
    static String openElements(KernelWriter kernel, long elements) {
        String element = kernel.fresh("element");
        kernel.line("const int %s = blockIdx.x * %d + threadIdx.x;", element, BLOCK);
        kernel.line("if (%s >= %d) {", element, elements);
        kernel.line("    return;");
        kernel.line("}");
        return element;
    }

    private String address(KernelWriter kernel, Definition definition) {
        Storage storage = program.storage(definition.tensor());
        return definition.axes().isEmpty() ? "0" : kernel.address(storage.address(
                definition.axes().stream().map(IndexForm::of).toList()));
    }

    private void byBlocks(Definition definition, Reduce reduction, long terms) {
        long elements = definition.tensor().size();
        int parts = Math.toIntExact(Math.clamp(Math.ceilDiv(terms, BLOCK * TERMS_PER_THREAD), 1,
                Math.ceilDiv(ENOUGH_BLOCKS, elements)));
        KernelWriter kernel = new KernelWriter(program, program.numberType(Math.multiplyExact(elements, terms)));
        List<Index> axes = ProgramText.inMemory(definition.axes());
        if (!axes.isEmpty()) {
            kernel.line("const int element = blockIdx.x;");
            kernel.bindFlat(axes, "element");
        }
        kernel.line("double total = %s;", start(reduction.operator()));
        kernel.open();
        kernel.bindFlat(ProgramText.inMemory(reduction.indices()), "term");
        boolean guarded = !Expressions.isAlways(reduction.guard());
        String guard = guarded ? kernel.emit(reduction.guard()) : null;
        if (guarded) {
            kernel.open();
        }
        kernel.line("total = %s;", Reductions.combined(reduction.operator(), "total",
                "static_cast<double>(" + kernel.emit(reduction.body()) + ")"));
        if (guarded) {
            kernel.close("if (%s)", guard);
        }
        kernel.close("for (int term = blockIdx.y * %1$d + threadIdx.x; term < %2$d; term += %3$d)", BLOCK, terms,
                BLOCK * parts);
        kernel.line("total = %s<%d>(total);", Reductions.ofBlock(reduction.operator()), BLOCK);
        kernel.open();
        if (parts == 1) {
            kernel.line("%s[%s] = %s;", kernel.writtenArray(definition.tensor()), address(kernel, definition),
                    narrowed(definition, "total"));
        } else {
            kernel.line("%s[%sblockIdx.y] = total;", kernel.workspace(PARTIAL, PARTIAL, "double"),
                    axes.isEmpty() ? "" : "element * " + parts + " + ");
        }
        kernel.close("if (threadIdx.x == 0)");
        String name = program.kernelName((parts == 1 ? "compute_" : "partial_") + definition.name());
        program.add(kernel.text(name, BLOCK, Comments.of(definition.comment(), definition.toString())));
        program.launch(new LaunchPlan.Step(name, Math.toIntExact(elements), parts, 1, BLOCK, 0, kernel.arguments()));
        if (parts > 1) {
            program.needWorkspace(PARTIAL, Math.multiplyExact(elements, parts) * Double.BYTES);
            combine(definition, reduction.operator(), parts);
        }
    }

    /** Combines the partial results of every element in their order. */
    void combine(Definition definition, ReductionOperator operator, int parts) {
        KernelWriter kernel = new KernelWriter(program, "double");
        List<Index> axes = ProgramText.inMemory(definition.axes());
        if (!axes.isEmpty()) {
            kernel.line("const int element = blockIdx.x;");
            kernel.bindFlat(axes, "element");
        }
        kernel.line("double total = %s;", start(operator));
        kernel.open();
        kernel.line("total = %s;", Reductions.combined(operator, "total", kernel.workspace(PARTIAL, PARTIAL, "const double")
                + "[" + (axes.isEmpty() ? "" : "element * " + parts + " + ") + "part]"));
        kernel.close("for (int part = threadIdx.x; part < %d; part += %d)", parts, BLOCK);
        kernel.line("total = %s<%d>(total);", Reductions.ofBlock(operator), BLOCK);
        kernel.open();
        kernel.line("%s[%s] = %s;", kernel.writtenArray(definition.tensor()), address(kernel, definition),
                narrowed(definition, "total"));
        kernel.close("if (threadIdx.x == 0)");
        String name = program.kernelName("combine_" + definition.name());
        program.add(kernel.text(name, BLOCK, Comments.of("", definition.name() + " of its parts")));
        program.launch(new LaunchPlan.Step(name, Math.toIntExact(definition.tensor().size()), 1, 1, BLOCK, 0,
                kernel.arguments()));
    }

    private String narrowed(Definition definition, String code) {
        String type = program.elementType(definition.tensor());
        return type.equals("double") ? code : "static_cast<" + type + ">(" + code + ")";
    }

    static String start(ReductionOperator operator) {
        double start = Reductions.start(operator);
        return Double.isInfinite(start) ? start > 0 ? "mcrc_infinity()" : "-mcrc_infinity()" : String.valueOf(start);
    }
}
