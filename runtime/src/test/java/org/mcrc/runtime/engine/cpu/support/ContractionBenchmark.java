package org.mcrc.runtime.engine.cpu.support;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.SplittableRandom;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Times the forward and the reverse contraction of the three-point correlations with a logistic threshold, written as
 * the code generator writes them: 64² pixels, the 1985 vectors of {@code halfwindow(31)}, single precision.
 *
 * <p>Arguments: workers, repetitions. Compare ratios within one run: the machine may be shared.
 */
public final class ContractionBenchmark {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int SIDE = 64;
    private static final int REACH = 31;
    private static final int PITCH = SIDE + 2 * REACH;
    private static final int ORIGIN = REACH * PITCH + REACH;
    /** Vectors may reach beyond the last pixel. */
    private static final int LENGTH = PITCH * PITCH + LANES;
    private static final int VECTORS_PER_ROW = (SIDE + LANES - 1) / LANES;
    private static final float SLOPE = 10;
    private static final float C1 = 1.05f;
    private static final float C2 = -0.7f;
    private static final float C3 = -0.01f;

    private final int[] shifts = shifts();
    private final Halo halo = new Halo(new int[] {SIDE, SIDE}, new int[] {REACH, REACH});
    private final float[] padded = new float[LENGTH];
    private final float[] gram = new float[shifts.length * shifts.length];
    private final float[] adjoint = new float[shifts.length * shifts.length];
    private final float[] gradient = new float[LENGTH];
    private final Contraction<float[]> contraction;
    private final Workers workers;
    private final int chunks;
    private final float[][] accumulators;

    private ContractionBenchmark(Workers workers) {
        this.workers = workers;
        contraction = Contraction.singlePrecision(workers);
        chunks = contraction.chunks(SIDE * VECTORS_PER_ROW, LENGTH);
        accumulators = new float[chunks][LENGTH];
        SplittableRandom random = new SplittableRandom(3);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                padded[ORIGIN + y * PITCH + x] = (float) random.nextDouble();
            }
        }
        for (int index = 0; index < adjoint.length; index++) {
            adjoint[index] = (float) random.nextDouble(-1, 1) * 1e-3f;
        }
    }

    public static void main(String[] arguments) {
        int count = Integer.parseInt(arguments[0]);
        int repetitions = Integer.parseInt(arguments[1]);
        try (Workers workers = new Workers(count)) {
            ContractionBenchmark benchmark = new ContractionBenchmark(workers);
            int rows = benchmark.shifts.length;
            double forwardOperations = (double) SIDE * SIDE * rows * rows;
            double[] peak = new double[repetitions];
            double[] forward = new double[repetitions];
            double[] reverse = new double[repetitions];
            double[] forwardProcessor = new double[repetitions];
            double[] reverseProcessor = new double[repetitions];
            for (int repetition = 0; repetition < repetitions; repetition++) {
                peak[repetition] = benchmark.peak();
                long cpu = processorTime();
                long start = System.nanoTime();
                benchmark.forward();
                long between = System.nanoTime();
                long cpuBetween = processorTime();
                benchmark.reverse();
                long end = System.nanoTime();
                forward[repetition] = (between - start) * 1e-9;
                reverse[repetition] = (end - between) * 1e-9;
                forwardProcessor[repetition] = (cpuBetween - cpu) * 1e-9;
                reverseProcessor[repetition] = (processorTime() - cpuBetween) * 1e-9;
            }
            System.out.printf("lanes %d, workers %d, chunks %d%n", LANES, count, benchmark.chunks);
            System.out.printf("micro-kernel %.1f GFLOP/s (best %.1f)%n", median(peak), max(peak));
            report("forward", forwardOperations, forward, forwardProcessor);
            report("reverse", 2 * forwardOperations, reverse, reverseProcessor);
            System.out.printf("together %.4f s, processor %.4f s%n", median(forward) + median(reverse),
                    median(forwardProcessor) + median(reverseProcessor));
        }
    }

    private static void report(String name, double operations, double[] wall, double[] processor) {
        System.out.printf("%s  %.4f s (best %.4f), processor %.4f s, %.1f GFLOP/s useful per processor second%n", name,
                median(wall), min(wall), median(processor), operations / median(processor) * 1e-9);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double min(double[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }

    /** The processor time of the Java threads, in nanoseconds: not that of the compiler. */
    private static long processorTime() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getAllThreadIds()).map(threads::getThreadCpuTime).sum();
    }

    /** GFLOP/s of the micro-kernel alone on all workers, its panels in the first-level cache or nearly so. */
    private double peak() {
        FloatTile tile = FloatTile.INSTANCE;
        int depth = 256;
        int calls = 4000;
        long start = System.nanoTime();
        workers.run(workers.count(), worker -> {
            float[] panel = new float[depth * tile.columns()];
            float[] rows = new float[depth * tile.rows()];
            float[] result = new float[tile.rows() * tile.columns()];
            for (int call = 0; call < calls; call++) {
                tile.multiply(depth, rows, 0, panel, 0, result, 0);
            }
        });
        double seconds = (System.nanoTime() - start) * 1e-9;
        return 2.0 * depth * tile.rows() * tile.columns() * calls * workers.count() / seconds * 1e-9;
    }

    private void forward() {
        halo.wrap(padded, 0);
        contraction.gram(shifts.length, SIDE * VECTORS_PER_ROW, this::produce, 1.0 / (SIDE * SIDE), gram);
    }

    private void reverse() {
        Accumulators.clear(accumulators, workers);
        contraction.reverse(shifts.length, shifts.length, SIDE * VECTORS_PER_ROW, this::coefficients, this::produce,
                chunks, this::scatter);
        Arrays.fill(gradient, 0);
        Accumulators.addTo(gradient, 0, accumulators, halo.length(), workers);
        halo.fold(gradient, 0);
    }

    private void coefficients(int firstRow, int lastRow, int firstInner, int lastInner, float[] target, int offset, int stride) {
        int n = shifts.length;
        for (int r = firstRow; r < lastRow; r++) {
            for (int b = firstInner; b < lastInner; b++) {
                target[offset + (r - firstRow) * stride + b - firstInner] = adjoint[r * n + b] + adjoint[b * n + r];
            }
        }
    }

    // e[x, r] = f((M[x] + M[x + r]) / 2)
    private void produce(int firstRow, int lastRow, int firstVector, int lastVector, float[] target, int offset,
            int stride) {
        for (int vector = firstVector; vector < lastVector; vector++) {
            int pixel = vector / VECTORS_PER_ROW * PITCH + ORIGIN + vector % VECTORS_PER_ROW * LANES;
            int to = offset + (vector - firstVector) * LANES;
            VectorMask<Float> inside = SPECIES.indexInRange(vector % VECTORS_PER_ROW * LANES, SIDE);
            FloatVector here = FloatVector.fromArray(SPECIES, padded, pixel);
            for (int row = firstRow; row < lastRow; row++) {
                FloatVector there = FloatVector.fromArray(SPECIES, padded, pixel + shifts[row]);
                FloatVector mean = here.add(there).mul(0.5f);
                FloatVector value = VectorMath.sigmoid(mean.add(C2).mul(SLOPE)).mul(C1).add(C3);
                FloatVector.zero(SPECIES).blend(value, inside).intoArray(target, to + (row - firstRow) * stride);
            }
        }
    }

    // w = z * f'((M[x] + M[x + r]) / 2) / 2, added at x and at x + r
    private void scatter(int chunk, int firstRow, int lastRow, int firstVector, int lastVector, float[] tile,
            int offset, int stride) {
        float[] accumulator = accumulators[chunk];
        for (int vector = firstVector; vector < lastVector; vector++) {
            int pixel = vector / VECTORS_PER_ROW * PITCH + ORIGIN + vector % VECTORS_PER_ROW * LANES;
            int from = offset + (vector - firstVector) * LANES;
            FloatVector here = FloatVector.fromArray(SPECIES, padded, pixel);
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int row = firstRow; row < lastRow; row++) {
                FloatVector there = FloatVector.fromArray(SPECIES, padded, pixel + shifts[row]);
                FloatVector mean = here.add(there).mul(0.5f);
                FloatVector s = VectorMath.sigmoid(mean.add(C2).mul(SLOPE));
                FloatVector derivative = s.mul(s.sub(1)).mul(-0.5f * SLOPE * C1);
                FloatVector w = FloatVector.fromArray(SPECIES, tile, from + (row - firstRow) * stride).mul(derivative);
                sum = sum.add(w);
                FloatVector.fromArray(SPECIES, accumulator, pixel + shifts[row]).add(w)
                        .intoArray(accumulator, pixel + shifts[row]);
            }
            FloatVector.fromArray(SPECIES, accumulator, pixel).add(sum).intoArray(accumulator, pixel);
        }
    }

    private static int[] shifts() {
        int[] shifts = new int[2 * REACH * (REACH + 1) + 1];
        int count = 0;
        for (int dy = 0; dy <= REACH; dy++) {
            for (int dx = dy == 0 ? 0 : -REACH; dx <= REACH; dx++) {
                shifts[count++] = dy * PITCH + dx;
            }
        }
        return shifts;
    }
}
