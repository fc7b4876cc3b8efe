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

    /** The best rounded fields of the block yet; null where none were looked at. */
    private Found found;

    /**
     * Rounded fields and those that they are of.
     *
     * @param relative their error by what the block compares by
     * @param decisive whether they end the run
     */
    private record Found(double relative, boolean decisive, SequencedMap<String, double[]> fields,
            SequencedMap<String, double[]> rounded, Iteration iteration) {
        boolean isBetterThan(Found other) {
            return other == null || decisive || Double.isNaN(other.relative) || relative < other.relative;
        }
    }

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
        found = null;
        Minimizer minimizer = minimizers.computeIfAbsent(comparison.engine(), this::minimizer);
        minimizer.begin(point);
        double leastLoss = Double.POSITIVE_INFINITY;
        double leastError = Double.POSITIVE_INFINITY;
        double error = Double.POSITIVE_INFINITY;
        Iteration least = null;
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
                // A block that ends here, for whatever reason, has its rounded field looked at: it may be the solution.
                ended = newest && (minimizer.exhausted() || step == automatic.block() || number == settings.iterations()
                        || cancelled || Math.abs(leastLoss) < NOISE);
                look = rounds && newest && (step % settings.roundedEvery() == 0 || ended);
                if (look) {
                    look(minimizer);
                    leastError = Math.min(leastError, comparison.relative(roundedError));
                }
                Iteration iteration = new Iteration(number, at, losses,
                        look ? OptionalDouble.of(roundedError) : OptionalDouble.empty(),
                        look ? OptionalDouble.of(comparison.relative(roundedError)) : OptionalDouble.empty());
                log.iterated(iteration);
                least = least == null || losses.loss() < least.losses().loss() ? iteration : least;
            }
            // An optimizer that is not exhausted has already turned back from values that are not finite.
            usable = evaluations.getLast().finite() || !minimizer.exhausted();
            ended |= minimizer.exhausted();
            reason = reasonToStop(least, look, cancelled);
            if (look) {
                remember(reason);
            }
        }
        minimizer.next(point);
        deliver(minimizer, least);
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

    /** @param least the iteration of the block with the least loss; null where none has a finite one */
    private StopReason reasonToStop(Iteration least, boolean looked, boolean cancelled) {
        if (exact) {
            return StopReason.EXACT;
        }
        if (rounds ? looked && reached() : least != null && reached(least)) {
            return StopReason.TOLERANCE;
        }
        if (cancelled) {
            return StopReason.INTERRUPTED;
        }
        return log.iterations().size() >= settings.iterations() ? StopReason.ITERATION_LIMIT : null;
    }

    /** Whether fields that are not rounded would be delivered, and meet the tolerance by the descriptor itself. */
    private boolean reached(Iteration least) {
        return comparison.isFull() && comparison.relative(least.losses().error()) <= tolerance
                && best.isBetter(comparison.relative(least.losses().loss()));
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
     * Remembers the rounded fields that were looked at, if they are the best of the block.
     *
     * @param reason why the run ends with them; null where it does not
     */
    private void remember(StopReason reason) {
        Found now = new Found(comparison.relative(roundedError), reason != null && reason.reached(), fields.copy(), rounded,
                log.iterations().getLast());
        if (now.isBetterThan(found)) {
            found = now;
        }
    }

    /**
     * Takes the best fields of the block if they are better than what there is, by the descriptor itself: errors by different
     * sketches do not compare.
     *
     * @param least the iteration with the least loss; null where none has a finite one
     */
    private void deliver(Minimizer minimizer, Iteration least) {
        if (found != null) {
            double relative = comparison.isFull() ? found.relative()
                    : comparison.fullScale().relative(comparison.full().evaluate(found.rounded()).error());
            if (found.decisive() || best.isBetter(relative)) {
                best.take(relative, found.fields(), found.rounded(), found.iteration().losses(), found.iteration().number());
            }
        } else if (least != null && (!rounds || best.continuous() == null)) {
            minimizer.best(here);
            fields.set(here);
            DescriptorScale scale = comparison.fullScale();
            Losses losses = comparison.isFull() ? least.losses() : comparison.full().evaluate(fields.fields());
            // Fields that are to be rounded and were not looked at are better than none.
            double merit = rounds ? Double.POSITIVE_INFINITY : scale.relative(losses.loss());
            if (best.isBetter(merit)) {
                best.take(merit, fields.copy(), rounds ? fields.rounded() : null, losses, least.number());
            }
        }
    }

    @Override
    public void close() {
        minimizers.values().forEach(Minimizer::close);
    }
}
