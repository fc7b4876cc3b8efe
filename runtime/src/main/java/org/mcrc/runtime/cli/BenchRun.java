package org.mcrc.runtime.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mcrc.runtime.bench.BenchCase;
import org.mcrc.runtime.bench.BenchReport;
import org.mcrc.runtime.bench.MachineLimits;
import org.mcrc.runtime.bench.MemoryUse;
import org.mcrc.runtime.bench.Roofline;
import org.mcrc.runtime.bench.Timings;
import org.mcrc.runtime.bench.Workload;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.cpu.VectorModule;
import org.mcrc.runtime.engine.cpu.support.Workers;
import org.mcrc.runtime.engine.cuda.SharedCudaDevice;
import org.mcrc.runtime.report.Versions;

/** One run of the benchmark: the limits, the cases and the peers, measured in turns. */
final class BenchRun {
    /** Evaluations before the first that counts, in which HotSpot compiles the kernels. */
    private static final int WARM_UP = 8;

    /** No more are begun after this. */
    private static final double LONGEST_SECONDS = 10;

    /** The most pixels of the matrix product: its rate does not depend on them, beyond a panel's. */
    private static final int PRODUCT_PIXELS = 4096;

    private final int phases;
    private final EngineOptions engine;
    private final int rounds;
    private final int repeat;
    private final double warmUpSeconds;
    private final List<Peer> peers;
    private final PrintWriter messages;

    BenchRun(int phases, EngineOptions engine, int rounds, int repeat, double warmUpSeconds,
            List<Peer> peers, PrintWriter messages) {
        this.phases = phases;
        this.engine = engine;
        this.rounds = rounds;
        this.repeat = repeat;
        this.warmUpSeconds = warmUpSeconds;
        this.peers = peers;
        this.messages = messages;
    }

    /** A limit that is measured in every round; its rate is {@code amount} in a second. */
    private static final class LimitMeasurement {
        private final Runnable action;
        private final double amount;
        private Timings timings;

        LimitMeasurement(double amount, Runnable action) {
            this.action = action;
            this.amount = amount;
            // Not counted: HotSpot compiles in these.
            for (int k = 0; k < 3; k++) {
                action.run();
            }
        }

        void measure() {
            Timings once = Timings.of(action);
            timings = timings == null ? once : timings.plus(once);
        }

        BenchReport.Limit limit(String name, String unit) {
            return new BenchReport.Limit(name, unit, rate() / 1e9, amount / timings.least() / 1e9);
        }

        /** At the median. */
        double rate() {
            return amount / timings.median();
        }
    }

    /** What is known of a peer: its measurements, or that it fails. */
    private static final class PeerMeasurement {
        private final String command;
        private Timings timings;
        private double flops;
        private long bytes;
        private boolean failed;

        PeerMeasurement(String command) {
            this.command = command;
        }

        void measure(PrintWriter messages) throws IOException, InterruptedException {
            if (failed) {
                return;
            }
            try {
                Peer.Measured measured = Peer.run(command);
                Timings once = new Timings(List.of(measured.seconds()));
                timings = timings == null ? once : timings.plus(once);
                flops = measured.flops();
                bytes = Math.max(bytes, measured.bytes());
            } catch (Peer.Failed failure) {
                failed = true;
                messages.println("left out: the peer '" + command + "' " + failure.getMessage());
                messages.flush();
            }
        }
    }

    private static final class CaseMeasurement {
        private final BenchCase measured;
        private final BenchProcess process;
        private final List<PeerMeasurement> peers;
        private int evaluations;
        private Timings timings;
        private MemoryUse memory;

        CaseMeasurement(BenchCase measured, BenchProcess process, List<PeerMeasurement> peers) {
            this.measured = measured;
            this.process = process;
            this.peers = peers;
        }

        void warmUp(double seconds, int repeat) throws IOException {
            double spent = 0;
            int done = 0;
            double last = 0;
            while ((done < WARM_UP || spent < seconds) && spent < LONGEST_SECONDS) {
                last = process.evaluate(1).median();
                spent += last;
                done++;
            }
            evaluations = (int) Math.max(1, Math.min(repeat, LONGEST_SECONDS / last));
        }

        void measure() throws IOException {
            Timings more = process.evaluate(evaluations);
            timings = timings == null ? more : timings.plus(more);
            MemoryUse now = process.memory();
            memory = memory == null ? now : memory.plus(now);
        }
    }

    /** Measures cases, in their order in every round. */
    BenchReport measure(List<BenchCase> cases) throws IOException, InterruptedException {
        VectorModule.load();
        List<CaseMeasurement> started = new ArrayList<>();
        try (Workers workers = new Workers(engine.threads())) {
            for (BenchCase each : cases) {
                BenchProcess process = BenchProcess.start(each, phases, engine);
                started.add(new CaseMeasurement(each, process, peers(each, process.workload())));
            }
            return measure(started, workers);
        } finally {
            started.forEach(each -> each.process.close());
        }
    }

    private List<PeerMeasurement> peers(BenchCase measured, Workload workload) {
        return peers.stream().map(peer -> peer.commandFor(measured, workload, engine.threads())).flatMap(Optional::stream)
                .map(PeerMeasurement::new).toList();
    }

    private BenchReport measure(List<CaseMeasurement> cases, Workers workers) throws IOException, InterruptedException {
        boolean onGpu = engine.backend() == Backend.CUDA;
        Limits limits = onGpu ? null : new Limits(cases, new MachineLimits(workers));
        for (CaseMeasurement each : cases) {
            each.warmUp(warmUpSeconds, repeat);
        }
        for (int round = 0; round < rounds; round++) {
            if (!onGpu) {
                limits.measure();
            }
            for (CaseMeasurement each : cases) {
                each.measure();
                for (PeerMeasurement peer : each.peers) {
                    peer.measure(messages);
                }
            }
        }
        return new BenchReport(Versions.current(), onGpu ? SharedCudaDevice.get().description() : null,
                MachineLimits.vectorBits(), MachineLimits.caches(), engine.threads(),
                engine.precision().name().toLowerCase(Locale.ROOT), onGpu ? List.of() : limits.report(),
                cases.stream().map(each -> result(each, onGpu ? null : limits.of(each.process.workload()))).toList());
    }

    /** What this computer's processors can do at most. */
    private static final class Limits {
        private final MachineLimits machine;
        private final LimitMeasurement peak;
        private final LimitMeasurement copy;
        private final Map<Integer, LimitMeasurement> products;

        Limits(List<CaseMeasurement> cases, MachineLimits machine) {
            this.machine = machine;
            peak = new LimitMeasurement(machine.multiplyAddFlops(), machine::multiplyAdd);
            copy = new LimitMeasurement(machine.copiedBytes(), machine::copy);
            products = products(cases, machine);
        }

        void measure() {
            peak.measure();
            copy.measure();
            products.values().forEach(LimitMeasurement::measure);
        }

        List<BenchReport.Limit> report() {
            List<BenchReport.Limit> limits = new ArrayList<>();
            limits.add(peak.limit("peak: multiply-adds in registers", "Gflop/s"));
            products.forEach((rows, product) ->
                    limits.add(product.limit("product: matrix product, " + rows + " rows and columns", "Gflop/s")));
            limits.add(copy.limit("copy: " + (long) machine.copiedBytes() / 1_000_000 + " MB, read and written", "GB/s"));
            return limits;
        }

        Roofline of(Workload workload) {
            LimitMeasurement product = products.get(workload.contractionRows());
            return product == null
                    ? Roofline.of(workload.flops(), workload.bytes(), Roofline.Bound.PEAK, peak.rate(), copy.rate())
                    : Roofline.of(workload.flops(), workload.bytes(), Roofline.Bound.PRODUCT, product.rate(), copy.rate());
        }
    }

    /** A matrix product for each number of rows that a contraction has. */
    private static Map<Integer, LimitMeasurement> products(List<CaseMeasurement> cases, MachineLimits machine) {
        Map<Integer, Integer> pixels = new TreeMap<>();
        cases.stream().map(each -> each.process.workload()).filter(workload -> workload.contractionRows() > 0)
                .forEach(workload -> pixels.merge(workload.contractionRows(),
                        Math.min(workload.contractionPixels(), PRODUCT_PIXELS), Math::max));
        Map<Integer, LimitMeasurement> products = new LinkedHashMap<>();
        pixels.forEach((rows, depth) -> {
            MachineLimits.MatrixProduct product = machine.product(rows, depth);
            products.put(rows, new LimitMeasurement(product.flops(), product::run));
        });
        return products;
    }

    /** @param roofline null on a GPU, whose limits are not measured */
    private static BenchReport.Case result(CaseMeasurement measured, Roofline roofline) {
        Workload workload = measured.process.workload();
        double median = measured.timings.median();
        List<BenchReport.PeerResult> peers = measured.peers.stream().filter(peer -> !peer.failed)
                .map(peer -> new BenchReport.PeerResult(peer.command, peer.timings,
                        peer.flops == 0 ? workload.flops() : peer.flops, peer.bytes, peer.timings.median() / median))
                .toList();
        return BenchReport.Case.of(measured.measured.toString(), workload, measured.timings, roofline, measured.memory,
                peers);
    }
}
