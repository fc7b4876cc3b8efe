package org.mcrc.runtime.reconstruct;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.mcrc.compiler.simplify.SketchOutputs.Sketch;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.cpu.support.Workers;

/**
 * An engine that compares outputs by random combinations of their columns, with what draws these: Ω, with independent
 * entries of mean 0 and variance 1/k, and S* Ω.
 */
public final class SketchedEngine implements AutoCloseable {
    private static final int TILE = 8;

    private final Engine engine;
    private final List<Sketch> sketches;
    private final Workers workers;

    /**
     * @param engine of the program with sketched outputs; closed with this
     * @param sketches what of it is sketched
     * @param threads for what is computed here
     */
    public SketchedEngine(Engine engine, List<Sketch> sketches, int threads) {
        this.engine = engine;
        this.sketches = List.copyOf(sketches);
        this.workers = new Workers(threads);
    }

    Engine engine() {
        return engine;
    }

    /** The columns of the sketches. */
    public int columns() {
        return sketches.getFirst().columns();
    }

    /**
     * Draws new combinations.
     *
     * @param target the desired values of the outputs as they are without sketches
     * @return the desired values of the engine's outputs
     */
    Map<String, double[]> draw(Map<String, double[]> target, long seed) {
        Map<String, double[]> drawn = new LinkedHashMap<>(target);
        Random random = new Random(seed);
        for (Sketch sketch : sketches) {
            double[] matrix = matrix(sketch, random);
            engine.setTarget(sketch.matrix(), matrix);
            drawn.put(sketch.sketched(), product(target.get(sketch.entry()), matrix, sketch));
            drawn.remove(sketch.entry());
        }
        return drawn;
    }

    /** A matrix Ω of a sketch, in C order. */
    public static double[] matrix(Sketch sketch, Random random) {
        double[] matrix = new double[Math.multiplyExact(sketch.inner(), sketch.columns())];
        double deviation = 1 / Math.sqrt(sketch.columns());
        for (int k = 0; k < matrix.length; k++) {
            matrix[k] = deviation * random.nextGaussian();
        }
        return matrix;
    }

    /** By rows in parallel; each sum has the order of the inner index. */
    private double[] product(double[] left, double[] right, Sketch sketch) {
        double[] product = new double[Math.multiplyExact(sketch.rows(), sketch.columns())];
        workers.run(sketch.rows(), row -> {
            int column = 0;
            for (; column + TILE <= sketch.columns(); column += TILE) {
                tile(left, right, sketch, row, column, product);
            }
            for (; column < sketch.columns(); column++) {
                double sum = 0;
                for (int inner = 0; inner < sketch.inner(); inner++) {
                    sum += left[row * sketch.inner() + inner] * right[inner * sketch.columns() + column];
                }
                product[row * sketch.columns() + column] = sum;
            }
        });
        return product;
    }

    /** Eight sums of a row, which stay in registers: several times as fast as one after another. */
    private static void tile(double[] left, double[] right, Sketch sketch, int row, int column, double[] product) {
        int columns = sketch.columns();
        int first = row * sketch.inner();
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        double sum4 = 0;
        double sum5 = 0;
        double sum6 = 0;
        double sum7 = 0;
        for (int inner = 0, at = column; inner < sketch.inner(); inner++, at += columns) {
            double factor = left[first + inner];
            sum0 += factor * right[at];
            sum1 += factor * right[at + 1];
            sum2 += factor * right[at + 2];
            sum3 += factor * right[at + 3];
            sum4 += factor * right[at + 4];
            sum5 += factor * right[at + 5];
            sum6 += factor * right[at + 6];
            sum7 += factor * right[at + 7];
        }
        int place = row * columns + column;
        product[place] = sum0;
        product[place + 1] = sum1;
        product[place + 2] = sum2;
        product[place + 3] = sum3;
        product[place + 4] = sum4;
        product[place + 5] = sum5;
        product[place + 6] = sum6;
        product[place + 7] = sum7;
    }

    @Override
    public void close() {
        workers.close();
        engine.close();
    }
}
