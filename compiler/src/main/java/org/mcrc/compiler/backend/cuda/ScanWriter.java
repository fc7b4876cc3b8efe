package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.RunningReduction;
import org.mcrc.compiler.kernel.ReverseScan;
import org.mcrc.compiler.kernel.Scan;

/** Writes running reductions and their adjoints: a thread goes with its pixel through all steps. */
final class ScanWriter {
    private static final int BLOCK = NestWriter.BLOCK;
    private static final int WARP = 32;

    /** Blocks that fill any device twice: with more pixels threads take several, and the sums of warps stay few. */
    private static final int MOST_BLOCKS = 2048;

    /** The bytes that the adjoints of factors may take; with more, pixels are taken chunk by chunk. */
    private static final long BUDGET = 1L << 30;

    private final ProgramText program;

    ScanWriter(ProgramText program) {
        this.program = program;
    }

    /** Each step's values are summed within a warp, and the sums of the warps in a fixed order. */
    void write(Scan scan) {
        int pixels = scan.pixel().domain().size();
        int blocks = Math.min(MOST_BLOCKS, Math.ceilDiv(pixels, BLOCK));
        boolean several = blocks < Math.ceilDiv(pixels, BLOCK);
        int warps = blocks * BLOCK / WARP;
        long others = Count.of(scan.others());
        IntegerDomain along = (IntegerDomain) scan.along().domain();
        KernelWriter kernel = new KernelWriter(program, program.precision().element());
        String partial = kernel.parameters().workspace(NestWriter.PARTIAL, NestWriter.PARTIAL, "double");
        kernel.line("const int thread = blockIdx.x%s * %d + threadIdx.x;", others == 1 ? "" : " % " + blocks, BLOCK);
        if (!scan.others().isEmpty()) {
            kernel.line("const int other = blockIdx.x / %d;", blocks);
            kernel.bindFlat(scan.others(), "other");
        }
        String pixel = "thread";
        if (several) {
            kernel.open();
            pixel = "origin + thread";
        }
        kernel.line("const bool inside = %s < %d;", pixel, pixels);
        kernel.line("const int place = inside ? %s : 0;", pixel);
        kernel.bindFlat(List.of(scan.pixel()), "place");
        Map<RunningReduction, String> variables = new LinkedHashMap<>();
        for (RunningReduction each : scan.running()) {
            String variable = kernel.fresh("running");
            variables.put(each, variable);
            kernel.line("%s %s = %s;", kernel.numberType(), variable, kernel.literal(
                    Reductions.start(each.reduction().operator())));
            before(kernel, each, variable);
        }
        kernel.open();
        kernel.bindFinite(scan.along(), "step");
        variables.forEach((each, variable) -> {
            kernel.line("%s = %s;", variable, Reductions.combined(each.reduction().operator(), variable,
                    kernel.emit(each.term())));
            kernel.provide(each.reduction(), variable);
        });
        String value = kernel.emit(scan.value());
        kernel.line("const double total = mcrc_warp_sum(inside ? static_cast<double>(%s) : 0.0);", value);
        kernel.open();
        String sum = "%s[(%sstep - %d) * %s + thread / %d]".formatted(partial,
                scan.others().isEmpty() ? "" : "other * " + along.size() + " + ", along.low(), stride(scan, along, warps),
                WARP);
        if (several) {
            kernel.line("double &sum = %s;", sum);
            kernel.line("sum = origin == 0 ? total : sum + total;");
        } else {
            kernel.line("%s = total;", sum);
        }
        kernel.close("if (thread %% %d == 0)", WARP);
        kernel.close("for (int step = %d; step <= %d; ++step)", along.low(), along.high());
        if (several) {
            kernel.close("for (int origin = 0; origin < %d; origin += %d)", pixels, blocks * BLOCK);
        }
        String name = program.kernelName("scan_" + scan.definition().name());
        program.add(kernel.text(name, BLOCK, Comments.of(scan.definition().comment(), scan.formula())));
        program.launch(new LaunchPlan.Step(name, Math.toIntExact(blocks * others), 1, BLOCK,
                kernel.parameters().arguments()));
        program.needWorkspace(NestWriter.PARTIAL, others * along.size() * warps * Double.BYTES);
        combine(scan, warps, along);
    }

    /** How far the sums of an element are from those of the next one, as a number that products with it fit into. */
    private static String stride(Scan scan, IntegerDomain along, int warps) {
        return Count.of(scan.others()) * along.size() * warps <= Integer.MAX_VALUE ? String.valueOf(warps) : warps + "LL";
    }

    /** The terms before the least value of the index along which a reduction runs. */
    private static void before(KernelWriter kernel, RunningReduction running, String variable) {
        IntegerDomain steps = (IntegerDomain) running.step().domain();
        if (steps.low() > running.lastBefore()) {
            return;
        }
        kernel.open();
        kernel.bindFinite(running.step(), "first");
        kernel.line("%s = %s;", variable, Reductions.combined(running.reduction().operator(), variable,
                kernel.emit(running.reduction().body())));
        kernel.close("for (int first = %d; first <= %d; ++first)", steps.low(),
                Math.min(steps.high(), running.lastBefore()));
    }

    private void combine(Scan scan, int warps, IntegerDomain along) {
        KernelWriter kernel = new KernelWriter(program, "double");
        List<Index> order = new ArrayList<>(scan.others());
        order.add(scan.along());
        kernel.line("const int element = blockIdx.x;");
        kernel.bindFlat(order, "element");
        kernel.line("double total = 0.0;");
        kernel.open();
        kernel.line("total += %s[element * %s + warp];",
                kernel.parameters().workspace(NestWriter.PARTIAL, NestWriter.PARTIAL, "const double"),
                stride(scan, along, warps));
        kernel.close("for (int warp = threadIdx.x; warp < %d; warp += %d)", warps, BLOCK);
        kernel.line("total = mcrc_block_sum<%d>(total);", BLOCK);
        kernel.open();
        String address = kernel.address(program.storage(scan.definition().tensor()).address(
                scan.definition().axes().stream().map(IndexForm::of).toList()));
        kernel.line("%s[%s] = total;", kernel.parameters().writtenArray(scan.definition().tensor()), address);
        kernel.close("if (threadIdx.x == 0)");
        String name = program.kernelName("combine_" + scan.definition().name());
        program.add(kernel.text(name, BLOCK, Comments.of(scan.definition().name() + ": adds up the sums of the warps", "")));
        program.launch(new LaunchPlan.Step(name, Math.toIntExact(scan.definition().tensor().size()), 1, BLOCK,
                kernel.parameters().arguments()));
    }

    /**
     * The adjoint of running products: for each pixel up through the steps, then down. The workspace holds the products
     * before each step, then the adjoints of the factors, for a chunk of the pixels.
     */
    void write(ReverseScan scan) {
        int pixels = scan.pixel().domain().size();
        int others = Math.toIntExact(Count.of(scan.others()));
        IntegerDomain steps = (IntegerDomain) scan.step().domain();
        long rows = Math.multiplyExact((long) others, steps.size());
        long fitting = Math.max(BLOCK, BUDGET / (rows * program.precision().bytes()) / BLOCK * BLOCK);
        Chunk chunk = new Chunk((int) Math.min(pixels, fitting), pixels);
        int size = chunk.size();
        KernelWriter kernel = new KernelWriter(program, program.precision().element());
        String z = kernel.parameters().workspace(FoldWriter.Z, "z", program.precision().element());
        String element = NestWriter.openElements(kernel, Math.multiplyExact(others, size));
        kernel.line("const int column = %s %% %d;", element, size);
        if (others > 1) {
            kernel.line("const int other = %s / %d;", element, size);
        }
        if (!scan.others().isEmpty()) {
            kernel.bindFlat(scan.others(), others > 1 ? "other" : "0");
        }
        String pixel = chunk.placeInVariable(kernel, "column");
        if (chunk.isRagged()) {
            kernel.line("if (%s >= %d) {", pixel, pixels);
            kernel.line("    return;");
            kernel.line("}");
        }
        kernel.bindFlat(List.of(scan.pixel()), pixel);
        kernel.line("const long long place = %scolumn;", others == 1 ? "" : "other * " + (long) steps.size() * size
                + "LL + ");
        kernel.line("%s before = %s;", kernel.numberType(), kernel.literal(1));
        kernel.open();
        kernel.bindFinite(scan.step(), "step");
        kernel.line("%s[place + (step - %d) * %dLL] = before;", z, steps.low(), size);
        kernel.line("before *= %s;", kernel.emit(scan.factor()));
        kernel.close("for (int step = %d; step <= %d; ++step)", steps.low(), steps.high());
        kernel.line("%s carried = %s;", kernel.numberType(), kernel.literal(0));
        kernel.open();
        kernel.bindFinite(scan.step(), "step");
        kernel.line("const %s after = %s + carried;", kernel.numberType(), kernel.emit(scan.seedAtStep()));
        kernel.line("%s[place + (step - %d) * %dLL] *= after;", z, steps.low(), size);
        kernel.line("carried = %s * after;", kernel.emit(scan.factor()));
        kernel.close("for (int step = %d; step >= %d; --step)", steps.high(), steps.low());
        String name = program.kernelName("reverse_" + scan.z().tensor().name());
        program.add(kernel.text(name, BLOCK, Comments.of(scan.comment(), scan.formula())));
        program.needWorkspace(FoldWriter.Z, Math.multiplyExact(rows, size) * program.precision().bytes());
        List<Index> order = new ArrayList<>(scan.others());
        order.add(scan.step());
        List<GatherWriter.Source> sources = scan.contributions().stream()
                .<GatherWriter.Source>map(each -> new GatherWriter.Elements(each, FoldWriter.Z)).toList();
        List<Consumer<Map<String, Integer>>> gather = new GatherWriter(program).write(new GatherWriter.Gather(scan.z(),
                List.of(), order, scan.pixel(), sources, new ZElements(size, 1, 0), chunk));
        for (Map<String, Integer> integers : chunk.launches(List.of())) {
            program.launchForEach(name, (long) others * size, BLOCK, kernel.parameters().arguments(integers));
            gather.forEach(launches -> launches.accept(integers));
        }
    }
}
