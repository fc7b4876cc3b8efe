package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.cli.DescriptorLoader;
import org.mcrc.runtime.cli.LibraryPrograms;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Minimization;
import org.mcrc.runtime.engine.Minimizer;
import org.mcrc.runtime.engine.Minimizer.Evaluation;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.optimize.AdamSettings;
import org.mcrc.runtime.optimize.BoxConstrained;
import org.mcrc.runtime.optimize.LimitedMemoryBfgsSettings;
import org.mcrc.runtime.optimize.Optimizer;

/** The loop on a device against the loop of the host, with the same kernels for loss and gradient. */
class DeviceLoopTest {
    private static final int SIZE = 16;

    @BeforeEach
    void device() {
        HostDevice.assumeAvailable();
    }

    private static CudaProgram s2s3() {
        IndexProgram program = LibraryPrograms.bound("s2s3", List.of(SIZE, SIZE), Map.of("P", 4.0));
        return CudaProgram.of(program, Precision.DOUBLE, true);
    }

    private static double[] random(long seed, int size) {
        return new SplittableRandom(seed).doubles(size, 0.3, 0.7).toArray();
    }

    /** An engine whose target is the descriptor of a checkerboard. */
    private static CudaEngine engine(CudaProgram program, Device device) {
        CudaEngine engine = new CudaEngine(program.manifest(), program.source(), device);
        double[] board = new double[SIZE * SIZE];
        for (int k = 0; k < board.length; k++) {
            board[k] = (k / SIZE / 4 + k % SIZE / 4) % 2;
        }
        engine.characterize(Map.of("M", board));
        List<String> outputs = engine.signature().outputs().stream().map(Signature.Entry::name).toList();
        outputs.forEach(output -> engine.setTarget(output, engine.values(output)));
        return engine;
    }

    private static List<Losses> onHost(Engine engine, Optimizer optimizer, double[] point, int evaluations) {
        List<Losses> losses = new ArrayList<>();
        double[] gradient = new double[point.length];
        do {
            losses.add(engine.evaluate(Map.of("M", point), Map.of("M", gradient)));
        } while (optimizer.propose(point, losses.getLast().loss(), gradient) && losses.size() < evaluations);
        return losses;
    }

    private static List<Evaluation> onDevice(Minimizer minimizer, double[] point, int evaluations, int stride) {
        List<Evaluation> told = new ArrayList<>();
        minimizer.begin(point);
        while (told.size() < evaluations && !minimizer.exhausted()) {
            told.addAll(minimizer.advance(Math.min(stride, evaluations - told.size())));
        }
        minimizer.next(point);
        return told;
    }

    @Test
    void whatItTookIsGivenBackWhereNotAllOfItFits() {
        CudaProgram program = s2s3();
        // Room for the point and a few arrays like it, and not for the memory of L-BFGS.
        long room = CudaEngine.bytes(program.manifest()) + 16L * SIZE * SIZE * Double.BYTES;
        try (HostDevice device = new HostDevice(HostDevice.Order.values()[0], room);
                CudaEngine engine = engine(program, device)) {
            long free = device.freeBytes();
            assertThrows(InputError.class, () -> new DeviceLoop(engine, device,
                    new Minimization(LimitedMemoryBfgsSettings.DEFAULT, false, false)));
            assertEquals(free, device.freeBytes());
            try (DeviceLoop loop = new DeviceLoop(engine, device, new Minimization(AdamSettings.DEFAULT, false, false))) {
                assertEquals(DeviceLoop.STRIDE, loop.stride());
                assertTrue(device.freeBytes() < free);
            }
            assertEquals(free, device.freeBytes());
        }
    }

    @Test
    void adamGoesTheWayOfTheHost() {
        CudaProgram program = s2s3();
        double[] start = random(1, SIZE * SIZE);
        double[] low = new double[start.length];
        double[] high = new double[start.length];
        Arrays.fill(high, 1);
        try (HostDevice device = new HostDevice(); CudaEngine engine = engine(program, device);
                Minimizer minimizer = engine.minimizer(new Minimization(AdamSettings.DEFAULT, true, true)).orElseThrow()) {
            double[] expected = start.clone();
            Optimizer optimizer = new BoxConstrained(AdamSettings.DEFAULT.create(), low, high);
            List<Losses> losses = onHost(engine, optimizer, expected, 200);
            double[] found = start.clone();
            List<Evaluation> told = onDevice(minimizer, found, 200, 16);
            assertEquals(losses, told.stream().map(Evaluation::losses).toList());
            assertArrayEquals(expected, found);
        }
    }

    @Test
    void lbfgsGoesTheWayOfTheHostAndConvergesAsItDoes() {
        CudaProgram program = s2s3();
        double[] start = random(2, SIZE * SIZE);
        try (HostDevice device = new HostDevice(); CudaEngine engine = engine(program, device);
                Minimizer minimizer = engine.minimizer(new Minimization(LimitedMemoryBfgsSettings.DEFAULT, false, true))
                        .orElseThrow()) {
            List<Losses> losses = onHost(engine, LimitedMemoryBfgsSettings.DEFAULT.create(), start.clone(), 400);
            double[] point = start.clone();
            List<Evaluation> told = onDevice(minimizer, point, 400, 16);
            for (int k = 0; k < 20; k++) {
                double loss = losses.get(k).loss();
                assertEquals(loss, told.get(k).losses().loss(), 1e-9 * loss, "evaluation " + k);
            }
            double enough = 1e-4 * losses.getFirst().loss();
            int expected = needed(losses, enough);
            int found = needed(told.stream().map(Evaluation::losses).toList(), enough);
            assertEquals(expected, found, 0.2 * expected);
            // The best point has the least loss.
            double least = told.stream().mapToDouble(each -> each.losses().loss()).min().orElseThrow();
            minimizer.best(point);
            assertEquals(least, engine.evaluate(Map.of("M", point)).loss());
        }
    }

    private static int needed(List<Losses> losses, double enough) {
        for (int k = 0; k < losses.size(); k++) {
            if (losses.get(k).loss() < enough) {
                return k;
            }
        }
        throw new AssertionError("the least is " + losses.stream().mapToDouble(Losses::loss).min().orElseThrow() + ", not "
                + enough);
    }

    /** How many evaluations are asked for at once changes nothing, nor does the threads' order, nor what was done before. */
    @Test
    void theSamePointGivesTheSameBits() {
        CudaProgram program = s2s3();
        double[] start = random(3, SIZE * SIZE);
        Minimization minimization = new Minimization(LimitedMemoryBfgsSettings.DEFAULT, false, true);
        List<List<Evaluation>> all = new ArrayList<>();
        List<double[]> points = new ArrayList<>();
        for (HostDevice.Order order : HostDevice.Order.values()) {
            try (HostDevice device = new HostDevice(order, 1L << 30); CudaEngine engine = engine(program, device);
                    Minimizer minimizer = engine.minimizer(minimization).orElseThrow()) {
                for (int stride : order == HostDevice.Order.ASCENDING ? new int[] {1, 10, 16} : new int[] {7}) {
                    points.add(start.clone());
                    all.add(onDevice(minimizer, points.getLast(), 30, stride));
                    double[] evaluated = new double[start.length];
                    minimizer.evaluated(evaluated);
                    assertEquals(all.getLast().getLast().losses().loss(), engine.evaluate(Map.of("M", evaluated)).loss());
                }
            }
        }
        for (int k = 1; k < all.size(); k++) {
            assertEquals(all.getFirst(), all.get(k));
            assertArrayEquals(points.getFirst(), points.get(k));
        }
    }

    @Test
    void severalFieldsAreOneVector(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("two.mcr"), """
                descriptor two
                field A in [0, 0.6]
                field B
                output D = mean[x](A[x] * A[x] - 2 * B[x])
                """);
        PrintWriter messages = new PrintWriter(new StringWriter());
        CudaProgram compiled = CudaProgram.of(DescriptorLoader.load(file, messages)
                .bind(List.of(6, 6), 2, Map.of(), messages).program(), Precision.DOUBLE, true);
        double[] start = random(4, 72);
        try (HostDevice device = new HostDevice();
                CudaEngine engine = new CudaEngine(compiled.manifest(), compiled.source(), device);
                Minimizer minimizer = engine.minimizer(new Minimization(AdamSettings.DEFAULT, true, true)).orElseThrow()) {
            engine.setTarget(engine.signature().outputs().getFirst().name(), new double[] {1});
            double[] found = start.clone();
            List<Evaluation> told = onDevice(minimizer, found, 20, 16);
            Optimizer optimizer = AdamSettings.DEFAULT.create();
            double[] point = start.clone();
            for (Evaluation each : told) {
                double[] a = Arrays.copyOf(point, 36);
                double[] b = Arrays.copyOfRange(point, 36, 72);
                double[] ga = new double[36];
                double[] gb = new double[36];
                Losses losses = engine.evaluate(Map.of("A", a, "B", b), Map.of("A", ga, "B", gb));
                assertEquals(losses, each.losses());
                double[] gradient = Arrays.copyOf(ga, 72);
                System.arraycopy(gb, 0, gradient, 36, 36);
                optimizer.propose(point, losses.loss(), gradient);
                for (int k = 0; k < 36; k++) {
                    point[k] = Math.clamp(point[k], 0.0, 0.6);
                }
            }
            assertArrayEquals(point, found);
            assertTrue(Arrays.stream(found, 36, 72).anyMatch(value -> value < 0));
        }
    }

    @Test
    void whatItCannotDoIsLeftToTheHost() {
        CudaProgram program = s2s3();
        try (HostDevice device = new HostDevice(); CudaEngine engine = engine(program, device)) {
            assertEquals(Optional.empty(), engine.minimizer(
                    new Minimization(LimitedMemoryBfgsSettings.DEFAULT, true, true)));
            assertEquals(Optional.empty(), engine.minimizer(
                    new Minimization(new LimitedMemoryBfgsSettings(500, 0.1), false, true)));
            try (Minimizer minimizer = engine.minimizer(new Minimization(AdamSettings.DEFAULT, false, true)).orElseThrow()) {
                minimizer.begin(new double[SIZE * SIZE]);
                assertThrows(IllegalArgumentException.class, () -> minimizer.advance(17));
            }
        }
    }
}
