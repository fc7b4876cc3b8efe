package org.mcrc.runtime.engine.cuda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.simplify.SketchOutputs;
import org.mcrc.runtime.cli.ConformanceCase;
import org.mcrc.runtime.cli.LibraryPrograms;
import org.mcrc.runtime.cli.Main;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;

/**
 * What only a GPU can show, as one program: {@code GpuCheck [conformance] [accuracy] [determinism] [times] [profile]
 * [sketches] [leaks]}, all where none is named, {@code GpuCheck small}, or {@code GpuCheck study PLAN}.
 * {@code runtime/src/gpu/check.sh} runs it beside the peers. Ends with status 1 where anything is wrong.
 */
public final class GpuCheck {
    private static final Map<Precision, Double> TOLERANCES = Map.of(Precision.DOUBLE, 1e-9, Precision.SINGLE, 2e-3,
            Precision.MIXED, 2e-2);
    private static final int REPEATS = 20;

    /** Nanoseconds of evaluations that do not count, in which Java compiles what takes part. */
    private static final long WARM_UP = 200_000_000;
    private static final int LEAK_PROGRAMS = 1000;

    private static int wrong;

    private GpuCheck() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length >= 2 && arguments[0].equals("study")) {
            study(Path.of(arguments[1]), arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1);
            return;
        }
        Set<String> wanted = new HashSet<>(List.of(arguments));
        try (CudaDevice device = CudaDevice.open()) {
            System.out.println("## " + device.description() + ", " + device.information());
            if (wanted.isEmpty() || wanted.contains("conformance")) {
                conformance(device);
            }
            if (wanted.isEmpty() || wanted.contains("accuracy")) {
                accuracy(device);
            }
            if (wanted.contains("small")) {
                small(device);
            }
            if (wanted.isEmpty() || wanted.contains("determinism")) {
                determinism(device);
            }
            if (wanted.isEmpty() || wanted.contains("times")) {
                times(device);
            }
            if (wanted.isEmpty() || wanted.contains("profile")) {
                profile(device);
            }
            if (wanted.contains("counters")) {
                profile(device, wanted.contains("large") ? 512 : 64, Precision.MIXED, 3);
            }
            if (wanted.isEmpty() || wanted.contains("sketches")) {
                sketches(device);
            }
            if (wanted.isEmpty() || wanted.contains("leaks")) {
                leaks(device);
            }
        }
        System.out.println(wrong == 0 ? "GpuCheck: all right" : "GpuCheck: " + wrong + " WRONG");
        System.exit(wrong == 0 ? 0 : 1);
    }

    private static void report(boolean right, String text) {
        wrong += right ? 0 : 1;
        System.out.println((right ? "right  " : "WRONG  ") + text);
    }

    private static void conformance(CudaDevice device) {
        for (String name : ConformanceCase.names()) {
            for (Precision precision : Precision.values()) {
                try {
                    ConformanceCase each = ConformanceCase.of(name);
                    try (Engine engine = CudaProgram.of(each.program(), precision, true).engine(device)) {
                        Map<String, double[]> gradients = new LinkedHashMap<>();
                        Optional<String> difference = each.compare(engine, TOLERANCES.get(precision), gradients);
                        report(difference.isEmpty(), name + " " + precision
                                + difference.map(text -> ": " + text).orElse(""));
                    }
                } catch (RuntimeException failure) {
                    report(false, name + " " + precision + ": " + failure);
                }
            }
        }
    }

    /** S and the gradient in single and mixed precision against double precision, far from the target and near it. */
    private static void accuracy(CudaDevice device) {
        System.out.println("| field | precision | products | error of S | error of the gradient |");
        double[] board = board(64);
        double[] noise = random(64 * 64, 9);
        for (double distance : new double[] {1, 1e-1, 1e-2, 1e-3}) {
            double[] field = new double[board.length];
            for (int k = 0; k < field.length; k++) {
                field[k] = board[k] + distance * (noise[k] - board[k]);
            }
            double[] matrix;
            double[] gradient = new double[field.length];
            try (Engine exact = engine(device, 64, Precision.DOUBLE)) {
                exact.evaluate(Map.of("M", field), Map.of("M", gradient));
                matrix = exact.values("S@1");
            }
            for (int products : List.of(0, 3, 1)) {
                Precision precision = products == 0 ? Precision.SINGLE : Precision.MIXED;
                try (CudaEngine engine = engine(device, 64, precision)) {
                    double[] actual = new double[field.length];
                    if (products > 0) {
                        engine.takeProducts(products);
                    }
                    engine.evaluate(Map.of("M", field), Map.of("M", actual));
                    double ofMatrix = difference(matrix, engine.values("S@1"));
                    double ofGradient = difference(gradient, actual);
                    boolean right = products == 1 ? ofMatrix < 1e-4 : ofMatrix < 1e-6 && ofGradient < 1e-4;
                    report(right, String.format(Locale.ROOT, "| %.3g of the way to noise | %s | %d | %.2e | %.2e |",
                            distance, precision, products, ofMatrix, ofGradient));
                }
            }
        }
    }

    /** The norm of a difference relative to that of the first. */
    private static double difference(double[] expected, double[] actual) {
        double squares = 0;
        double all = 0;
        for (int k = 0; k < expected.length; k++) {
            squares += (expected[k] - actual[k]) * (expected[k] - actual[k]);
            all += expected[k] * expected[k];
        }
        return Math.sqrt(squares / all);
    }

    private static double[] board(int size) {
        double[] board = new double[size * size];
        for (int k = 0; k < board.length; k++) {
            board[k] = (k / size / 8 + k % size / 8) % 2;
        }
        return board;
    }

    /** A few small cases, for checkers under which everything takes long. */
    private static void small(CudaDevice device) {
        for (String name : List.of("s2s3", "s2s3_multigrid", "lineal_path", "s2", "minkowski", "volume")) {
            ConformanceCase each = ConformanceCase.of(name);
            try (Engine engine = CudaProgram.of(each.program(), Precision.SINGLE, true).engine(device)) {
                Optional<String> difference = each.compare(engine, TOLERANCES.get(Precision.SINGLE), new LinkedHashMap<>());
                report(difference.isEmpty(), name + difference.map(text -> ": " + text).orElse(""));
            }
        }
        // Large enough for tensor cores.
        IndexProgram program = LibraryPrograms.bound("s2s3", List.of(32, 32), Map.of("P", 7.0));
        try (Engine engine = CudaProgram.of(program, Precision.MIXED, true).engine(device)) {
            engine.evaluate(Map.of("M", random(32 * 32, 1)), Map.of("M", new double[32 * 32]));
        }
    }

    private static double[] random(int size, long seed) {
        return new SplittableRandom(seed).doubles(size).toArray();
    }

    /** An engine for s2s3 with the target of a checkerboard, as the peers have it. */
    private static CudaEngine engine(CudaDevice device, int size, Precision precision) {
        IndexProgram program = LibraryPrograms.bound("s2s3", List.of(size, size), Map.of("P", 31.0));
        CudaEngine engine = CudaProgram.of(program, precision, true).engine(device);
        engine.characterize(Map.of("M", board(size)));
        engine.signature().outputs().forEach(output -> engine.setTarget(output.name(), engine.values(output.name())));
        return engine;
    }

    private static void determinism(CudaDevice device) {
        for (Precision precision : Precision.values()) {
            double[] field = random(64 * 64, 5);
            double[] first = null;
            boolean same = true;
            for (int run = 0; run < 3; run++) {
                try (Engine engine = engine(device, 64, precision)) {
                    for (int repeat = 0; repeat < 10; repeat++) {
                        if (engine instanceof CudaEngine cuda) {
                            cuda.takeProducts(3);
                        }
                        double[] gradient = new double[field.length];
                        engine.evaluate(Map.of("M", field), Map.of("M", gradient));
                        first = first == null ? gradient : first;
                        same &= Arrays.equals(first, gradient);
                    }
                }
            }
            report(same, "30 evaluations of three engines have the same bits, " + precision);
        }
    }

    private static void times(CudaDevice device) {
        System.out.println("| size | precision | products | ms, fields and gradients copied | least | ms without this computer"
                + " | GB of the device |");
        for (int size : List.of(64, 128, 256, 512)) {
            for (Precision precision : Precision.values()) {
                if (precision == Precision.DOUBLE && size > 256) {
                    continue;
                }
                for (int products : precision == Precision.MIXED ? List.of(1, 3) : List.of(0)) {
                    try (CudaEngine engine = engine(device, size, precision)) {
                        double[] field = random(size * size, 6);
                        double[] seconds = new double[REPEATS];
                        double[] gradient = new double[field.length];
                        long warm = System.nanoTime() + WARM_UP;
                        for (int k = -3; k < REPEATS; k++) {
                            if (products > 0) {
                                engine.takeProducts(products);
                            }
                            long start = System.nanoTime();
                            engine.evaluate(Map.of("M", field), Map.of("M", gradient));
                            if (start < warm) {
                                k = -3;
                            } else if (k >= 0) {
                                seconds[k] = (System.nanoTime() - start) * 1e-9;
                            }
                        }
                        Arrays.sort(seconds);
                        if (products > 0) {
                            engine.takeProducts(products);
                        }
                        System.out.printf(Locale.ROOT, "| %d | %s | %d | %.4f | %.4f | %.4f | %.3f |%n", size, precision,
                                products, seconds[REPEATS / 2] * 1e3, seconds[0] * 1e3, alone(device, engine, field) * 1e3,
                                CudaEngine.bytes(engine.manifest()) / 1e9);
                    } catch (RuntimeException failure) {
                        report(false, size + " " + precision + ": " + failure);
                    }
                }
            }
        }
    }

    /** The seconds of an evaluation that begins and ends on the device, as in its loop: of a few after one another. */
    static double alone(CudaDevice device, CudaEngine engine, double[] field) {
        int few = field.length < 1 << 16 ? 16 : 2;
        ByteBuffer transfer = device.hostMemory(field.length * Double.BYTES);
        try (Device.Buffer point = device.allocate((long) field.length * Double.BYTES);
                Device.Buffer gradient = device.allocate((long) field.length * Double.BYTES);
                Device.Recording recording = device.record(() -> {
                    for (int k = 0; k < few; k++) {
                        engine.launchEvaluation(point, gradient);
                    }
                })) {
            transfer.clear().asDoubleBuffer().put(field);
            device.copyToDevice(transfer.clear(), point);
            recording.play();
            device.synchronize();
            long begun = System.nanoTime();
            for (int k = 0; k < 5; k++) {
                recording.play();
            }
            device.synchronize();
            return (System.nanoTime() - begun) * 1e-9 / (5 * few);
        } finally {
            device.freeHostMemory(transfer);
        }
    }

    private static void profile(CudaDevice device) {
        for (Precision precision : List.of(Precision.SINGLE, Precision.MIXED)) {
            for (int size : List.of(64, 512)) {
                profile(device, size, precision, 20);
            }
        }
    }

    /** The seconds of each kernel; few repeats for ncu, which takes long for each. */
    private static void profile(CudaDevice device, int size, Precision precision, int repeats) {
        try (CudaEngine engine = engine(device, size, precision)) {
            engine.takeProducts(1);
            engine.evaluate(Map.of("M", random(size * size, 6)), Map.of("M", new double[size * size]));
            engine.takeProducts(1);
            System.out.println("profile of " + size + " " + precision);
            print(engine.secondsOfLaunches(repeats));
        }
    }

    /** Evaluations of s2s3 compared by random combinations of its columns, as reconstructions have them. */
    private static void sketches(CudaDevice device) {
        for (int size : List.of(64, 128)) {
            IndexProgram program = SketchOutputs.run(LibraryPrograms.bound("s2s3", List.of(size, size), Map.of("P", 31.0)),
                    16).program();
            for (Precision precision : List.of(Precision.SINGLE, Precision.MIXED)) {
                try (Engine engine = CudaProgram.of(program, precision, true).engine(device)) {
                    double[] field = random(size * size, 6);
                    double[] seconds = new double[REPEATS];
                    for (int k = -3; k < REPEATS; k++) {
                        long start = System.nanoTime();
                        engine.evaluate(Map.of("M", field), Map.of("M", new double[field.length]));
                        seconds[Math.max(k, 0)] = (System.nanoTime() - start) * 1e-9;
                    }
                    Arrays.sort(seconds);
                    System.out.printf(Locale.ROOT, "sketch k = 16, %d %s: %.4f ms%n", size, precision,
                            seconds[REPEATS / 2] * 1e3);
                    print(((CudaEngine) engine).secondsOfLaunches(20));
                }
            }
        }
    }

    /**
     * Reconstructions in this process: no start of a virtual machine is measured, and kernels are compiled once. The seconds
     * are those of the loop, as run.json has them. Where the first two seeds of a method both fail at the limit of iterations,
     * the others are not run. Results are written as they come, as docs/study.py keeps them, into the plan's name with .json
     * behind it; what is there already is not run again.
     *
     * @param plan a line for each: structure, method, seed, file of the microstructure and options, separated by tabs
     * @param threads how many methods run at once: with more than one, all are done sooner, and seconds mean little
     */
    private static void study(Path plan, int threads) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        Path kept = plan.resolveSibling(plan.getFileName() + ".json");
        ObjectNode results = Files.exists(kept) ? (ObjectNode) mapper.readTree(kept.toFile()) : mapper.createObjectNode();
        Map<List<String>, List<List<String>>> methods = new LinkedHashMap<>();
        for (String line : Files.readAllLines(plan)) {
            List<String> parts = List.of(line.split("\t"));
            methods.computeIfAbsent(parts.subList(0, 2), _ -> new ArrayList<>()).add(parts);
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> ends = new ArrayList<>();
            for (List<List<String>> runs : methods.values()) {
                ends.add(executor.submit(() -> SharedCudaDevice.apart(() -> {
                    study(runs, results, kept, threads == 1);
                    return null;
                })));
            }
            for (Future<?> end : ends) {
                // What went wrong in a method ends the study: nobody would miss its runs otherwise.
                end.get();
            }
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The runs of a method, seed after seed. */
    private static void study(List<List<String>> runs, ObjectNode results, Path kept, boolean alone) {
        ObjectMapper mapper = new ObjectMapper();
        PrintWriter silence = new PrintWriter(Writer.nullWriter());
        List<Boolean> atLimit = new ArrayList<>();
        for (List<String> parts : runs) {
            if (atLimit.equals(List.of(true, true))) {
                return;
            }
            String key = mapper.createArrayNode().add(parts.get(0)).add(parts.get(1)).add(Integer.parseInt(parts.get(2)))
                    .toString();
            ObjectNode run;
            synchronized (results) {
                run = (ObjectNode) results.get(key);
            }
            if (run == null) {
                try {
                    Path folder = Files.createTempDirectory("study");
                    List<String> arguments = new ArrayList<>(List.of("reconstruct", "../descriptors/s2s3.mcr", "--like",
                            parts.get(3), "--seed", parts.get(2), "--backend", "cuda", "-q", "-o",
                            folder.resolve("results").toString()));
                    arguments.addAll(parts.subList(4, parts.size()));
                    Main.run(silence, new PrintWriter(System.err, true), arguments.toArray(String[]::new));
                    JsonNode result = mapper.readTree(folder.resolve("results/run.json").toFile()).get("result");
                    if (result.get("stopped").asText().equals("interrupted")) {
                        return;
                    }
                    run = kept(result)
                            .put("processor", SharedCudaDevice.get().information().name()).put("alone", alone);
                    synchronized (results) {
                        results.set(key, run);
                        Files.writeString(kept, results.toPrettyString());
                    }
                } catch (IOException unreadable) {
                    throw new UncheckedIOException(unreadable);
                }
                System.out.printf(Locale.ROOT, "%s, %s, seed %s: %s, %.3f s, %d iterations%n", parts.get(0), parts.get(1),
                        parts.get(2), run.get("exact").asBoolean() ? "exact" : "error " + run.get("relative_error").asText(),
                        run.get("seconds").asDouble(), run.get("iterations").asInt());
            }
            atLimit.add(run.get("at_limit").asBoolean());
        }
    }

    /** What is kept of the {@code result} of a run.json. */
    private static ObjectNode kept(JsonNode result) {
        ObjectNode kept = new ObjectMapper().createObjectNode();
        for (String each : List.of("exact", "seconds", "iterations", "relative_error")) {
            kept.set(each, result.get(each));
        }
        kept.put("at_limit", result.get("stopped").asText().equals("iteration limit"));
        List<String> events = new ArrayList<>();
        result.path("events").forEach(event -> events.add(event.get("kind").asText()));
        return kept.put("softenings", Collections.frequency(events, "soften"))
                .put("restarts", Collections.frequency(events, "restart"));
    }

    private static void print(Map<String, Double> seconds) {
        seconds.forEach((kernel, time) -> System.out.printf(Locale.ROOT, "  %-40s %9.2f us%n", kernel, time * 1e6));
    }

    private static void leaks(CudaDevice device) {
        CudaProgram program = CudaProgram.of(LibraryPrograms.bound("variation"), Precision.SINGLE, true);
        long before = 0;
        for (int k = 0; k < LEAK_PROGRAMS; k++) {
            try (Engine engine = program.engine(device)) {
                engine.characterize(Map.of("M", random(64 * 64, k)));
            }
            before = k == LEAK_PROGRAMS / 10 ? device.freeBytes() : before;
        }
        long lost = before - device.freeBytes();
        report(lost <= 0, LEAK_PROGRAMS + " programs bound and closed; " + lost + " bytes are missing");
    }
}
