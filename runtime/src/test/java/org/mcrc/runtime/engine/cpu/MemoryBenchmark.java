package org.mcrc.runtime.engine.cpu;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
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
 * each part in many rounds that take turns with the copy, and with the mean time of the processors, divided by the workers:
 * the machine may be shared.
 *
 * <p>The yardstick is the time in which the same threads copy as many bytes between two arrays of floats as large as the
 * field: half of the bytes are read and half are written. The kernels' bytes are those that {@code mcrc explain} counts:
 * every stored array that a pass reads or writes, once. The engine's interface is counted apart: it reads 8 bytes and writes
 * 4 for each pixel of a field, and the other way round for a gradient.
 *
 * <p>Arguments: a descriptor file, the extents (as in {@code 4096x4096}), workers, rounds.
 */
public final class MemoryBenchmark {
    /** Evaluations before the first that counts: HotSpot compiles the kernels in these. */
    private static final int WARM_UP = 8;

    private static final String PROCESSOR = " of the processors";

    private static final com.sun.management.OperatingSystemMXBean SYSTEM =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

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
        Map<String, Double> times = new LinkedHashMap<>();
        for (int round = -WARM_UP; round < rounds; round++) {
            if (round == 0) {
                times.clear();
            }
            time(times, workers, "copy", () -> copy(from, to, workers));
            time(times, workers, "store the field", () -> memory.store(field, values));
            time(times, workers, "outputs", kernels::outputs);
            time(times, workers, "loss", kernels::loss);
            time(times, workers, "gradient", kernels::gradient);
            time(times, workers, "load the gradient", () -> memory.load(manifest.gradients().get(field), gradient));
        }
        System.out.printf("%s, %d workers: copying %.1f MB takes %.2f ms, %.2f ms of the processors%n", manifest.name(),
                workers.count(), 8e-6 * pixels, 1e3 * times.get("copy"), 1e3 * times.get("copy" + PROCESSOR) / rounds);
        Map<String, Double> bytes = new LinkedHashMap<>();
        bytes.put("store the field", 12.0 * pixels);
        for (Phase phase : List.of(Phase.OUTPUTS, Phase.LOSS, Phase.GRADIENT)) {
            bytes.put(phase.name().toLowerCase(java.util.Locale.ROOT),
                    Operations.of(program, phase, Float.BYTES).bytes());
        }
        bytes.put("load the gradient", 12.0 * pixels);
        report("kernels", List.of("outputs", "loss", "gradient"), times, bytes, 8.0 * pixels, rounds);
        report("interface", List.of("store the field", "load the gradient"), times, bytes, 8.0 * pixels, rounds);
        report("evaluation", List.copyOf(bytes.keySet()), times, bytes, 8.0 * pixels, rounds);
        bytes.keySet().forEach(part -> report(part, List.of(part), times, bytes, 8.0 * pixels, rounds));
    }

    private static void report(String name, List<String> parts, Map<String, Double> times, Map<String, Double> bytes,
            double copied, int rounds) {
        double seconds = parts.stream().mapToDouble(times::get).sum();
        double processor = parts.stream().mapToDouble(part -> times.get(part + PROCESSOR)).sum();
        double moved = parts.stream().mapToDouble(bytes::get).sum();
        System.out.printf("  %-18s %7.2f ms  %7.2f ms of the processors  %7.1f MB  %5.2f times the copy's time, %5.2f%n", name,
                seconds * 1e3, processor * 1e3 / rounds, moved * 1e-6, seconds / times.get("copy") * copied / moved,
                processor / times.get("copy" + PROCESSOR) * copied / moved);
    }

    private static void time(Map<String, Double> times, Workers workers, String name, Runnable action) {
        long start = System.nanoTime();
        long processor = SYSTEM.getProcessCpuTime();
        action.run();
        times.merge(name, (System.nanoTime() - start) * 1e-9, Math::min);
        times.merge(name + PROCESSOR, (SYSTEM.getProcessCpuTime() - processor) * 1e-9 / workers.count(), Double::sum);
    }

    private static void copy(float[] from, float[] to, Workers workers) {
        int chunk = 1 << 16;
        workers.run(Math.ceilDiv(from.length, chunk), task -> System.arraycopy(from, task * chunk, to, task * chunk,
                Math.min(chunk, from.length - task * chunk)));
    }
}
