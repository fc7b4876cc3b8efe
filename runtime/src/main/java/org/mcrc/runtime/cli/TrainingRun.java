package org.mcrc.runtime.cli;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.engine.Demand;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cpu.CpuProgram;

/**
 * What the launcher has the virtual machine do once after a build, to learn which classes later starts need: the way from a
 * descriptor to its loss, in one process. It stops before the Vector API, which an AOT cache cannot hold
 * ({@link org.mcrc.runtime.engine.cpu.VectorModule}): the evaluator stands in for the generated kernels.
 */
final class TrainingRun {
    private TrainingRun() {}

    /**
     * Runs the commands.
     *
     * @param arguments a descriptor that can be computed at 16x16, and a folder to write into
     */
    public static void main(String[] arguments) {
        String descriptor = arguments[0];
        Path folder = Path.of(arguments[1]);
        String image = folder.resolve("training.png").toString();
        String field = folder.resolve("training.npy").toString();
        String target = folder.resolve("training.npz").toString();
        List<List<String>> commands = List.of(
                List.of("--version"),
                List.of("evaluate", "--help"),
                List.of("check", descriptor),
                List.of("explain", descriptor, "--set", "P=2"),
                List.of("compile", descriptor, "--set", "P=2", "--size", "16x16", "-o", folder.toString()),
                List.of("sample", "disks", "--size", "16x16", "--radius", "4", "-o", image),
                List.of("sample", "disks", "--size", "16x16", "--radius", "4", "-o", field),
                List.of("characterize", descriptor, image, "--set", "P=2", "--backend", "evaluator", "-o", target),
                List.of("evaluate", descriptor, "--set", "P=2", "--backend", "evaluator", "--field", field,
                        "--target", target, "--gradient", folder.resolve("gradient.npy").toString(),
                        "--outputs", folder.resolve("outputs.npz").toString(), "--json"));
        PrintWriter nowhere = new PrintWriter(OutputStream.nullOutputStream());
        PrintWriter messages = new PrintWriter(System.err, true);
        int status = commands.stream().mapToInt(command -> Main.run(nowhere, messages, command.toArray(String[]::new)))
                .max().orElse(Main.DONE);
        // Compiled, then read back as later starts read it.
        IndexProgram program = DescriptorLoader.load(Path.of(descriptor), messages).bind(List.of(16, 16),
                DescriptorOptions.TWO_PHASES, Map.of("P", 2.0), messages).program();
        CpuProgram.of(program, Demand.GRADIENT, Precision.SINGLE);
        CpuProgram.of(program, Demand.GRADIENT, Precision.SINGLE);
        System.exit(status);
    }
}
