package org.mcrc.runtime.reconstruct;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.mcrc.compiler.simplify.SketchOutputs.Sketch;
import org.mcrc.runtime.engine.Engine;

/**
 * An engine that compares outputs by random combinations of their columns, with what draws these: Ω, with independent
 * entries of mean 0 and variance 1/k, and S* Ω.
 */
public final class SketchedEngine implements AutoCloseable {
    private final Engine engine;
    private final List<Sketch> sketches;

    /**
     * @param engine of the program with sketched outputs; closed with this
     * @param sketches what of it is sketched
     */
    public SketchedEngine(Engine engine, List<Sketch> sketches) {
        this.engine = engine;
        this.sketches = List.copyOf(sketches);
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
            double[] matrix = new double[Math.multiplyExact(sketch.inner(), sketch.columns())];
            double deviation = 1 / Math.sqrt(sketch.columns());
            for (int k = 0; k < matrix.length; k++) {
                matrix[k] = deviation * random.nextGaussian();
            }
            engine.setTarget(sketch.matrix(), matrix);
            drawn.put(sketch.sketched(), product(target.get(sketch.entry()), matrix, sketch));
            drawn.remove(sketch.entry());
        }
        return drawn;
    }

    private static double[] product(double[] left, double[] right, Sketch sketch) {
        int columns = sketch.columns();
        double[] product = new double[Math.multiplyExact(sketch.rows(), columns)];
        IntStream.range(0, sketch.rows()).parallel().forEach(row -> {
            for (int inner = 0; inner < sketch.inner(); inner++) {
                double factor = left[row * sketch.inner() + inner];
                for (int column = 0; column < columns; column++) {
                    product[row * columns + column] += factor * right[inner * columns + column];
                }
            }
        });
        return product;
    }

    @Override
    public void close() {
        engine.close();
    }
}
