package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.RunningReduction;
import org.mcrc.compiler.kernel.Fold;
import org.mcrc.compiler.kernel.ReverseScan;
import org.mcrc.compiler.kernel.Scan;

/** Writes running reductions and their adjoints: a thread goes with its pixel through all steps. */
final class ScanWriter {
    private static final int BLOCK = NestWriter.BLOCK;
    private static final int WARP = 32;

    private final ProgramText program;

    ScanWriter(ProgramText program) {
        this.program = program;
    }

    /** Each step's values are summed within a warp, and the sums of the warps in a fixed order. */
    void write(Scan scan) {
        int pixels = scan.pixel().domain().size();
        int blocks = Math.ceilDiv(pixels, BLOCK);
        int warps = blocks * BLOCK / WARP;
        long others = ProgramText.size(scan.others());
        IntegerDomain along = (IntegerDomain) scan.along().domain();
        KernelWriter kernel = new KernelWriter(program, program.precision().element());
        String partial = kernel.workspace(NestWriter.PARTIAL, NestWriter.PARTIAL, "double");
        kernel.line("const int thread = blockIdx.x * %d + threadIdx.x;", BLOCK);
        kernel.line("const bool inside = thread < %d;", pixels);
        kernel.line("const int place = inside ? thread : 0;");
        kernel.bindFlat(List.of(scan.pixel()), "place");
        if (!scan.others().isEmpty()) {
            kernel.line("const int other = blockIdx.y;");
            kernel.bindFlat(scan.others(), "other");
        }
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
        kernel.line("%s[(%sstep - %d) * %d + thread / %d] = total;", partial,
                scan.others().isEmpty() ? "" : "other * " + along.size() + " + ", along.low(), warps, WARP);
        kernel.close("if (thread %% %d == 0)", WARP);
        kernel.close("for (int step = %d; step <= %d; ++step)", along.low(), along.high());
        String name = program.kernelName("scan_" + scan.definition().name());
        program.add(kernel.text(name, BLOCK, Comments.of(scan.definition().comment(), scan.formula())));
        program.launch(new LaunchPlan.Step(name, blocks, Math.toIntExact(others), 1, BLOCK, 0, kernel.arguments()));
        program.needWorkspace(NestWriter.PARTIAL, others * along.size() * warps * Double.BYTES);
        combine(scan, warps, along);
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
        kernel.line("total += %s[element * %d + warp];",
                kernel.workspace(NestWriter.PARTIAL, NestWriter.PARTIAL, "const double"), warps);
        kernel.close("for (int warp = threadIdx.x; warp < %d; warp += %d)", warps, BLOCK);
        kernel.line("total = mcrc_block_sum<%d>(total);", BLOCK);
        kernel.open();
        String address = kernel.address(program.storage(scan.definition().tensor()).address(
                scan.definition().axes().stream().map(IndexForm::of).toList()));
        kernel.line("%s[%s] = total;", kernel.writtenArray(scan.definition().tensor()), address);
        kernel.close("if (threadIdx.x == 0)");
        String name = program.kernelName("combine_" + scan.definition().name());
        program.add(kernel.text(name, BLOCK, Comments.of("", scan.definition().name() + " of the sums of warps")));
        program.launch(new LaunchPlan.Step(name, Math.toIntExact(scan.definition().tensor().size()), 1, 1, BLOCK, 0,
                kernel.arguments()));
    }

    /** The workspace holds the products before each step, then the adjoints of the factors. */
    void write(ReverseScan scan) {
        int pixels = scan.pixel().domain().size();
        long others = ProgramText.size(scan.others());
        IntegerDomain steps = (IntegerDomain) scan.step().domain();
        long elements = Math.multiplyExact(others, pixels);
        KernelWriter kernel = new KernelWriter(program, program.precision().element());
        String z = kernel.workspace(ContractionWriter.Z, "z", program.precision().element());
        String element = NestWriter.openElements(kernel, elements);
        List<Index> order = new ArrayList<>(scan.others());
        order.add(scan.pixel());
        kernel.bindFlat(order, element);
        kernel.line("const int place = %s;", kernel.integer(IndexForm.position(scan.others())
                .times(steps.size() * pixels).plus(IndexForm.position(List.of(scan.pixel())))));
        kernel.line("%s before = %s;", kernel.numberType(), kernel.literal(1));
        kernel.open();
        kernel.bindFinite(scan.step(), "step");
        kernel.line("%s[place + (step - %d) * %d] = before;", z, steps.low(), pixels);
        kernel.line("before *= %s;", kernel.emit(scan.factor()));
        kernel.close("for (int step = %d; step <= %d; ++step)", steps.low(), steps.high());
        kernel.line("%s carried = %s;", kernel.numberType(), kernel.literal(0));
        kernel.open();
        kernel.bindFinite(scan.step(), "step");
        kernel.line("const %s after = %s + carried;", kernel.numberType(), kernel.emit(scan.seedAtStep()));
        kernel.line("%s[place + (step - %d) * %d] *= after;", z, steps.low(), pixels);
        kernel.line("carried = %s * after;", kernel.emit(scan.factor()));
        kernel.close("for (int step = %d; step >= %d; --step)", steps.high(), steps.low());
        String name = program.kernelName("reverse_" + scan.z().tensor().name());
        program.add(kernel.text(name, BLOCK, Comments.of(scan.comment(), scan.formula())));
        program.launchForEach(name, elements, BLOCK, kernel.arguments());
        program.needWorkspace(ContractionWriter.Z, elements * steps.size() * program.precision().bytes());
        List<Index> rows = new ArrayList<>(scan.others());
        rows.add(scan.step());
        List<Fold.Contribution> contributions = scan.contributions();
        new GatherWriter(program).write(new GatherWriter.Gather(scan.z(), List.of(), rows, scan.pixel(), contributions,
                Collections.nCopies(contributions.size(), ContractionWriter.Z), new ZElements(pixels, 1, 0),
                Chunk.whole(scan.pixel()))).forEach(launches -> launches.accept(Map.of()));
    }
}
