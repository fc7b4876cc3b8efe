package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.syntax.Formatter;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cpu.CpuProgram;
import org.mcrc.runtime.engine.cuda.Cubin;
import org.mcrc.runtime.engine.cuda.CudaProgram;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.report.OutputFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mcrc compile FILE}. */
@Command(
        name = "compile",
        description = {
            "Writes what a descriptor compiles to: the kernels' source (NAME.java, for GPUs NAME.cu), their machine code"
                    + " (NAME.class, NAME.cubin, or NAME.ARCH.cubin for each of several generations of GPUs) and NAME.json,"
                    + " the manifest, which says all that is needed to run them.",
            "With --emit it prints a stage on the way instead.",
        },
        footer = {"", "Examples:", "  mcrc compile s2s3.mcr --size 64x64 --set P=16 -o build",
            "  mcrc compile s2s3.mcr --set P=3 --emit adjoint",
            "  mcrc compile s2s3.mcr --target cuda --arch sm_90"})
final class CompileCommand implements Callable<Integer> {
    /** What compilations can be for. */
    enum Target { CPU, CUDA }

    private static final String USUAL_ARCHITECTURE = "sm_90";

    @Mixin
    private HelpOption help;

    @Mixin
    private DescriptorOptions descriptor;

    @Option(names = "--size", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "Pixels along each axis, as 64x64. Without it: the first that will do.")
    private Extents size;

    @Option(names = "--target", paramLabel = "NAME", split = ",", defaultValue = "cpu",
            description = "What to compile for: cpu, cuda or both, as cpu,cuda (default: ${DEFAULT-VALUE}).")
    private List<Target> targets;

    @Option(names = "--arch", paramLabel = "NAME", split = ",",
            description = "The generations of GPU for which machine code is written: sm_75 (Turing), sm_80, sm_86 (Ampere),"
                    + " sm_89 (Ada), sm_90, sm_90a (Hopper), sm_120 (Blackwell). Without it: sm_90, where NVRTC is found.")
    private List<String> architectures;

    @Option(names = "--precision", paramLabel = "NAME", defaultValue = "single",
            description = "single, double or, for GPUs, mixed: on tensor cores, right to about 1e-5"
                    + " (default: ${DEFAULT-VALUE}).")
    private Precision precision;

    @Option(names = {"-o", "--output"}, paramLabel = "DIR", defaultValue = ".",
            description = "The folder to write into; it is made where there is none (default: this one).")
    private Path folder;

    @Option(names = "--emit", paramLabel = "STAGE",
            description = "Print a stage instead of writing files: syntax, bound, the name of a pass, java or cuda. 'all'"
                    + " prints every one; 'list' names them.")
    private String emit;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter messages = spec.commandLine().getErr();
        DescriptorLoader loader = DescriptorLoader.load(descriptor.file(), messages);
        BindResult bound = TrialBinding.find(loader, Optional.ofNullable(size).map(Extents::values), descriptor.phases(),
                descriptor.settings(), messages).bound();
        Map<String, String> stages = new LinkedHashMap<>();
        stages.put("syntax", Formatter.format(loader.file()));
        stages.put("bound", bound.program().toString());
        IndexProgram differentiated = Pipeline.differentiate(bound.program(),
                (name, stage) -> stages.put(stageName(name), stage.toString()));
        KernelProgram kernels = Pipeline.schedule(differentiated,
                (name, stage) -> stages.put(stageName(name), stage.toString()));
        if (emit != null) {
            return emit(stages, kernels, out);
        }
        write(kernels, loader.documentation(), out, messages);
        out.flush();
        return Main.DONE;
    }

    /** Where machine code cannot be had there is the source at least; an architecture that a compiler does not know is a fault. */
    private void write(KernelProgram kernels, Map<String, String> documentation, PrintWriter out, PrintWriter messages) {
        OutputFolder output = OutputFolder.open(folder, List.of());
        CudaProgram cuda = targets.contains(Target.CUDA) ? CudaProgram.of(kernels, precision, tensorCores()) : null;
        Map<String, Cubin> machineCode = new LinkedHashMap<>();
        InputError missing = null;
        try {
            compile(cuda, machineCode);
        } catch (InputError reason) {
            if (architectures != null && CudaProgram.hasCompiler()) {
                throw reason;
            }
            missing = reason;
        }
        List<Path> written = new ArrayList<>();
        output.commit(temporary -> write(temporary, kernels, documentation, cuda, machineCode, written));
        written.forEach(file -> out.println(folder.resolve(file.getFileName())));
        out.flush();
        if (missing != null && architectures != null) {
            throw missing;
        }
        if (missing != null) {
            messages.println("mcrc: no machine code was written: " + missing.getMessage());
            messages.flush();
        }
    }

    private void compile(CudaProgram cuda, Map<String, Cubin> machineCode) {
        if (cuda != null) {
            for (String architecture : architectures == null ? List.of(USUAL_ARCHITECTURE) : architectures) {
                machineCode.put(architecture, cuda.compile(architecture));
            }
        }
    }

    private void write(Path into, KernelProgram kernels, Map<String, String> documentation, CudaProgram cuda,
            Map<String, Cubin> machineCode, List<Path> written) {
        if (targets.contains(Target.CPU)) {
            CpuProgram cpu = CpuProgram.of(kernels, precision).documented(documentation);
            written.addAll(cpu.write(into));
            if (cuda != null) {
                written.add(cuda.writeSource(into));
                cuda.writeManifest(into, cpu.manifest().with(cuda.manifest().cuda()));
            }
        } else {
            written.add(cuda.writeSource(into));
            written.add(cuda.writeManifest(into, cuda.manifest().documented(documentation)));
        }
        machineCode.forEach((architecture, cubin) ->
                written.add(cuda.writeCubin(into, cubin, machineCode.size() == 1 ? "" : "." + architecture)));
    }

    /** One source serves all architectures that were asked for. */
    private boolean tensorCores() {
        return architectures == null || architectures.stream().allMatch(CudaProgram::hasTensorCores);
    }

    private static String stageName(String pass) {
        return pass.replaceAll("(?<=[a-z])(?=[A-Z])", "-").replace(' ', '-').toLowerCase(Locale.ROOT);
    }

    private int emit(Map<String, String> stages, KernelProgram kernels, PrintWriter out) {
        if (precision != Precision.MIXED) {
            stages.put("java", CpuProgram.of(kernels, precision).source());
        }
        stages.put("cuda", CudaProgram.of(kernels, precision, tensorCores()).cudaSource());
        List<String> names = new ArrayList<>(stages.keySet());
        if (emit.equals("list")) {
            names.forEach(out::println);
        } else if (emit.equals("all")) {
            stages.forEach((name, text) -> out.println("---- " + name + "\n" + text));
        } else if (stages.containsKey(emit)) {
            out.print(stages.get(emit));
        } else {
            throw new InputError("there is no stage '" + emit + "'", "the stages are " + String.join(", ", names));
        }
        out.flush();
        return Main.DONE;
    }
}
