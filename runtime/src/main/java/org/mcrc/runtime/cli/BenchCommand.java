package org.mcrc.runtime.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Operations;
import org.mcrc.compiler.kernel.Phase;
import org.mcrc.compiler.kernel.Sums;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.engine.cpu.CpuProgram;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Memory;
import org.mcrc.runtime.report.Versions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mcrc bench FILE}. */
@Command(
        name = "bench",
        description = {
            "Measures one evaluation of loss and gradient on this machine: seconds, operations in a second, peak memory.",
            "A peer is a command that prints one line of JSON with \"seconds\" of the same evaluation and \"memory_bytes\";"
                    + " own and peers' measurements take turns.",
        },
        footer = {"", "Examples:", "  mcrc bench s2s3.mcr --size 64x64",
            "  mcrc bench s2.mcr --size 512x512 --set P=255 --direct --rounds 1",
            "  mcrc bench s2s3.mcr --size 64x64 --peer 'python3 torch_s2s3.py --size 64'"})
final class BenchCommand implements Callable<Integer> {
    /** Evaluations before the first that counts: HotSpot compiles the kernels in these. */
    private static final int WARM_UP = 8;

    /** After so many seconds there are no more of these. */
    private static final double LONGEST_WARM_UP = 20;

    @Mixin
    private HelpOption help;

    @Mixin
    private DescriptorOptions descriptor;

    @Option(names = "--size", paramLabel = "SIZE", converter = SizeConverter.class, defaultValue = "64x64",
            description = "Pixels along each axis (default: ${DEFAULT-VALUE}).")
    private Extents size;

    @Option(names = "--precision", paramLabel = "NAME", defaultValue = "single",
            description = "single or double (default: ${DEFAULT-VALUE}).")
    private Precision precision;

    @Option(names = "--threads", paramLabel = "N", description = "How many threads to use (default: all processors).")
    private Integer threads;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3",
            description = "How often the measurements take turns (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "5",
            description = "Own evaluations in each round (default: ${DEFAULT-VALUE}).")
    private int repeat;

    @Option(names = "--direct", description = "Measures the same without Fourier transforms beside.")
    private boolean direct;

    @Option(names = "--peer", paramLabel = "COMMAND", description = "A command to measure beside; may be repeated.")
    private List<String> peers = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    /** Seconds of every evaluation, and the most memory of any. */
    private record Measured(List<Double> seconds, long bytes) {
        double median() {
            double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }

        double least() {
            return seconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        }

        Measured plus(Measured other) {
            List<Double> all = new ArrayList<>(seconds);
            all.addAll(other.seconds);
            return new Measured(all, Math.max(bytes, other.bytes));
        }
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        DescriptorLoader loader = DescriptorLoader.load(descriptor.file(), spec.commandLine().getErr());
        BindResult bound = loader.bind(size.values(), descriptor.phases().orElse(DescriptorOptions.TWO_PHASES),
                descriptor.settings(), spec.commandLine().getErr());
        IndexProgram program = Pipeline.differentiate(bound.program());
        KernelProgram kernels = Pipeline.schedule(program);
        int workers = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        Map<String, Measured> measured = new LinkedHashMap<>();
        KernelProgram withoutTransforms = direct ? Pipeline.schedule(program, Sums.DIRECT) : kernels;
        try (Engine engine = CpuProgram.of(kernels, precision).engine(workers);
                Engine other = CpuProgram.of(withoutTransforms, precision).engine(workers)) {
            Evaluation evaluation = new Evaluation(engine);
            Evaluation directly = new Evaluation(other);
            evaluation.warmUp();
            if (direct) {
                directly.warmUp();
            }
            for (int round = 0; round < rounds; round++) {
                measured.merge("mcrc", evaluation.measured(repeat), Measured::plus);
                if (direct) {
                    measured.merge("direct sums", directly.measured(repeat), Measured::plus);
                }
                for (String peer : peers) {
                    measured.merge(peer, run(peer), Measured::plus);
                }
            }
        }
        print(out, kernels, measured, workers);
        return Main.DONE;
    }

    private void print(PrintWriter out, KernelProgram kernels, Map<String, Measured> measured, int workers) {
        int bytes = precision == Precision.SINGLE ? Float.BYTES : Double.BYTES;
        Operations operations = Operations.NONE;
        for (Phase phase : List.of(Phase.OUTPUTS, Phase.LOSS, Phase.GRADIENT)) {
            operations = operations.plus(Operations.of(kernels, phase, bytes));
        }
        Versions versions = Versions.current();
        out.println(kernels.index().name() + " at " + size + ", " + precision.name().toLowerCase(Locale.ROOT)
                + " precision, " + workers + " threads, " + versions.processor() + ", " + versions.java());
        out.printf(Locale.ROOT, "one evaluation of loss and gradient: %.4g Gflop, %.4g M transcendental functions%n",
                operations.flops() / 1e9, operations.transcendentals() / 1e6);
        double own = measured.get("mcrc").median();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "median s", "least s", "Gflop/s", "peak memory", "time / mcrc"));
        for (Map.Entry<String, Measured> entry : measured.entrySet()) {
            Measured m = entry.getValue();
            rows.add(List.of(entry.getKey(), number(m.median()), number(m.least()),
                    number(operations.flops() / 1e9 / m.median()), Memory.text(m.bytes()), number(m.median() / own)));
        }
        Table.print(out, rows, "  ");
        out.flush();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    /** One evaluation of random fields against random targets, as a reconstruction's first one. */
    private static final class Evaluation {
        private final Engine engine;
        private final Map<String, double[]> fields = new LinkedHashMap<>();
        private final Map<String, double[]> gradients = new LinkedHashMap<>();

        Evaluation(Engine engine) {
            this.engine = engine;
            SplittableRandom random = new SplittableRandom(1);
            for (Signature.Field field : engine.signature().fields()) {
                fields.put(field.name(), random.doubles(field.size()).toArray());
                gradients.put(field.name(), new double[field.size()]);
            }
            for (Signature.Entry output : engine.signature().outputs()) {
                engine.setTarget(output.name(), random.doubles(output.size()).toArray());
            }
        }

        void warmUp() {
            double passed = 0;
            for (int k = 0; k < WARM_UP && passed < LONGEST_WARM_UP; k++) {
                passed += seconds();
            }
        }

        Measured measured(int repeat) {
            List<Double> seconds = new ArrayList<>();
            for (int k = 0; k < repeat; k++) {
                seconds.add(seconds());
            }
            return new Measured(seconds, peakBytes());
        }

        private double seconds() {
            long start = System.nanoTime();
            engine.evaluate(fields, gradients);
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /** The most memory that this process has had, where the system tells; else what the heap has now. */
    private static long peakBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException notLinux) {
            return Runtime.getRuntime().totalMemory();
        }
        return Runtime.getRuntime().totalMemory();
    }

    private static Measured run(String peer) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", peer).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new InputError("the peer '" + peer + "' ended with exit status " + process.exitValue());
        }
        String last = Arrays.stream(output.split("\n")).filter(line -> line.startsWith("{")).reduce((_, b) -> b)
                .orElseThrow(() -> new InputError("the peer '" + peer + "' printed no line of JSON"));
        JsonNode result = new ObjectMapper().readTree(last);
        return new Measured(List.of(result.path("seconds").asDouble()), result.path("memory_bytes").asLong());
    }
}
