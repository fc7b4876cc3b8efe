package org.mcrc.compiler.backend.cuda;

import java.util.List;
import java.util.stream.Collectors;
import org.mcrc.compiler.index.Count;
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

    /** The workspace of counters of blocks: see {@link #counters}. */
    private static final String COUNTERS = "counters";

    /** The workspace of partial results. */
    static final String PARTIAL = "partial";

    private final ProgramText program;

    NestWriter(ProgramText program) {
        this.program = program;
    }

    /** Whether one thread is enough for a nest. */
    static boolean isSingle(Nest nest) {
        return nest.definition().tensor().size() == 1
                && (nest.reduction() == null || Count.of(nest.reduction().indices()) < LEAST_TERMS);
    }

    /** Nests of one element each, by one thread one after another: a launch for each would take longer than the work. */
    void writeSingles(List<Nest> nests) {
        KernelWriter kernel = new KernelWriter(program, "double");
        boolean several = nests.size() > 1;
        for (Nest nest : nests) {
            Definition definition = nest.definition();
            if (several) {
                Comments.of(definition).lines().forEach(line -> kernel.line("%s", line));
            }
            kernel.bindFlat(ProgramText.inMemory(definition.axes()), "0");
            String array = kernel.parameters().writtenArray(definition.tensor());
            String value = kernel.emitAlone(definition.body());
            kernel.line("%s[%s] = %s;", array, address(kernel, definition), value);
        }
        String name = program.kernelName("compute_" + nests.stream().map(nest -> nest.definition().name())
                .collect(Collectors.joining("_and_")));
        program.add(kernel.text(name, 1, several ? Comments.of("Numbers, one after another", "")
                : Comments.of(nests.getFirst().definition())));
        program.launch(new LaunchPlan.Step(name, 1, 1, 1, kernel.parameters().arguments()));
    }

    /**
     * Writes a nest.
     *
     * @param halo whether the halo of its target is to be filled too, where that is possible
     * @return whether it was
     */
    boolean write(Nest nest, boolean halo) {
        long terms = nest.reduction() == null ? 1 : Count.of(nest.reduction().indices());
        if (halo && terms < LEAST_TERMS && nest.definition().pixelAxis() != null) {
            withHalo(nest.definition(), terms);
            return true;
        }
        write(nest);
        return false;
    }

    /** A thread for each element of the stored array, those of the halo compute what is opposite. */
    private void withHalo(Definition definition, long terms) {
        Storage storage = program.storage(definition.tensor());
        long elements = Halo.elements(storage);
        KernelWriter kernel = new KernelWriter(program, program.numberType(Math.multiplyExact(elements, terms)));
        Halo.open(kernel, storage, definition.axes());
        String value = kernel.emitAlone(definition.body());
        kernel.line("%s[element] = %s;", kernel.parameters().writtenArray(definition.tensor()), value);
        String name = program.kernelName("compute_" + definition.name());
        program.add(kernel.text(name, BLOCK, Comments.of(definition)));
        program.launchForEach(name, elements, BLOCK, kernel.parameters().arguments());
    }

    private void write(Nest nest) {
        Definition definition = nest.definition();
        Reduce reduction = nest.reduction();
        long terms = reduction == null ? 1 : Count.of(reduction.indices());
        boolean position = reduction != null && (reduction.operator() == ReductionOperator.ARGMAX
                || reduction.operator() == ReductionOperator.ARGMIN);
        if (terms >= LEAST_TERMS && definition.tensor().size() <= MOST_ELEMENTS && !position) {
            byBlocks(definition, reduction, terms);
        } else {
            byThreads(definition, terms);
        }
    }

    /** A thread for each element. */
    private void byThreads(Definition definition, long terms) {
        long elements = definition.tensor().size();
        KernelWriter kernel = new KernelWriter(program, program.numberType(Math.multiplyExact(elements, terms)));
        String element = openElements(kernel, elements);
        kernel.bindFlat(ProgramText.inMemory(definition.axes()), element);
        String value = kernel.emitAlone(definition.body());
        kernel.line("%s[%s] = %s;", kernel.parameters().writtenArray(definition.tensor()), address(kernel, definition),
                value);
        String name = program.kernelName("compute_" + definition.name());
        program.add(kernel.text(name, BLOCK, Comments.of(definition)));
        program.launchForEach(name, elements, BLOCK, kernel.parameters().arguments());
    }

    /** Gives the number of the thread's element, of which there are so many, in a variable; further threads end. */
    static String openElements(KernelWriter kernel, long elements) {
        return openElements(kernel, String.valueOf(elements));
    }

    /** The same for as many elements as an expression says. */
    static String openElements(KernelWriter kernel, String elements) {
        kernel.line("const int element = blockIdx.x * %d + threadIdx.x;", BLOCK);
        kernel.line("if (element >= %s) {", elements);
        kernel.line("    return;");
        kernel.line("}");
        return "element";
    }

    /** The pointer to so many counters of the blocks that have come to an end, all 0 between kernels. */
    static String counters(ProgramText program, KernelWriter kernel, long count) {
        program.needWorkspace(COUNTERS, count * Integer.BYTES);
        return kernel.parameters().workspace(COUNTERS, COUNTERS, "unsigned");
    }

    private String address(KernelWriter kernel, Definition definition) {
        Storage storage = program.storage(definition.tensor());
        return definition.axes().isEmpty() ? "0" : kernel.address(storage.address(
                definition.axes().stream().map(IndexForm::of).toList()));
    }

    /** One or more blocks for each element; the last of them to end combines what all have. */
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
                "static_cast<double>(" + kernel.emitAlone(reduction.body()) + ")"));
        if (guarded) {
            kernel.close("if (%s)", guard);
        }
        // The number after the last one must be one, too.
        kernel.close("for (%4$s term = blockIdx.y * %1$d + threadIdx.x; term < %2$d; term += %3$d)", BLOCK, terms,
                BLOCK * parts, terms + BLOCK * parts <= Integer.MAX_VALUE ? "int" : "long long");
        kernel.line("total = %s<%d>(total);", Reductions.ofBlock(reduction.operator()), BLOCK);
        if (parts > 1) {
            String partial = kernel.parameters().workspace(PARTIAL, PARTIAL, "double");
            String place = axes.isEmpty() ? "" : "element * " + parts + " + ";
            kernel.line("if (threadIdx.x == 0) {");
            kernel.line("    %s[%sblockIdx.y] = total;", partial, place);
            kernel.line("}");
            kernel.line("if (!mcrc_is_last(%s%s, %d)) {", counters(program, kernel, elements),
                    axes.isEmpty() ? "" : " + element", parts);
            kernel.line("    return;");
            kernel.line("}");
            kernel.line("total = %s;", start(reduction.operator()));
            kernel.open();
            kernel.line("total = %s;", Reductions.combined(reduction.operator(), "total",
                    partial + "[" + place + "part]"));
            kernel.close("for (int part = threadIdx.x; part < %d; part += %d)", parts, BLOCK);
            kernel.line("total = %s<%d>(total);", Reductions.ofBlock(reduction.operator()), BLOCK);
            program.needWorkspace(PARTIAL, Math.multiplyExact(elements, parts) * Double.BYTES);
        }
        kernel.open();
        kernel.line("%s[%s] = %s;", kernel.parameters().writtenArray(definition.tensor()), address(kernel, definition),
                narrowed(definition, "total"));
        kernel.close("if (threadIdx.x == 0)");
        String name = program.kernelName("compute_" + definition.name());
        program.add(kernel.text(name, BLOCK, Comments.of(definition)));
        program.launch(new LaunchPlan.Step(name, Math.toIntExact(elements), parts, BLOCK,
                kernel.parameters().arguments()));
    }

    private String narrowed(Definition definition, String code) {
        String type = program.elementType(definition.tensor());
        return type.equals("double") ? code : "static_cast<" + type + ">(" + code + ")";
    }

    /** What a double-precision accumulator is before the first term. */
    private static String start(ReductionOperator operator) {
        double start = Reductions.start(operator);
        return Double.isInfinite(start) ? start > 0 ? "mcrc_infinity()" : "-mcrc_infinity()" : String.valueOf(start);
    }
}
