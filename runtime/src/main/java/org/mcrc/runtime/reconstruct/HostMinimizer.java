package org.mcrc.runtime.reconstruct;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Minimizer;
import org.mcrc.runtime.optimize.Optimizer;

/** Any engine with any optimizer: one evaluation at a time. */
final class HostMinimizer implements Minimizer {
    private final Engine engine;
    private final FieldVector fields;
    private final Supplier<Optimizer> optimizers;
    private final double[] point;
    private final double[] evaluated;
    private final double[] best;

    private Optimizer optimizer;
    private double least;
    private boolean exhausted;

    /**
     * @param engine not closed by this
     * @param fields are overwritten by every evaluation
     * @param optimizers gives fresh ones
     */
    HostMinimizer(Engine engine, FieldVector fields, Supplier<Optimizer> optimizers) {
        this.engine = engine;
        this.fields = fields;
        this.optimizers = optimizers;
        this.point = new double[fields.gradient().length];
        this.evaluated = new double[point.length];
        this.best = new double[point.length];
    }

    @Override
    public int stride() {
        return 1;
    }

    @Override
    public void begin(double[] start) {
        System.arraycopy(start, 0, point, 0, point.length);
        optimizer = optimizers.get();
        least = Double.POSITIVE_INFINITY;
        exhausted = false;
    }

    @Override
    public List<Evaluation> advance(int evaluations) {
        List<Evaluation> told = new ArrayList<>();
        while (told.size() < evaluations && !exhausted) {
            told.add(evaluate());
        }
        return told;
    }

    private Evaluation evaluate() {
        fields.set(point);
        Losses losses = fields.evaluate(engine);
        boolean finite = fields.isFinite(losses);
        System.arraycopy(point, 0, evaluated, 0, point.length);
        if (finite && losses.loss() < least) {
            least = losses.loss();
            System.arraycopy(point, 0, best, 0, point.length);
        }
        exhausted = !optimizer.propose(point, finite ? losses.loss() : Double.POSITIVE_INFINITY, fields.gradient());
        return new Evaluation(losses, finite);
    }

    @Override
    public boolean exhausted() {
        return exhausted;
    }

    @Override
    public void evaluated(double[] into) {
        System.arraycopy(evaluated, 0, into, 0, into.length);
    }

    @Override
    public void next(double[] into) {
        System.arraycopy(point, 0, into, 0, into.length);
    }

    @Override
    public void best(double[] into) {
        System.arraycopy(best, 0, into, 0, into.length);
    }

    @Override
    public void close() {
        // The engine is its maker's.
    }
}
