package org.mcrc.runtime.reconstruct;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Minimization;
import org.mcrc.runtime.engine.Minimizer;
import org.mcrc.runtime.engine.Minimizer.Evaluation;
import org.mcrc.runtime.optimize.Optimizer;

/**
 * Runs blocks of iterations of an automatic reconstruction, each with a fresh optimizer and one comparison throughout, so that
 * within a block the loss is deterministic. It looks at rounded fields on the way, and ends where one of them is a result.
 */
final class BlockRunner implements AutoCloseable {
    /** A loss this far below that of the target itself is single precision's noise. */
    private static final double NOISE = 1e-7;

    private final Comparison comparison;
    private final FieldVector fields;
    private final Referee referee;
    private final ReconstructionSettings settings;
    private final AutomaticSettings automatic;
    private final RunLog log;
    private final BestFields best;
    private final Cancellation cancellation;
    private final boolean rounds;
    private final double tolerance;
    private final double[] here;
    private final Map<Engine, Minimizer> minimizers = new IdentityHashMap<>();

    /** What the engine said last of its arithmetic. */
    private String arithmetic;

    private SequencedMap<String, double[]> rounded;
    private double roundedError = Double.NaN;
    private boolean exact;

    /**
     * @param comparison by which fields are compared, set by the caller before each block
     * @param fields of the run; overwritten
     * @param log is told of each iteration
     * @param best is offered what is found
     */
    BlockRunner(Comparison comparison, FieldVector fields, Referee referee, ReconstructionSettings settings,
            AutomaticSettings automatic, RunLog log, BestFields best, Cancellation cancellation) {
        this.comparison = comparison;
        this.fields = fields;
        this.referee = referee;
        this.settings = settings;
        this.automatic = automatic;
        this.log = log;
        this.best = best;
        this.cancellation = cancellation;
        this.rounds = fields.rounds();
        this.tolerance = settings.acceptedError(rounds);
        this.here = new double[fields.gradient().length];
    }

    /**
     * Runs a block.
     *
     * @param point where it begins, one field after another; afterwards where the next one would
     * @throws org.mcrc.runtime.InputError if the first iteration of the run has no finite loss and gradient
     */
    Block run(double[] point) {
        rounded = null;
        Minimizer minimizer = minimizers.computeIfAbsent(comparison.engine(), this::minimizer);
        minimizer.begin(point);
        double leastLoss = Double.POSITIVE_INFINITY;
        double leastError = Double.POSITIVE_INFINITY;
        double error = Double.POSITIVE_INFINITY;
        boolean usable = true;
        boolean ended = false;
        StopReason reason = null;
        for (int step = 0; reason == null && !ended && step < automatic.block(); ) {
            double begun = log.seconds();
            List<Evaluation> evaluations = minimizer.advance(Math.min(minimizer.stride(), untilLook(step)));
            // Asked once: what ends a block has its rounded field looked at.
            boolean cancelled = cancellation.requested();
            double each = (log.seconds() - begun) / evaluations.size();
            step += evaluations.size();
            tellArithmetic();
            double closest = Double.POSITIVE_INFINITY;
            Iteration better = null;
            boolean look = false;
            for (int k = 0; k < evaluations.size(); k++) {
                Losses losses = evaluations.get(k).losses();
                boolean newest = k == evaluations.size() - 1;
                int number = log.iterations().size() + 1;
                double at = newest ? log.seconds() : begun + (k + 1) * each;
                if (!evaluations.get(k).finite()) {
                    if (number == 1) {
                        throw fields.notFinite(losses);
                    }
                    log.iterated(new Iteration(number, at, losses, OptionalDouble.empty(), OptionalDouble.empty()));
                    continue;
                }
                leastLoss = Math.min(leastLoss, comparison.relative(losses.loss()));
                error = comparison.relative(losses.error());
                closest = Math.min(closest, error);
                // A block that ends here, for whatever reason, has its rounded field looked at: it may be the solution.
                ended = newest && (minimizer.exhausted() || step == automatic.block() || number == settings.iterations()
                        || cancelled || leastLoss < NOISE);
                look = rounds && newest && (step % settings.roundedEvery() == 0 || ended);
                if (look) {
                    look(minimizer);
                    leastError = Math.min(leastError, comparison.relative(roundedError));
                }
                Iteration iteration = new Iteration(number, at, losses,
                        look ? OptionalDouble.of(roundedError) : OptionalDouble.empty(),
                        look ? OptionalDouble.of(comparison.relative(roundedError)) : OptionalDouble.empty());
                log.iterated(iteration);
                better = better == null || losses.loss() < better.losses().loss() ? iteration : better;
            }
            remember(minimizer, better, look);
            // An optimizer that is not exhausted has already turned back from values that are not finite.
            usable = evaluations.getLast().finite() || !minimizer.exhausted();
            ended |= minimizer.exhausted();
            reason = reasonToStop(closest, look, cancelled);
        }
        minimizer.next(point);
        rememberAny(minimizer);
        return new Block(leastLoss, error, leastError, usable, Optional.ofNullable(reason));
    }

    /** How many evaluations there are until the rounded field is looked at, or the last one of the block or of all. */
    private int untilLook(int step) {
        int left = Math.min(automatic.block() - step, settings.iterations() - log.iterations().size());
        return rounds ? Math.min(left, settings.roundedEvery() - step % settings.roundedEvery()) : left;
    }

    private void tellArithmetic() {
        comparison.engine().arithmetic().filter(now -> !now.equals(arithmetic)).ifPresent(now -> {
            arithmetic = now;
            log.happened(Event.Kind.ARITHMETIC, now);
        });
    }

    /** What minimizes what an engine evaluates: the engine itself where it can. */
    private Minimizer minimizer(Engine evaluating) {
        return evaluating.minimizer(new Minimization(automatic.optimizer(), automatic.projected(),
                        !automatic.optimizer().survivesNotFinite()))
                .orElseGet(() -> new HostMinimizer(evaluating, fields, this::optimizer));
    }

    private Optimizer optimizer() {
        Optimizer optimizer = automatic.optimizer().create();
        return automatic.projected() ? fields.withinRanges(optimizer) : optimizer;
    }

    private StopReason reasonToStop(double error, boolean looked, boolean cancelled) {
        if (exact) {
            return StopReason.EXACT;
        }
        if (rounds ? looked && reached() : comparison.isFull() && error <= tolerance) {
            return StopReason.TOLERANCE;
        }
        if (cancelled) {
            return StopReason.INTERRUPTED;
        }
        return log.iterations().size() >= settings.iterations() ? StopReason.ITERATION_LIMIT : null;
    }

    /** Whether the rounded fields meet the tolerance by the descriptor itself. */
    private boolean reached() {
        double relative = comparison.relative(roundedError);
        if (comparison.isFull()) {
            return relative <= tolerance;
        }
        return relative <= Course.SKETCH_MARGIN * tolerance
                && comparison.fullScale().relative(comparison.full().evaluate(rounded).error()) <= tolerance;
    }

    /** Evaluates the rounded fields of the last point, if they are not those of the last time. */
    private void look(Minimizer minimizer) {
        minimizer.evaluated(here);
        fields.set(here);
        SequencedMap<String, double[]> now = fields.rounded();
        if (rounded != null && FieldVector.same(rounded, now)) {
            return;
        }
        rounded = now;
        roundedError = comparison.engine().evaluate(rounded).error();
        double relative = comparison.relative(roundedError);
        exact = referee.isCandidate(relative) && referee.exact(rounded, relative, comparison.fullScale());
    }

    /**
     * Remembers the best of some iterations.
     *
     * @param better the one of them that has the least loss; null where none has a finite one
     * @param looked whether the rounded field of the last of them was looked at
     */
    private void remember(Minimizer minimizer, Iteration better, boolean looked) {
        if (looked) {
            Iteration newest = log.iterations().getLast();
            best.offer(comparison.relative(roundedError), exact, fields, rounded, newest.losses(), newest.number());
        } else if (!rounds && better != null && comparison.relative(better.losses().loss()) < best.merit()) {
            minimizer.best(here);
            fields.set(here);
            best.offer(comparison.relative(better.losses().loss()), exact, fields, null, better.losses(), better.number());
        }
    }

    /** Remembers the least loss of a block before whose end nothing was looked at, if there is nothing else. */
    private void rememberAny(Minimizer minimizer) {
        if (best.continuous() == null) {
            minimizer.best(here);
            fields.set(here);
            Losses losses = comparison.full().evaluate(fields.fields());
            best.offer(Double.POSITIVE_INFINITY, false, fields,
                    rounds ? fields.rounded() : null, losses, log.iterations().size());
        }
    }

    @Override
    public void close() {
        minimizers.values().forEach(Minimizer::close);
    }
}
