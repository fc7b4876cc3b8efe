package org.mcrc.runtime.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.syntax.Formatter;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cpu.CpuProgram;
import org.mcrc.runtime.field.Extents;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mcrc compile FILE}. */
@Command(
        name = "compile",
        description = {
            "Writes what a descriptor compiles to: the kernels' source (NAME.java), their class (NAME.class) and NAME.json,"
                    + " the manifest, which says all that is needed to run them.",
            "With --emit it prints a stage on the way instead.",
        },
        footer = {"", "Examples:", "  mcrc compile s2s3.mcr --size 64x64 --set P=16 -o build",
            "  mcrc compile s2s3.mcr --set P=3 --emit adjoint"})
final class CompileCommand implements Callable<Integer> {
    /** What compilations can be for. */
    enum Target { CPU, CUDA }

    @Mixin
    private HelpOption help;

    @Mixin
    private DescriptorOptions descriptor;

    @Option(names = "--size", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "Pixels along each axis, as 64x64. Without it: the first that will do.")
    private Extents size;

    @Option(names = "--target", paramLabel = "NAME", split = ",", defaultValue = "cpu",
            description = "What to compile for: cpu (default: ${DEFAULT-VALUE}).")
    private List<Target> targets;

    @Option(names = "--precision", paramLabel = "NAME", defaultValue = "single",
            description = "single or double (default: ${DEFAULT-VALUE}).")
    private Precision precision;

    @Option(names = {"-o", "--output"}, paramLabel = "DIR", defaultValue = ".",
            description = "The folder to write into; it is made where there is none (default: this one).")
    private Path folder;

    @Option(names = "--emit", paramLabel = "STAGE",
            description = "Print a stage instead of writing files: syntax, bound, the name of a pass, or java. 'all' prints"
                    + " every one; 'list' names them.")
    private String emit;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter messages = spec.commandLine().getErr();
        if (targets.contains(Target.CUDA)) {
            throw new InputError("this mcrc compiles for the CPU only", "leave --target out, or say --target cpu");
        }
        DescriptorLoader loader = DescriptorLoader.load(descriptor.file(), messages);
        int phases = descriptor.phases().orElse(DescriptorOptions.TWO_PHASES);
        BindResult bound = size == null ? TrialBinding.find(loader, phases, descriptor.settings(), messages).bound()
                : loader.bind(size.values(), phases, descriptor.settings(), messages);
        Map<String, String> stages = new LinkedHashMap<>();
        stages.put("syntax", Formatter.format(loader.file()));
        stages.put("bound", bound.program().toString());
        IndexProgram differentiated = Pipeline.differentiate(bound.program(),
                (name, stage) -> stages.put(stageName(name), stage.toString()));
        KernelProgram kernels = Pipeline.schedule(differentiated,
                (name, stage) -> stages.put(stageName(name), stage.toString()));
        if (emit != null) {
            return emit(stages, CpuProgram.of(kernels, precision).source(), out);
        }
        makeFolder();
        for (Path written : CpuProgram.of(kernels, precision).write(folder)) {
            out.println(written);
        }
        out.flush();
        return Main.DONE;
    }

    private static String stageName(String pass) {
        return pass.replaceAll("(?<=[a-z])(?=[A-Z])", "-").replace(' ', '-').toLowerCase(java.util.Locale.ROOT);
    }

    private int emit(Map<String, String> stages, String java, PrintWriter out) {
        stages.put("java", java);
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

    private void makeFolder() {
        try {
            Files.createDirectories(folder);
        } catch (IOException failed) {
            throw new InputError("cannot make the folder " + folder + ": " + failed.getMessage());
        }
    }
}
