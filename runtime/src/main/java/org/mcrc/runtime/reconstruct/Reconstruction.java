package org.mcrc.runtime.reconstruct;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Minimization;
import org.mcrc.runtime.engine.Minimizer;
import org.mcrc.runtime.engine.Minimizer.Evaluation;
import org.mcrc.runtime.optimize.Optimizer;
import org.mcrc.runtime.optimize.OptimizerSettings;

/**
 * The reconstruction loop (Seibert et al. 2021, section 3 and figure 1): evaluate loss and gradient, see whether to stop, move
 * the fields. Serves one run.
 */
public final class Reconstruction {
    private final Engine engine;
    private final Map<String, double[]> target;
    private final Referee referee;
    private final ReconstructionSettings settings;
    private final boolean rounds;

    private final double[] point;
    private final FieldVector fields;
    private DescriptorScale scale;
    private SequencedMap<String, double[]> rounded;
    private double roundedError = Double.NaN;
    private boolean exact;

    private final BestFields best = new BestFields();

    /** The best iteration yet, where fields are not rounded and a copy of them is not made yet. */
    private Iteration better;

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
        this.target = target;
        this.referee = referee;
        this.settings = settings;
        this.point = settings.initialization().draw(engine.signature(), settings.seed());
        this.fields = new FieldVector(engine.signature(), roundings);
        this.rounds = fields.rounds();
    }

    /**
     * Runs until there is a reason to stop. An engine that can minimize by itself does so, several evaluations at a time;
     * whether there is a reason is then seen after these.
     *
     * @throws org.mcrc.runtime.InputError if the initial fields have no finite loss and gradient
     */
    public ReconstructionResult run(OptimizerSettings optimizer, ProgressListener listener, Cancellation cancellation) {
        boolean survives = optimizer.survivesNotFinite();
        try (Minimizer minimizer = engine.minimizer(new Minimization(optimizer, settings.projected(), !survives))
                .orElseGet(() -> onHost(optimizer.create()))) {
            return run(minimizer, survives, listener, cancellation);
        }
    }

    /**
     * The same with an optimizer that needs to be told every loss and gradient.
     *
     * @param unconstrained a fresh optimizer
     */
    public ReconstructionResult run(Optimizer unconstrained, ProgressListener listener, Cancellation cancellation) {
        return run(onHost(unconstrained), false, listener, cancellation);
    }

    private Minimizer onHost(Optimizer unconstrained) {
        return new HostMinimizer(engine, fields,
                () -> settings.projected() ? fields.withinRanges(unconstrained) : unconstrained);
    }

    /** @param survives whether the optimizer turns back by itself from a point where loss or gradient are not finite */
    private ReconstructionResult run(Minimizer minimizer, boolean survives, ProgressListener listener,
            Cancellation cancellation) {
        RunLog log = new RunLog(listener);
        fields.set(point);
        scale = DescriptorScale.measure(engine, target, fields.fields());
        minimizer.begin(point);
        StopReason reason = null;
        while (reason == null) {
            double begun = log.seconds();
            List<Evaluation> evaluations =
                    minimizer.advance(Math.min(minimizer.stride(), untilLook(log.iterations().size())));
            double each = (log.seconds() - begun) / evaluations.size();
            engine.arithmetic().filter(now -> log.events().isEmpty() || !now.equals(log.events().getLast().detail()))
                    .ifPresent(now -> log.happened(Event.Kind.ARITHMETIC, now));
            for (int k = 0; k < evaluations.size(); k++) {
                Evaluation evaluation = evaluations.get(k);
                boolean newest = k == evaluations.size() - 1;
                if (!evaluation.finite()) {
                    if (log.iterations().isEmpty()) {
                        throw fields.notFinite(evaluation.losses());
                    }
                    if (!survives || newest && minimizer.exhausted()) {
                        reason = StopReason.NOT_FINITE;
                        break;
                    }
                }
                int number = log.iterations().size() + 1;
                boolean look = rounds && newest && (untilLook(number - 1) == 1 || minimizer.exhausted()
                        || cancellation.requested());
                if (look) {
                    minimizer.evaluated(point);
                    fields.set(point);
                    evaluateRounded();
                }
                Iteration iteration = new Iteration(number, newest ? log.seconds() : begun + (k + 1) * each,
                        evaluation.losses(), look ? OptionalDouble.of(roundedError) : OptionalDouble.empty(),
                        look ? OptionalDouble.of(scale.relative(roundedError)) : OptionalDouble.empty());
                log.iterated(iteration);
                if (evaluation.finite() || look) {
                    rememberBest(iteration);
                }
                StopReason found = reasonToStop(number, evaluation.losses(), look, cancellation);
                reason = found != null && (reason == null || found.reached()) ? found : reason;
            }
            deliverBest(minimizer);
            if (reason == null && minimizer.exhausted()) {
                reason = StopReason.OPTIMIZER_EXHAUSTED;
            }
        }
        return result(reason, log);
    }

    /** How many iterations there are until rounded fields are looked at, or the last one. */
    private int untilLook(int number) {
        int left = settings.iterations() - number;
        if (!rounds) {
            return left;
        }
        return number == 0 ? 1 : Math.min(left, settings.roundedEvery() - number % settings.roundedEvery());
    }

    private StopReason reasonToStop(int number, Losses losses, boolean looked, Cancellation cancellation) {
        if (exact) {
            return StopReason.EXACT;
        }
        double error = !rounds ? delivered().error() : looked ? roundedError : Double.NaN;
        if (scale.relative(error) <= settings.acceptedError(rounds)) {
            return StopReason.TOLERANCE;
        }
        if (cancellation.requested()) {
            return StopReason.INTERRUPTED;
        }
        if (Improvement.isEnough(losses.loss(), leastLoss, ReconstructionSettings.IMPROVEMENT)) {
            leastLoss = losses.loss();
            lastImprovement = number;
        }
        if (looked && Improvement.isEnough(roundedError, leastRoundedError, ReconstructionSettings.IMPROVEMENT)) {
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
        SequencedMap<String, double[]> now = fields.rounded();
        if (rounded != null && FieldVector.same(rounded, now)) {
            return;
        }
        rounded = now;
        roundedError = engine.evaluate(rounded).error();
        exact = referee.exact(rounded, scale.relative(roundedError), scale);
    }

    /** Fields that are rounded are known now; others are the minimizer's best, of which a copy is made after all of these. */
    private void rememberBest(Iteration iteration) {
        if (iteration.roundedError().isPresent()) {
            if (exact || best.isBetter(roundedError)) {
                best.take(roundedError, fields.copy(), rounded, iteration.losses(), iteration.number());
            }
        } else if (!rounds && best.isBetter(iteration.losses().loss())
                && (better == null || iteration.losses().loss() < better.losses().loss())) {
            better = iteration;
        }
    }

    /** The losses of the best fields yet, where fields are not rounded. */
    private Losses delivered() {
        return better == null ? best.losses() : better.losses();
    }

    private void deliverBest(Minimizer minimizer) {
        if (better != null) {
            minimizer.best(point);
            fields.set(point);
            best.take(better.losses().loss(), fields.copy(), null, better.losses(), better.number());
            better = null;
        }
    }

    private ReconstructionResult result(StopReason reason, RunLog log) {
        double error = rounds ? best.merit() : best.losses().error();
        return new ReconstructionResult(reason, exact, best.rounded(), best.continuous(), best.losses(),
                rounds ? OptionalDouble.of(error) : OptionalDouble.empty(), scale.relative(error), best.iteration(),
                log.iterations(), log.events(), log.seconds(), scale);
    }
}
