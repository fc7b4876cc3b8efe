package org.mcrc.runtime.engine.cpu;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Operations;
import org.mcrc.compiler.kernel.Phase;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.cli.DescriptorLoader;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cpu.support.Workers;

/**
 * Times an evaluation of loss and gradient, part by part, against copying: in single precision, with the least time of
 * each part in many rounds that take turns with the copy.
 *
 * <p>The yardstick is the time in which the same threads copy as many bytes between two arrays of floats as large as the
 * field: half of the bytes are read and half are written. The kernels' bytes are those that {@code mcrc explain} counts:
 * every stored array that a pass reads or writes, once. The engine's interface is counted apart: it reads 8 bytes and writes
 * 4 for each pixel of a field, and the other way round for a gradient.
 *
 * <p>Arguments: a descriptor file, the extents (as in {@code 4096x4096}), workers, rounds.
 */
public final class MemoryBenchmark {
    private MemoryBenchmark() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        List<Integer> extents = Arrays.stream(arguments[1].split("x")).map(Integer::valueOf).toList();
        PrintWriter messages = new PrintWriter(System.err, true);
        KernelProgram program = Pipeline.schedule(Pipeline.differentiate(DescriptorLoader.load(Path.of(arguments[0]),
                messages).bind(extents, 2, Map.of(), messages).program()));
        CpuProgram compiled = CpuProgram.of(program, Precision.SINGLE);
        try (Workers workers = new Workers(Integer.parseInt(arguments[2]))) {
            measure(program, compiled, workers, Integer.parseInt(arguments[3]));
        }
    }

    private static void measure(KernelProgram program, CpuProgram compiled, Workers workers, int rounds)
            throws ReflectiveOperationException {
        Manifest manifest = compiled.manifest();
        KernelMemory memory = new KernelMemory(manifest, workers);
        Class<? extends CpuKernels> type = KernelCompiler.load(manifest.className(),
                Map.of(manifest.className(), compiled.bytes()));
        CpuKernels kernels = type.getConstructor(KernelMemory.class, Workers.class).newInstance(memory, workers);
        kernels.prepare();
        SplittableRandom random = new SplittableRandom(1);
        manifest.outputs().forEach(output -> memory.store(output.target(),
                random.doubles(memory.size(output.target())).toArray()));
        String field = manifest.fields().getFirst().name();
        int pixels = memory.size(field);
        double[] values = random.doubles(pixels).toArray();
        double[] gradient = new double[pixels];
        float[] from = new float[pixels];
        float[] to = new float[pixels];
        Map<String, Double> best = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            time(best, "copy", () -> copy(from, to, workers));
            time(best, "store the field", () -> memory.store(field, values));
            time(best, "outputs", kernels::outputs);
            time(best, "loss", kernels::loss);
            time(best, "gradient", kernels::gradient);
            time(best, "load the gradient", () -> memory.load(manifest.gradients().get(field), gradient));
        }
        double bandwidth = 8.0 * pixels / best.get("copy");
        System.out.printf("%s, %d workers: copying moves %.2f GB/s%n", manifest.name(), workers.count(), bandwidth * 1e-9);
        Map<String, Double> bytes = new LinkedHashMap<>();
        bytes.put("store the field", 12.0 * pixels);
        for (Phase phase : List.of(Phase.OUTPUTS, Phase.LOSS, Phase.GRADIENT)) {
            bytes.put(phase.name().toLowerCase(java.util.Locale.ROOT),
                    Operations.of(program, phase, Float.BYTES).bytes());
        }
        bytes.put("load the gradient", 12.0 * pixels);
        report("kernels", List.of("outputs", "loss", "gradient"), best, bytes, bandwidth);
        report("interface", List.of("store the field", "load the gradient"), best, bytes, bandwidth);
        report("evaluation", List.copyOf(bytes.keySet()), best, bytes, bandwidth);
        bytes.keySet().forEach(part -> report(part, List.of(part), best, bytes, bandwidth));
    }

    private static void report(String name, List<String> parts, Map<String, Double> best, Map<String, Double> bytes,
            double bandwidth) {
        double seconds = parts.stream().mapToDouble(best::get).sum();
        double moved = parts.stream().mapToDouble(bytes::get).sum();
        System.out.printf("  %-18s %7.2f ms  %8.2f MB  %5.2f times the copy's time%n", name, seconds * 1e3, moved * 1e-6,
                seconds * bandwidth / moved);
    }

    private static void time(Map<String, Double> best, String name, Runnable action) {
        long start = System.nanoTime();
        action.run();
        best.merge(name, (System.nanoTime() - start) * 1e-9, Math::min);
    }

    private static void copy(float[] from, float[] to, Workers workers) {
        int chunk = 1 << 16;
        workers.run(Math.ceilDiv(from.length, chunk), task -> System.arraycopy(from, task * chunk, to, task * chunk,
                Math.min(chunk, from.length - task * chunk)));
    }
}
