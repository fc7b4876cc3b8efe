package org.mcrc.runtime.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.compiler.bind.BindSummary;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.kernel.Gram;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Operations;
import org.mcrc.compiler.kernel.Phase;
import org.mcrc.compiler.simplify.SketchOutputs;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.bench.BenchCase;
import org.mcrc.runtime.bench.MemoryUse;
import org.mcrc.runtime.bench.Workload;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.engine.cpu.CpuProgram;
import org.mcrc.runtime.engine.cuda.CudaProgram;
import org.mcrc.runtime.engine.cuda.SharedCudaDevice;
import org.mcrc.runtime.reconstruct.SketchedEngine;

/**
 * A process that evaluates one descriptor and does nothing else, so that its memory is the evaluation's and the virtual
 * machine optimizes for it alone. It prints what an evaluation does, a {@link Workload} as one line of JSON; then, for each
 * line with a number that it reads, it evaluates so often and prints the seconds, and where the line is empty its memory.
 */
final class BenchServer {
    private final Engine engine;
    private final AnonymousMemory anonymous;
    private final Map<String, double[]> fields = new LinkedHashMap<>();
    private final Map<String, double[]> gradients = new LinkedHashMap<>();

    /** Random fields against random targets, as in a reconstruction's first evaluation. */
    private BenchServer(Engine engine, AnonymousMemory anonymous) {
        this.engine = engine;
        this.anonymous = anonymous;
        SplittableRandom random = new SplittableRandom(1);
        for (Signature.Field field : engine.signature().fields()) {
            fields.put(field.name(), random.doubles(field.size()).toArray());
            gradients.put(field.name(), new double[field.size()]);
        }
        for (Signature.Entry output : engine.signature().outputs()) {
            engine.setTarget(output.name(), random.doubles(output.size()).toArray());
            // The serial collector takes more memory from the system rather than collect large arrays.
            System.gc();
        }
    }

    /** A compiled program, what it does, and which of its outputs are compared by combinations of columns. */
    private record Compiled(Supplier<Engine> engine, Workload workload, List<SketchOutputs.Sketch> sketches) {}

    static void serve(BenchCase measured, int phases, EngineOptions options, BufferedReader requests,
            PrintWriter out, PrintWriter messages) throws IOException {
        ObjectMapper json = new ObjectMapper();
        AnonymousMemory anonymous = new AnonymousMemory();
        long free = freeOnDevice(options);
        try (Engine engine = engine(measured, phases, options, json, out, messages)) {
            BenchServer server = new BenchServer(engine, anonymous);
            long onDevice = free - freeOnDevice(options);
            for (String request = requests.readLine(); request != null; request = requests.readLine()) {
                out.println(json.writeValueAsString(request.isEmpty() ? server.memory(onDevice)
                        : server.seconds(Integer.parseInt(request))));
                out.flush();
            }
        }
    }

    /** By itself, so that nothing of the compiler is held while the engine runs. */
    private static Engine engine(BenchCase measured, int phases, EngineOptions options, ObjectMapper json,
            PrintWriter out, PrintWriter messages) throws IOException {
        Compiled compiled = compile(measured, phases, options, messages);
        out.println(json.writeValueAsString(compiled.workload()));
        out.flush();
        Engine engine = compiled.engine().get();
        Random random = new Random(2);
        compiled.sketches().forEach(sketch ->
                engine.setTarget(sketch.matrix(), SketchedEngine.matrix(sketch, random)));
        return engine;
    }

    /** The bytes that the GPU has left, 0 where none is measured. */
    private static long freeOnDevice(EngineOptions options) {
        return options.backend() == Backend.CUDA ? SharedCudaDevice.get().freeBytes() : 0;
    }

    private static Compiled compile(BenchCase measured, int phases, EngineOptions options, PrintWriter messages) {
        DescriptorLoader loader = DescriptorLoader.load(measured.file(), messages);
        BindResult bound = loader.bind(measured.size().values(), phases, measured.settings(), messages);
        SketchOutputs.Result sketched = measured.sketch() == 0 ? new SketchOutputs.Result(bound.program(), List.of())
                : SketchOutputs.run(bound.program(), measured.sketch());
        if (measured.sketch() > 0 && sketched.sketches().isEmpty()) {
            throw new InputError(measured + ": " + SketchConverter.nothingToSketch(bound.program(), measured.sketch()));
        }
        KernelProgram kernels = Pipeline.schedule(Pipeline.differentiate(sketched.program()), measured.sums());
        Precision precision = options.precision();
        Supplier<Engine> engine;
        if (options.backend() == Backend.CUDA) {
            CudaProgram program = CudaProgram.of(kernels, precision, SharedCudaDevice.get().hasTensorCores());
            engine = () -> program.engine(SharedCudaDevice.get());
        } else {
            CpuProgram program = CpuProgram.of(kernels, precision);
            engine = () -> program.engine(options.threads());
        }
        return new Compiled(engine, workload(kernels, bound.summary(), precision),
                sketched.sketches());
    }

    private static Workload workload(KernelProgram kernels, BindSummary summary, Precision precision) {
        int bytes = precision == Precision.DOUBLE ? Double.BYTES : Float.BYTES;
        Operations operations = Operations.NONE;
        int rows = 0;
        int pixels = 0;
        for (Phase phase : List.of(Phase.OUTPUTS, Phase.LOSS, Phase.GRADIENT)) {
            operations = operations.plus(Operations.of(kernels, phase, bytes));
            for (Gram gram : kernels.kernels().get(phase).stream().filter(Gram.class::isInstance).map(Gram.class::cast)
                    .toList()) {
                int gramRows = gram.rows().stream().map(Index::domain).mapToInt(domain -> domain.size()).reduce(1,
                        Math::multiplyExact);
                if ((double) gramRows * gramRows * gram.pixel().domain().size() > (double) rows * rows * pixels) {
                    rows = gramRows;
                    pixels = gram.pixel().domain().size();
                }
            }
        }
        Map<String, Double> params = new LinkedHashMap<>();
        Stream.concat(summary.folded().stream(), summary.arguments().stream())
                .forEach(param -> params.put(param.name(), param.value()));
        return new Workload(kernels.index().name(), params, operations.flops(), operations.transcendentals(),
                operations.bytes(), rows, pixels);
    }

    private List<Double> seconds(int evaluations) {
        heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
        List<Double> seconds = new ArrayList<>();
        for (int k = 0; k < evaluations; k++) {
            long start = System.nanoTime();
            engine.evaluate(fields, gradients);
            seconds.add((System.nanoTime() - start) / 1e9);
        }
        return seconds;
    }

    private static List<MemoryPoolMXBean> heapPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP).toList();
    }

    private MemoryUse memory(long onDevice) {
        long heap = heapPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        return new MemoryUse(resident("VmHWM:"), heap, anonymous.most(), onDevice);
    }

    /** A line of what Linux tells about this process, in bytes; another system tells nothing, and the heap stands for it. */
    private static long resident(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(name)).findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .orElseGet(BenchServer::committedHeap);
        } catch (IOException notLinux) {
            return committedHeap();
        }
    }

    private static long committedHeap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    }

    /** Looks at the memory that comes from no file, for whose peak Linux keeps no number. */
    private static final class AnonymousMemory {
        private static final Duration INTERVAL = Duration.ofMillis(100);

        private final AtomicLong most = new AtomicLong();

        private AnonymousMemory() {
            Thread.ofPlatform().daemon().name("memory").start(() -> {
                while (true) {
                    most();
                    LockSupport.parkNanos(INTERVAL.toNanos());
                }
            });
        }

        private long most() {
            return most.accumulateAndGet(resident("RssAnon:"), Math::max);
        }
    }
}
