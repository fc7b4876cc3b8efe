package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcrc.runtime.optimize.AdamSettings;
import org.mcrc.runtime.optimize.BoxConstrained;
import org.mcrc.runtime.optimize.LimitedMemoryBfgs;
import org.mcrc.runtime.optimize.LimitedMemoryBfgsSettings;
import org.mcrc.runtime.optimize.Optimizer;
import org.mcrc.runtime.optimize.OptimizerSettings;

/** The optimizers on a device against those of the host, on functions whose losses and gradients the host computes. */
class DeviceOptimizerTest {
    private static final int ROWS = 4;

    @BeforeEach
    void device() {
        HostDevice.assumeAvailable();
    }

    /**
     * What a run did.
     *
     * @param points where it evaluated
     * @param losses what it found there
     * @param last the point after the last evaluation
     */
    private record Run(List<double[]> points, List<Double> losses, double[] last, boolean exhausted, double[] best) {
    }

    private static Run onHost(Optimizer optimizer, ToDoubleBiFunction<double[], double[]> function, double[] start,
            int evaluations) {
        double[] point = start.clone();
        double[] gradient = new double[point.length];
        List<double[]> points = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        boolean more = true;
        while (more && losses.size() < evaluations) {
            double loss = function.applyAsDouble(point, gradient);
            points.add(point.clone());
            losses.add(loss);
            boolean finite = Double.isFinite(loss) && Arrays.stream(gradient).allMatch(Double::isFinite);
            more = optimizer.propose(point, finite ? loss : Double.POSITIVE_INFINITY, gradient);
        }
        int least = 0;
        for (int k = 1; k < losses.size(); k++) {
            least = losses.get(k) < losses.get(least) ? k : least;
        }
        return new Run(points, losses, point, !more, points.get(least));
    }

    private static double[] read(Device device, Device.Buffer buffer) {
        ByteBuffer memory = device.hostMemory((int) buffer.bytes());
        device.copyToHost(buffer, memory);
        device.synchronize();
        double[] values = new double[(int) (buffer.bytes() / Double.BYTES)];
        memory.clear().asDoubleBuffer().get(values);
        device.freeHostMemory(memory);
        return values;
    }

    private static void write(Device device, Device.Buffer buffer, double... values) {
        ByteBuffer memory = device.hostMemory(values.length * Double.BYTES);
        memory.asDoubleBuffer().put(values);
        device.copyToDevice(memory, buffer);
        device.synchronize();
        device.freeHostMemory(memory);
    }

    private static Run onDevice(HostDevice.Order order, OptimizerSettings settings, List<DeviceAdam.Range> ranges,
            ToDoubleBiFunction<double[], double[]> function, double[] start, int evaluations, boolean finiteOnly) {
        List<double[]> points = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        double[] gradient = new double[start.length];
        try (HostDevice device = new HostDevice(order, 1L << 30);
                Device.Module module = DeviceOptimizer.load(device);
                DeviceMemory memory = new DeviceMemory(device)) {
            DeviceUnknowns unknowns = new DeviceUnknowns(memory, start.length, ROWS, 1);
            Device.Buffer loss = memory.numbers(1);
            DeviceOptimizer optimizer = switch (settings) {
                case AdamSettings adam -> new DeviceAdam(memory, module, unknowns, adam, finiteOnly, ranges);
                case LimitedMemoryBfgsSettings bfgs -> new DeviceLbfgs(memory, module, unknowns, bfgs, finiteOnly);
            };
            optimizer.begin();
            write(device, unknowns.point(), start);
            double[] ring = read(device, unknowns.ring());
            while (losses.size() < evaluations && ring[1] == 0) {
                double[] point = read(device, unknowns.point());
                points.add(point);
                losses.add(function.applyAsDouble(point, gradient));
                write(device, unknowns.gradient(), gradient);
                write(device, loss, losses.getLast());
                optimizer.advance(loss);
                ring = read(device, unknowns.ring());
                assertArrayEquals(point, read(device, unknowns.evaluated()));
                int row = DeviceUnknowns.HEAD + 2 * ((losses.size() - 1) % ROWS);
                assertEquals(losses.size(), ring[0]);
                assertEquals(losses.getLast(), ring[row]);
                assertEquals(Double.isFinite(losses.getLast()) ? 1 : 0, ring[row + 1]);
            }
            // What is launched after the end changes nothing.
            double[] last = read(device, unknowns.point());
            if (ring[1] != 0) {
                optimizer.advance(loss);
                assertArrayEquals(ring, read(device, unknowns.ring()));
                assertArrayEquals(last, read(device, unknowns.point()));
            }
            return new Run(points, losses, last, ring[1] != 0, read(device, unknowns.best()));
        }
    }

    private static Run lbfgs(int history, double firstStep, ToDoubleBiFunction<double[], double[]> function, double[] start,
            int evaluations) {
        return onDevice(HostDevice.Order.ASCENDING, new LimitedMemoryBfgsSettings(history, firstStep), List.of(), function,
                start, evaluations, false);
    }

    private static List<DeviceAdam.Range> everywhere(int count) {
        return List.of(new DeviceAdam.Range(0, count, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
    }

    /** Half the sum of c_k (x_k - a_k)^2, with curvatures from 1 to 1000. */
    private static ToDoubleBiFunction<double[], double[]> quadratic(int count) {
        double[] middle = new SplittableRandom(3).doubles(count, -1, 1).toArray();
        return (x, gradient) -> {
            double sum = 0;
            for (int k = 0; k < count; k++) {
                double curvature = Math.pow(10, 3.0 * k / count);
                gradient[k] = curvature * (x[k] - middle[k]);
                sum += 0.5 * gradient[k] * (x[k] - middle[k]);
            }
            return sum;
        };
    }

    /** Rosenbrock's valley in n dimensions: 0 at (1, …, 1). */
    private static double rosenbrock(double[] x, double[] gradient) {
        double sum = 0;
        for (int k = 0; k < x.length; k += 2) {
            double a = 10 * (x[k + 1] - x[k] * x[k]);
            double b = 1 - x[k];
            sum += a * a + b * b;
            gradient[k] = -40 * a * x[k] - 2 * b;
            gradient[k + 1] = 20 * a;
        }
        return sum;
    }

    private static double[] valley(int count) {
        double[] start = new double[count];
        for (int k = 0; k < count; k++) {
            start[k] = k % 2 == 0 ? -1.2 + 0.001 * k : 1;
        }
        return start;
    }

    private static void same(Run expected, Run found, int evaluations, double tolerance) {
        for (int k = 0; k < evaluations; k++) {
            assertArrayEquals(expected.points().get(k), found.points().get(k), tolerance, "evaluation " + k);
            double loss = expected.losses().get(k);
            double margin = Double.isNaN(loss) ? 1 : tolerance * Math.abs(loss) + Double.MIN_VALUE;
            assertEquals(loss, found.losses().get(k), margin);
        }
    }

    @Test
    void adamMovesAsItDoesOnTheHost() {
        int count = 600;
        double[] start = new double[count];
        AdamSettings falling = new AdamSettings(0.1, 20, 0.5, 0.9, 0);
        for (AdamSettings settings : List.of(AdamSettings.DEFAULT, AdamSettings.PAPER, falling)) {
            Run expected = onHost(settings.create(), quadratic(count), start, 200);
            Run found = onDevice(HostDevice.Order.ASCENDING, settings, everywhere(count), quadratic(count), start, 200,
                    false);
            for (int k = 0; k < 200; k++) {
                assertArrayEquals(expected.points().get(k), found.points().get(k), "evaluation " + k);
            }
            assertArrayEquals(expected.best(), found.best());
        }
    }

    @Test
    void adamStaysInItsBoxes() {
        int count = 300;
        double[] start = new double[count];
        double[] low = new double[count];
        double[] high = new double[count];
        Arrays.fill(low, 0, 100, -0.1);
        Arrays.fill(high, 0, 100, 0.2);
        Arrays.fill(low, 100, count, Double.NEGATIVE_INFINITY);
        Arrays.fill(high, 100, count, 0.05);
        Run expected = onHost(new BoxConstrained(AdamSettings.DEFAULT.create(), low, high), quadratic(count), start, 60);
        List<DeviceAdam.Range> ranges = List.of(new DeviceAdam.Range(0, 100, -0.1, 0.2),
                new DeviceAdam.Range(100, 200, Double.NEGATIVE_INFINITY, 0.05));
        Run found = onDevice(HostDevice.Order.SHUFFLED, AdamSettings.DEFAULT, ranges, quadratic(count), start, 60, false);
        assertArrayEquals(expected.last(), found.last());
        assertTrue(Arrays.stream(found.last()).anyMatch(value -> value == 0.05));
    }

    @Test
    void lbfgsGoesTheWayOfTheHost() {
        int count = 700;
        double[] start = new double[count];
        LimitedMemoryBfgsSettings settings = LimitedMemoryBfgsSettings.DEFAULT;
        same(onHost(settings.create(), quadratic(count), start, 40), lbfgs(20, 0.1, quadratic(count), start, 40), 40, 1e-9);
        double[] bent = valley(count);
        Run expected = onHost(settings.create(), DeviceOptimizerTest::rosenbrock, bent, 25);
        same(expected, lbfgs(20, 0.1, DeviceOptimizerTest::rosenbrock, bent, 25), 25, 1e-8);
    }

    /** With a short history the oldest steps make room. */
    @Test
    void lbfgsForgetsAsTheHostDoes() {
        double[] start = valley(40);
        Run expected = onHost(new LimitedMemoryBfgs(new LimitedMemoryBfgsSettings(3, 0.1)),
                DeviceOptimizerTest::rosenbrock, start, 30);
        same(expected, lbfgs(3, 0.1, DeviceOptimizerTest::rosenbrock, start, 30), 30, 1e-7);
    }

    @Test
    void lbfgsFindsTheEndOfRosenbrocksValley() {
        Run expected = onHost(LimitedMemoryBfgsSettings.DEFAULT.create(), DeviceOptimizerTest::rosenbrock, valley(40), 150);
        Run found = lbfgs(20, 0.1, DeviceOptimizerTest::rosenbrock, valley(40), 150);
        double[] ones = new double[40];
        Arrays.fill(ones, 1);
        assertArrayEquals(ones, found.best(), 1e-7);
        assertEquals(needed(expected), needed(found), 0.2 * needed(expected));
    }

    private static int needed(Run run) {
        for (int k = 0; k < run.losses().size(); k++) {
            if (run.losses().get(k) < 1e-10) {
                return k;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    void lbfgsTakesWhatIsNoNumberForTooLarge() {
        ToDoubleBiFunction<double[], double[]> function = (x, gradient) -> {
            gradient[0] = 1 - 1 / x[0];
            return x[0] - Math.log(x[0]);
        };
        Run expected = onHost(new LimitedMemoryBfgs(new LimitedMemoryBfgsSettings(5, 40)), function, new double[] {17}, 20);
        Run found = lbfgs(5, 40, function, new double[] {17}, 20);
        same(expected, found, 8, 1e-9);
        assertEquals(1, found.best()[0], 1e-4);
        Run refused = onDevice(HostDevice.Order.ASCENDING, new LimitedMemoryBfgsSettings(5, 40), List.of(), function,
                new double[] {17}, 12, true);
        assertTrue(refused.exhausted());
        assertEquals(2, refused.losses().size());
        assertTrue(Double.isNaN(refused.losses().getLast()));
        assertEquals(17, refused.best()[0]);
    }

    @Test
    void lbfgsEndsAtAMinimumAndWhereTheGradientIsWrong() {
        Run minimum = lbfgs(20, 0.1, (x, gradient) -> {
            gradient[0] = 2 * x[0];
            return x[0] * x[0];
        }, new double[1], 10);
        assertTrue(minimum.exhausted());
        assertEquals(1, minimum.losses().size());
        ToDoubleBiFunction<double[], double[]> uphill = (x, gradient) -> {
            gradient[0] = -1;
            return x[0];
        };
        Run expected = onHost(LimitedMemoryBfgsSettings.DEFAULT.create(), uphill, new double[] {0.5}, 200);
        Run wrong = lbfgs(20, 0.1, uphill, new double[] {0.5}, 200);
        assertTrue(wrong.exhausted());
        assertEquals(expected.losses(), wrong.losses());
        assertArrayEquals(new double[] {0.5}, wrong.last());
        // Where nothing is a number but the start, a search ends a little beside it.
        Run alone = lbfgs(20, 0.1, (x, gradient) -> {
            gradient[0] = -1;
            return x[0] == 0.5 ? 1 : Double.NaN;
        }, new double[] {0.5}, 200);
        assertTrue(alone.exhausted());
        assertArrayEquals(new double[] {0.5}, alone.last());
    }

    /** A search fails: steepest descent is tried from where it began, with the gradient there. */
    @Test
    void lbfgsTriesSteepestDescentWhereASearchFailed() {
        Run expected = onHost(LimitedMemoryBfgsSettings.DEFAULT.create(), interrupted(), new double[5], 45);
        Run found = lbfgs(20, 0.1, interrupted(), new double[5], 45);
        assertEquals(45, found.losses().size());
        same(expected, found, 45, 1e-8);
        assertTrue(found.losses().getLast() < 1e-3 * found.losses().get(5));
    }

    /** A quadratic function that from the seventh evaluation on is far too large for as long as a search lasts. */
    private static ToDoubleBiFunction<double[], double[]> interrupted() {
        int[] evaluations = new int[1];
        return (x, gradient) -> {
            int evaluation = evaluations[0]++;
            boolean wrong = evaluation >= 6 && evaluation < 31;
            double sum = wrong ? 100 : 0;
            for (int k = 0; k < x.length; k++) {
                gradient[k] = (wrong ? -2 : 2) * (k + 1) * (x[k] - 1);
                sum += (k + 1) * (x[k] - 1) * (x[k] - 1);
            }
            return sum;
        };
    }

    /** The bits do not depend on the order in which threads and blocks run. */
    @Test
    void sumsHaveAFixedOrder() {
        double[] start = valley(3000);
        List<double[]> lasts = new ArrayList<>();
        for (HostDevice.Order order : HostDevice.Order.values()) {
            lasts.add(onDevice(order, new LimitedMemoryBfgsSettings(4, 0.1), List.of(), DeviceOptimizerTest::rosenbrock,
                    start, 12, false).last());
        }
        assertArrayEquals(lasts.get(0), lasts.get(1), 0.0);
        assertArrayEquals(lasts.get(0), lasts.get(2), 0.0);
    }
}
