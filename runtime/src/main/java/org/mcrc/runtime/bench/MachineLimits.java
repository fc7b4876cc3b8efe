package org.mcrc.runtime.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.mcrc.runtime.engine.cpu.support.Contraction;
import org.mcrc.runtime.engine.cpu.support.Producer;
import org.mcrc.runtime.engine.cpu.support.Workers;

/**
 * What this machine can do at most, in single precision and on all workers: the multiply-adds that registers allow, the
 * bytes that memory delivers, and a matrix product whose operands lie ready. No evaluation is faster than the first two; one
 * that is made of contractions is about as fast as the third.
 */
public final class MachineLimits {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Multiply-adds in flight for each worker: more than the latency of any machine's unit times its units. */
    private static final int ACCUMULATORS = 12;
    private static final int FMA_REPETITIONS = 4_000_000;

    /** The numbers copied: 128 MB from and 128 MB to, far more than caches hold. */
    private static final int COPIED = 1 << 25;
    private static final int COPIED_BY_TASK = 1 << 18;

    private final Workers workers;
    private final float[] source = new float[COPIED];
    private final float[] target = new float[COPIED];
    private final float[] sums;

    /** @param workers who measure */
    public MachineLimits(Workers workers) {
        this.workers = workers;
        this.sums = new float[workers.count()];
        Arrays.fill(source, 1);
    }

    /** The bits of a vector register. */
    public static int vectorBits() {
        return SPECIES.vectorBitSize();
    }

    /** The processor's caches, as {@code L1 32K, L2 512K, L3 8192K}; empty where the system does not tell. */
    public static String caches() {
        List<String> caches = new ArrayList<>();
        Path folder = Path.of("/sys/devices/system/cpu/cpu0/cache");
        try {
            for (int index = 0; Files.isDirectory(folder.resolve("index" + index)); index++) {
                Path cache = folder.resolve("index" + index);
                if (!Files.readString(cache.resolve("type")).strip().equals("Instruction")) {
                    caches.add("L" + Files.readString(cache.resolve("level")).strip() + " "
                            + Files.readString(cache.resolve("size")).strip());
                }
            }
        } catch (IOException untold) {
            return "";
        }
        return String.join(", ", caches);
    }

    /** The operations of {@link #multiplyAdd}; a multiply-add is two. */
    public double multiplyAddFlops() {
        return 2.0 * SPECIES.length() * ACCUMULATORS * FMA_REPETITIONS * workers.count();
    }

    /** Multiplies and adds in registers, the same number on every worker. */
    public void multiplyAdd() {
        workers.run(workers.count(), worker -> sums[worker] = multiplyAdd(FMA_REPETITIONS, 1 - 1e-7f));
    }

    /**
     * Every accumulator is a variable of its own, for one in an array would be an object, and it is what is added to: a
     * multiply-add leaves its result in the register of that operand, and any other would have to be copied there first.
     */
    private static float multiplyAdd(int repetitions, float factor) {
        FloatVector f = FloatVector.broadcast(SPECIES, factor);
        FloatVector g = FloatVector.broadcast(SPECIES, 1e-7f);
        FloatVector a0 = f;
        FloatVector a1 = f;
        FloatVector a2 = f;
        FloatVector a3 = f;
        FloatVector a4 = f;
        FloatVector a5 = f;
        FloatVector a6 = f;
        FloatVector a7 = f;
        FloatVector a8 = f;
        FloatVector a9 = f;
        FloatVector a10 = f;
        FloatVector a11 = f;
        for (int k = 0; k < repetitions; k++) {
            a0 = f.fma(g, a0);
            a1 = f.fma(g, a1);
            a2 = f.fma(g, a2);
            a3 = f.fma(g, a3);
            a4 = f.fma(g, a4);
            a5 = f.fma(g, a5);
            a6 = f.fma(g, a6);
            a7 = f.fma(g, a7);
            a8 = f.fma(g, a8);
            a9 = f.fma(g, a9);
            a10 = f.fma(g, a10);
            a11 = f.fma(g, a11);
        }
        return a0.add(a1).add(a2.add(a3)).add(a4.add(a5)).add(a6.add(a7)).add(a8.add(a9)).add(a10.add(a11)).lane(0);
    }

    /** The bytes of {@link #copy}: those read and those written. */
    public double copiedBytes() {
        return 2.0 * Float.BYTES * COPIED;
    }

    /** Copies an array that no cache holds. */
    public void copy() {
        workers.run(COPIED / COPIED_BY_TASK, task -> System.arraycopy(source, task * COPIED_BY_TASK, target,
                task * COPIED_BY_TASK, COPIED_BY_TASK));
    }

    /**
     * A product of stored matrices of the shape of a contraction.
     *
     * @param rows the contraction's rows and columns
     * @param pixels what it sums over
     */
    public MatrixProduct product(int rows, int pixels) {
        return new MatrixProduct(rows, pixels);
    }

    /** {@code result[a][b] = Σ_x operand[a][x] · operand[b][x]}, every element computed by itself. */
    public final class MatrixProduct {
        private final int rows;
        private final int pixelVectors;
        private final Contraction<float[]> contraction = Contraction.singlePrecision(workers);
        private final int depth;
        private final float[] operand;
        private final float[] result;

        private MatrixProduct(int rows, int pixels) {
            this.rows = rows;
            this.pixelVectors = Math.ceilDiv(pixels, contraction.lanes());
            this.depth = pixelVectors * contraction.lanes();
            this.operand = new float[Math.multiplyExact(rows, depth)];
            this.result = new float[Math.multiplyExact(rows, rows)];
            Arrays.fill(operand, 0.5f);
        }

        /** The operations of {@link #run}; a multiply-add is two. */
        public double flops() {
            return 2.0 * rows * rows * depth;
        }

        /** Computes the product. */
        public void run() {
            Producer<float[]> stored = (firstRow, lastRow, firstVector, lastVector, to, offset, stride) -> {
                for (int row = firstRow; row < lastRow; row++) {
                    System.arraycopy(operand, row * depth + firstVector * contraction.lanes(), to,
                            offset + (row - firstRow) * stride, (lastVector - firstVector) * contraction.lanes());
                }
            };
            contraction.product(rows, rows, pixelVectors, stored, stored, 1, result);
        }

        /** An element of the last result. */
        public float element(int row, int column) {
            return result[row * rows + column];
        }
    }
}
