package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.kernel.ChainedProduct;
import org.mcrc.compiler.kernel.Convolution;
import org.mcrc.compiler.kernel.Correlation;
import org.mcrc.compiler.kernel.Fold;
import org.mcrc.compiler.kernel.Gram;
import org.mcrc.compiler.kernel.Kernel;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Nest;
import org.mcrc.compiler.kernel.ReverseScan;
import org.mcrc.compiler.kernel.Scan;
import org.mcrc.compiler.kernel.Spectrum;
import org.mcrc.compiler.kernel.Sweep;
import org.mcrc.compiler.kernel.Wrap;

/** Prints a scheduled program as CUDA C++ and says what is launched. */
public final class CudaBackend {
    /** The first line of every source, by which a device knows that its own definitions are wanted: {@link #forCuda}. */
    public static final String DEVICE = "// device\n";

    /** The bytes that an operand of a contraction may take. */
    private static final long BUDGET = 256L << 20;

    /** The bytes that it may take where its pixels come chunk by chunk: with fewer the chunks' launches take longer. */
    private static final long BUDGET_OF_CHUNK = 128L << 20;

    private CudaBackend() {}

    /**
     * A printed program.
     *
     * @param text CUDA C++; begins with {@link #DEVICE}
     * @param plan what is launched to run it
     */
    public record Source(String text, LaunchPlan plan) {}

    /** A source as CUDA's compilers take it: below its heading are the definitions of the device that it uses. */
    public static String forCuda(String source) {
        String program = source.substring(DEVICE.length());
        int heading = 0;
        while (program.startsWith("//", heading)) {
            heading = program.indexOf('\n', heading) + 1;
        }
        return program.substring(0, heading) + "\n" + HelperFunctions.ofDevice(program)
                + program.substring(heading).stripLeading();
    }

    /** The kernels of a program in one precision. */
    public static Source print(KernelProgram kernels, CudaPrecision precision) {
        return print(kernels, precision, BUDGET);
    }

    /**
     * The same with a choice how much memory an operand of a contraction may take.
     *
     * @param budget bytes; a larger operand is produced and used one part of the pixels after another
     */
    public static Source print(KernelProgram kernels, CudaPrecision precision, long budget) {
        ProgramText program = new ProgramText(kernels, precision);
        Staging staging = new Staging(program);
        Tiling tiling = new Tiling(precision, budget, Math.min(budget, BUDGET_OF_CHUNK));
        Contractions contractions = new Contractions(new GramWriter(program, staging, tiling),
                new FoldWriter(program, staging, tiling));
        Map<String, List<LaunchPlan.Step>> phases = new LinkedHashMap<>();
        kernels.kernels().forEach((phase, list) -> phases.put(phase.name().toLowerCase(Locale.ROOT),
                program.launchesOf(() -> write(program, contractions, list))));
        IndexProgram index = kernels.index();
        TransferWriter transfers = new TransferWriter(program);
        Map<String, List<LaunchPlan.Step>> placing = new LinkedHashMap<>();
        given(index).forEach(tensor -> placing.put(tensor.name(), program.launchesOf(() -> transfers.place(tensor))));
        Map<String, List<LaunchPlan.Step>> taking = new LinkedHashMap<>();
        wanted(index).forEach(tensor -> taking.computeIfAbsent(tensor.name(),
                _ -> program.launchesOf(() -> transfers.take(tensor))));
        List<LaunchPlan.Step> losses = program.launchesOf(() -> transfers.takeLosses(index));
        List<LaunchPlan.Workspace> workspaces = program.workspaces().entrySet().stream()
                .map(each -> new LaunchPlan.Workspace(each.getKey(), each.getValue())).toList();
        String name = index.name();
        String text = DEVICE + Comments.heading(name, index.documentation()) + "\n" + HelperFunctions.of(program.text())
                + program.text().stripLeading();
        return new Source(text, new LaunchPlan(name + ".cu", workspaces, program.tables(), program.numbers(),
                phases, placing, taking, losses));
    }

    /** The writers of all contractions of a program, which share staged operands. */
    private record Contractions(GramWriter forward, FoldWriter reverse) {}

    /** The arrays whose values come from outside. */
    private static List<Tensor> given(IndexProgram index) {
        List<Tensor> given = new ArrayList<>();
        index.fields().forEach(field -> given.add(field.tensor()));
        index.data().forEach(data -> given.add(data.tensor()));
        given.addAll(index.targets());
        return given;
    }

    /** The arrays whose values are asked for; one may be both an output and a report. */
    private static List<Tensor> wanted(IndexProgram index) {
        List<Tensor> wanted = new ArrayList<>(index.gradients().values());
        index.outputs().forEach(output -> wanted.add(output.value()));
        index.reports().forEach(report -> wanted.add(report.value()));
        return wanted;
    }

    /**
     * Writes the kernels of a phase, in their order but for nests of one element, which wait until others need them, so that
     * there is one kernel for as many as possible. A nest fills the halo of its target too where that can be done at once.
     */
    private static void write(ProgramText program, Contractions contractions, List<Kernel> list) {
        List<Kernel> kernels = new ArrayList<>();
        for (Kernel kernel : list) {
            if (kernel instanceof Sweep sweep) {
                kernels.addAll(sweep.members());
            } else if (kernel instanceof ChainedProduct chain) {
                // An operand that is staged serves both anyway.
                kernels.addAll(chain.parts());
            } else {
                kernels.add(kernel);
            }
        }
        kernels.removeIf(CudaBackend::isEmpty);
        List<Nest> singles = new ArrayList<>();
        while (!kernels.isEmpty()) {
            Kernel kernel = kernels.removeFirst();
            if (kernel instanceof Nest nest && NestWriter.isSingle(nest)) {
                singles.add(nest);
                continue;
            }
            if (mustPrecede(singles, kernel)) {
                writeSingles(program, singles);
            }
            if (kernel instanceof Nest nest) {
                Wrap wrap = wrapOf(nest, kernels);
                if (new NestWriter(program).write(nest, wrap != null)) {
                    kernels.remove(wrap);
                }
            } else {
                write(program, contractions, kernel);
            }
        }
        writeSingles(program, singles);
    }

    private static void writeSingles(ProgramText program, List<Nest> singles) {
        if (!singles.isEmpty()) {
            new NestWriter(program).writeSingles(singles);
            singles.clear();
        }
    }

    /** Whether some of the nests have to be computed before a kernel. */
    private static boolean mustPrecede(List<Nest> nests, Kernel kernel) {
        Set<Tensor> computed = nests.stream().flatMap(nest -> nest.writes().stream()).collect(Collectors.toSet());
        Set<Tensor> read = nests.stream().flatMap(nest -> reads(nest).stream()).collect(Collectors.toSet());
        return switch (kernel) {
            case Nest _, Gram _, Fold _ -> reads(kernel).stream().anyMatch(computed::contains)
                    || kernel.writes().stream().anyMatch(tensor -> computed.contains(tensor) || read.contains(tensor));
            case Sweep _, Scan _, ChainedProduct _, ReverseScan _, Spectrum _, Correlation _, Convolution _, Wrap _ -> true;
        };
    }

    /** The tensors that the expressions of a kernel read. */
    private static Set<Tensor> reads(Kernel kernel) {
        return kernel.expressions().stream().flatMap(each -> Expressions.nodes(each).stream())
                .filter(Read.class::isInstance).map(each -> ((Read) each).tensor()).collect(Collectors.toSet());
    }

    /** What fills the halo of a nest's target, among the kernels behind it, if nothing changes the target before; or null. */
    private static Wrap wrapOf(Nest nest, List<Kernel> behind) {
        Tensor target = nest.definition().tensor();
        return behind.stream().filter(kernel -> kernel.writes().contains(target)).findFirst()
                .filter(Wrap.class::isInstance).map(Wrap.class::cast).orElse(null);
    }

    /** Whether there is nothing to compute, since an index has no values. */
    private static boolean isEmpty(Kernel kernel) {
        return switch (kernel) {
            case Fold fold -> Count.of(fold.batch()) * Count.of(fold.rows()) == 0
                    || fold.terms().stream().allMatch(term -> Count.of(term.inner()) == 0);
            case ReverseScan scan -> Count.of(scan.others()) == 0;
            case Nest _, Sweep _, Scan _, Gram _, ChainedProduct _, Spectrum _, Correlation _, Convolution _, Wrap _ ->
                    kernel.writes().getFirst().size() == 0;
        };
    }

    private static void write(ProgramText program, Contractions contractions, Kernel kernel) {
        switch (kernel) {
            case Nest _, Sweep _, ChainedProduct _ ->
                    throw new IllegalArgumentException("nests and products are written one by one");
            case Scan scan -> new ScanWriter(program).write(scan);
            case Gram gram -> contractions.forward().write(gram);
            case Fold fold -> contractions.reverse().write(new Fold(fold.z(), fold.batch(), fold.rows(), fold.pixel(),
                    fold.terms().stream().filter(term -> Count.of(term.inner()) > 0).toList(), fold.contributions(),
                    fold.comment()));
            case ReverseScan scan -> new ScanWriter(program).write(scan);
            case Spectrum spectrum -> new TransformWriter(program).write(spectrum);
            case Correlation correlation -> new TransformWriter(program).write(correlation);
            case Convolution convolution -> new TransformWriter(program).write(convolution);
            case Wrap wrap -> Halo.fill(program, wrap.target());
        }
    }
}
