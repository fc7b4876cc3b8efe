package org.mcrc.runtime.reconstruct;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.optimize.Optimizer;

/**
 * The reconstruction loop (Seibert et al. 2021, section 3 and figure 1): evaluate loss and gradient, see whether to stop, move
 * the fields. Serves one run.
 */
public final class Reconstruction {

    /** A tolerance that no error meets. */
    private static final double NEVER = -1;

    private final Engine engine;
    private final Signature signature;
    private final Map<String, double[]> target;
    private final Map<String, Rounding> roundings;
    private final Referee referee;
    private final ReconstructionSettings settings;
    private final boolean rounds;

    private final List<Iteration> iterations = new ArrayList<>();
    private final double[] point;
    private final FieldVector fields;
    private DescriptorScale scale;
    private SequencedMap<String, double[]> rounded;
    private double roundedError = Double.NaN;
    private boolean exact;

    private final BestFields best = new BestFields();

    private double leastLoss = Double.POSITIVE_INFINITY;
    private double leastRoundedError = Double.POSITIVE_INFINITY;
    private int lastImprovement;

    /**
     * Prepares a run.
     *
     * @param engine evaluates loss and gradient; its targets are set by this class
     * @param target the desired value of each output
     * @param roundings how each field is rounded to phases
     * @param referee decides whether a rounded field is exact; closed by the caller
     */
    public Reconstruction(
            Engine engine,
            Map<String, double[]> target,
            Map<String, Rounding> roundings,
            Referee referee,
            ReconstructionSettings settings) {
        this.engine = engine;
        this.signature = engine.signature();
        this.target = target;
        this.roundings = roundings;
        this.referee = referee;
        this.settings = settings;
        this.rounds = roundings.values().stream().anyMatch(rounding -> rounding != Rounding.NONE);
        this.point = settings.initialization().draw(signature, settings.seed());
        this.fields = new FieldVector(signature);
    }

    /**
     * Runs until there is a reason to stop.
     *
     * @param unconstrained a fresh optimizer
     * @throws org.mcrc.runtime.InputError if the initial fields have no finite loss and gradient
     */
    public ReconstructionResult run(Optimizer unconstrained, ProgressListener listener, Cancellation cancellation) {
        long start = System.nanoTime();
        Optimizer optimizer = settings.projected() ? fields.withinRanges(unconstrained) : unconstrained;
        fields.set(point);
        scale = DescriptorScale.measure(engine, target, fields.fields());
        StopReason reason = null;
        for (int number = 1; reason == null; number++) {
            fields.set(point);
            Losses losses = fields.evaluate(engine);
            if (!fields.isFinite(losses)) {
                if (number == 1) {
                    throw fields.notFinite(losses);
                }
                reason = StopReason.NOT_FINITE;
                break;
            }
            boolean last = number == settings.iterations() || cancellation.requested();
            boolean look = rounds && (number == 1 || number % settings.roundedEvery() == 0 || last);
            if (look) {
                evaluateRounded();
            }
            rememberBest(number, losses, look);
            Iteration iteration = new Iteration(number, seconds(start), losses,
                    look ? OptionalDouble.of(roundedError) : OptionalDouble.empty());
            iterations.add(iteration);
            listener.iterated(iteration);
            reason = reasonToStop(number, losses, look, cancellation);
            if (reason == null && !optimizer.propose(point, losses.loss(), fields.gradient())) {
                reason = StopReason.OPTIMIZER_EXHAUSTED;
            }
        }
        return result(reason, seconds(start));
    }

    private StopReason reasonToStop(int number, Losses losses, boolean looked, Cancellation cancellation) {
        if (exact) {
            return StopReason.EXACT;
        }
        double error = !rounds ? losses.error() : looked ? roundedError : Double.NaN;
        if (scale.relative(error) <= settings.tolerance().orElse(rounds ? NEVER : ReconstructionSettings.REAL_TOLERANCE)) {
            return StopReason.TOLERANCE;
        }
        if (cancellation.requested()) {
            return StopReason.INTERRUPTED;
        }
        double enough = 1 - ReconstructionSettings.IMPROVEMENT;
        if (losses.loss() < enough * leastLoss) {
            leastLoss = losses.loss();
            lastImprovement = number;
        }
        if (looked && roundedError < enough * leastRoundedError) {
            leastRoundedError = roundedError;
            lastImprovement = number;
        }
        if (number == settings.iterations()) {
            return StopReason.ITERATION_LIMIT;
        }
        return number - lastImprovement >= settings.plateau() ? StopReason.PLATEAU : null;
    }

    /** Evaluates the rounded fields, if they are not those of the last time. */
    private void evaluateRounded() {
        SequencedMap<String, double[]> now = fields.rounded(roundings, signature.phases());
        if (rounded != null && FieldVector.same(rounded, now)) {
            return;
        }
        rounded = now;
        roundedError = engine.evaluate(rounded).error();
        exact = referee.exact(rounded, scale.relative(roundedError), scale);
    }

    private void rememberBest(int number, Losses losses, boolean looked) {
        if (!rounds || looked) {
            best.offer(rounds ? roundedError : losses.loss(), exact, fields, rounds ? rounded : null, losses, number);
        }
    }

    private ReconstructionResult result(StopReason reason, double seconds) {
        double error = rounds ? best.merit() : best.losses().error();
        return new ReconstructionResult(reason, exact, best.rounded(), best.continuous(), best.losses(),
                rounds ? OptionalDouble.of(error) : OptionalDouble.empty(), scale.relative(error), best.iteration(),
                iterations, List.of(), seconds, scale);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) * 1e-9;
    }
}
