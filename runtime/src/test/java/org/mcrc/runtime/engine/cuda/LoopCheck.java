package org.mcrc.runtime.engine.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.mcrc.compiler.backend.cuda.LaunchPlan;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.cli.LibraryPrograms;
import org.mcrc.runtime.engine.Minimization;
import org.mcrc.runtime.engine.Minimizer;
import org.mcrc.runtime.engine.Minimizer.Evaluation;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.optimize.AdamSettings;
import org.mcrc.runtime.optimize.BoxConstrained;
import org.mcrc.runtime.optimize.LimitedMemoryBfgsSettings;
import org.mcrc.runtime.optimize.Optimizer;
import org.mcrc.runtime.optimize.OptimizerSettings;

/**
 * The loop on a GPU beside that of the host, as one program: whether they go the same way, what an evaluation takes in each,
 * and how many there are in a second where several run at once. With the argument {@code small}, only what takes seconds.
 * Ends with status 1 where anything is wrong.
 */
public final class LoopCheck {
    private static final int EVALUATIONS = 480;
    /** The seconds after which a loop that others wait for is given up. */
    private static final int PATIENCE = 120;
    private static final List<OptimizerSettings> OPTIMIZERS =
            List.of(AdamSettings.DEFAULT, LimitedMemoryBfgsSettings.DEFAULT);

    private static int wrong;

    private LoopCheck() {}

    public static void main(String[] arguments) throws Exception {
        boolean small = List.of(arguments).contains("small");
        try (CudaDevice device = CudaDevice.open()) {
            System.out.println("## " + device.description());
            agreement(device);
            times(device, small ? List.of(64) : List.of(64, 128, 256, 512));
        }
        batches(small ? List.of(1, 4) : List.of(1, 2, 4, 8, 16, 32));
        System.out.println(wrong == 0 ? "LoopCheck: all right" : "LoopCheck: " + wrong + " WRONG");
        System.exit(wrong == 0 ? 0 : 1);
    }

    private static void report(boolean right, String text) {
        wrong += right ? 0 : 1;
        System.out.println((right ? "right  " : "WRONG  ") + text);
    }

    private static CudaProgram program(int size, Precision precision) {
        IndexProgram program = LibraryPrograms.bound("s2s3", List.of(size, size), Map.of("P", size > 32 ? 31.0 : 7.0));
        return CudaProgram.of(program, precision, true);
    }

    /** An engine for s2s3 with the target of a checkerboard. */
    private static CudaEngine engine(CudaProgram program, CudaDevice device) {
        CudaEngine engine = (CudaEngine) program.engine(device);
        int size = engine.signature().extents().getFirst();
        double[] board = new double[size * size];
        for (int k = 0; k < board.length; k++) {
            board[k] = (k / size / 8 + k % size / 8) % 2;
        }
        engine.characterize(Map.of("M", board));
        engine.signature().outputs().forEach(output -> engine.setTarget(output.name(), engine.values(output.name())));
        return engine;
    }

    private static double[] start(CudaEngine engine, long seed) {
        return new SplittableRandom(seed).doubles(engine.unknowns(), 0.3, 0.7).toArray();
    }

    private static Minimization minimization(OptimizerSettings optimizer) {
        return new Minimization(optimizer, optimizer.allowsBox(), false);
    }

    private static Optimizer onHost(OptimizerSettings settings, int unknowns) {
        double[] high = new double[unknowns];
        Arrays.fill(high, 1);
        return settings.allowsBox() ? new BoxConstrained(settings.create(), new double[unknowns], high) : settings.create();
    }

    private static List<Double> hostLosses(CudaEngine engine, OptimizerSettings settings, int evaluations) {
        double[] point = start(engine, 1);
        double[] gradient = new double[point.length];
        Optimizer optimizer = onHost(settings, point.length);
        List<Double> losses = new ArrayList<>();
        do {
            losses.add(engine.evaluate(Map.of("M", point), Map.of("M", gradient)).loss());
        } while (optimizer.propose(point, losses.getLast(), gradient) && losses.size() < evaluations);
        return losses;
    }

    private static List<Double> deviceLosses(CudaEngine engine, Minimizer minimizer, int evaluations) {
        List<Double> losses = new ArrayList<>();
        minimizer.begin(start(engine, 1));
        while (losses.size() < evaluations && !minimizer.exhausted()) {
            List<Evaluation> told = minimizer.advance(Math.min(16, evaluations - losses.size()));
            told.forEach(each -> losses.add(each.losses().loss()));
        }
        return losses;
    }

    private static void agreement(CudaDevice device) {
        for (Precision precision : List.of(Precision.DOUBLE, Precision.SINGLE)) {
            try (CudaEngine engine = engine(program(32, precision), device)) {
                for (OptimizerSettings settings : OPTIMIZERS) {
                    try (Minimizer minimizer = engine.minimizer(minimization(settings)).orElseThrow()) {
                        List<Double> host = hostLosses(engine, settings, 200);
                        List<Double> first = deviceLosses(engine, minimizer, 200);
                        List<Double> second = deviceLosses(engine, minimizer, 200);
                        double greatest = 0;
                        for (int k = 0; k < 20; k++) {
                            greatest = Math.max(greatest, Math.abs(first.get(k) / host.get(k) - 1));
                        }
                        String name = settings.name() + " " + precision;
                        report(first.equals(second), name + ": twice the same bits, " + first.size() + " evaluations");
                        report(greatest < (precision == Precision.DOUBLE ? 1e-8 : 1e-3), String.format(Locale.ROOT,
                                "%s: the first 20 losses differ by %.1e from those of the host's loop, relatively; after %d"
                                + " and %d evaluations they are %.3e and %.3e", name, greatest, host.size(), first.size(),
                                host.getLast(), first.getLast()));
                    }
                }
            }
        }
    }

    private static int launches(CudaEngine engine) {
        LaunchPlan plan = engine.manifest().cuda();
        return Stream.of("outputs", "loss", "gradient").mapToInt(phase -> plan.phases().get(phase).size()).sum()
                + plan.placing().get("M").size() + plan.losses().size()
                + plan.taking().get(engine.manifest().gradients().get("M")).size();
    }

    private static void times(CudaDevice device, List<Integer> sizes) {
        System.out.println("| size | precision | optimizer | launches of loss and gradient | ms an evaluation, host's loop"
                + " | on the device | loss and gradient alone |");
        for (int size : sizes) {
            for (Precision precision : List.of(Precision.SINGLE, Precision.MIXED)) {
                try (CudaEngine engine = engine(program(size, precision), device)) {
                    // As far from the target: of three products it is what single precision takes.
                    engine.takeProducts(precision == Precision.MIXED ? 1 : 3);
                    double alone = GpuCheck.alone(device, engine, new SplittableRandom(6).doubles((long) size * size).toArray())
                            * 1e3;
                    for (OptimizerSettings settings : OPTIMIZERS) {
                        try (Minimizer minimizer = engine.minimizer(minimization(settings)).orElseThrow()) {
                            double[] milliseconds = new double[2];
                            for (int run = 0; run < 2; run++) {
                                long begun = System.nanoTime();
                                int count = hostLosses(engine, settings, EVALUATIONS).size();
                                milliseconds[0] = (System.nanoTime() - begun) * 1e-6 / count;
                                begun = System.nanoTime();
                                count = deviceLosses(engine, minimizer, EVALUATIONS).size();
                                milliseconds[1] = (System.nanoTime() - begun) * 1e-6 / count;
                            }
                            System.out.printf(Locale.ROOT, "| %d | %s | %s | %d | %.4f | %.4f | %.4f |%n", size, precision,
                                    settings.name(), launches(engine), milliseconds[0], milliseconds[1], alone);
                        }
                    }
                } catch (RuntimeException failure) {
                    report(false, size + " " + precision + ": " + failure);
                }
            }
        }
    }

    private static void batches(List<Integer> numbers) throws Exception {
        CudaProgram program = program(64, Precision.SINGLE);
        System.out.println("| loops at once, 64x64, single, lbfgs | evaluations in a second, all together |");
        List<Double> expected = null;
        for (int number : numbers) {
            CyclicBarrier ready = new CyclicBarrier(number + 1);
            try (ExecutorService threads = Executors.newFixedThreadPool(number)) {
                List<Future<List<Double>>> futures = new ArrayList<>();
                for (int k = 0; k < number; k++) {
                    futures.add(threads.submit(() -> SharedCudaDevice.apart(() -> alongside(program, ready))));
                }
                ready.await(PATIENCE, TimeUnit.SECONDS);
                long begun = System.nanoTime();
                ready.await(PATIENCE, TimeUnit.SECONDS);
                double seconds = (System.nanoTime() - begun) * 1e-9;
                int evaluations = 0;
                boolean same = true;
                for (Future<List<Double>> future : futures) {
                    evaluations += future.get().size();
                    expected = expected == null ? future.get() : expected;
                    same &= expected.equals(future.get());
                }
                System.out.printf(Locale.ROOT, "| %d | %.0f |%n", number, evaluations / seconds);
                report(same, number + " loops at once have the bits of one alone");
            }
        }
    }

    /** A loop that begins when all others are ready. */
    private static List<Double> alongside(CudaProgram program, CyclicBarrier ready) {
        try (CudaEngine engine = engine(program, SharedCudaDevice.get());
                Minimizer minimizer = engine.minimizer(minimization(LimitedMemoryBfgsSettings.DEFAULT)).orElseThrow()) {
            deviceLosses(engine, minimizer, 32);
            ready.await(PATIENCE, TimeUnit.SECONDS);
            List<Double> losses = deviceLosses(engine, minimizer, EVALUATIONS);
            ready.await(PATIENCE, TimeUnit.SECONDS);
            return losses;
        } catch (BrokenBarrierException | InterruptedException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
