package org.mcrc.runtime.reconstruct;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SequencedMap;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Minimization;
import org.mcrc.runtime.engine.Minimizer;
import org.mcrc.runtime.engine.Minimizer.Evaluation;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.optimize.Optimizer;

/**
 * A reconstruction that chooses what to do next by what it sees.
 *
 * <p>It goes by blocks of iterations. In each, the descriptor is compared by a few random combinations of its columns where
 * it can be (a sketch, {@link org.mcrc.compiler.simplify.SketchOutputs}), which costs a fraction; the error of a sketch is
 * proportional to the residual and vanishes with it, so that an exact solution is one of every sketch, and within a block the
 * loss is deterministic, as a line search needs. Where blocks no longer advance, a field that has come to rest near its
 * rounded values, where thresholds and penalties leave no slope, is <em>softened</em>: pulled half-way back to the middle
 * between the phases, with a little noise. So is one that stays grey in places and does not advance. Where that does not
 * help either, the field is drawn anew. The same seed takes the same decisions.
 *
 * <p>Whether a rounded field is exact is decided by the {@link Referee}, on the descriptor itself. Serves one run.
 */
public final class AutomaticReconstruction {

    /** A rounded field whose error by its sketch is at most so many times the tolerance is looked at by the descriptor itself. */
    /** Where so many starts in a row end because loss or gradient are not finite, another will too. */
    private static final int NOT_FINITE_STARTS = 3;

    private static final double SKETCH_MARGIN = 1.5;

    /** A loss this far below that of the target itself is single precision's noise. */
    private static final double NOISE = 1e-7;

    private final Engine full;
    private final Optional<SketchedEngine> sketch;
    private final Signature signature;
    private final Map<String, double[]> target;
    private final Map<String, Rounding> roundings;
    private final Referee referee;
    private final ReconstructionSettings settings;
    private final AutomaticSettings automatic;
    private final List<CoarseLevel> coarser;
    private final int factor;
    private final boolean rounds;
    private final Random random;

    private final List<Iteration> iterations = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final FieldVector fields;
    private final long start = System.nanoTime();
    private ProgressListener listener;
    private Cancellation cancellation;
    private Start beginning;
    private double[] point;
    private final double[] here;
    private final Map<Engine, Minimizer> minimizers = new IdentityHashMap<>();

    /** What is evaluated in this block, and what its errors are relative to. */
    private Engine engine;

    /** What the engine said last of its arithmetic. */
    private String arithmetic;
    private DescriptorScale scale;
    private DescriptorScale fullScale;

    private SequencedMap<String, double[]> rounded;
    private double roundedError = Double.NaN;
    private boolean exact;
    private StopReason reason;

    private final BestFields best = new BestFields();

    /**
     * Prepares a run.
     *
     * @param full evaluates the descriptor itself; its targets are set by this class
     * @param sketch evaluates sketches of it; empty where it is compared as it is throughout
     * @param target the desired value of each output
     * @param roundings how each field is rounded to phases
     * @param referee decides whether a rounded field is exact; closed by the caller
     * @param settings seed, limits and tolerance; which fields are projected is for {@code automatic} to say
     * @param coarser coarser levels on which it begins, the finest first; may be none
     * @param factor how many times smaller each is along every axis
     */
    public AutomaticReconstruction(Engine full, Optional<SketchedEngine> sketch, Map<String, double[]> target,
            Map<String, Rounding> roundings, Referee referee, ReconstructionSettings settings, AutomaticSettings automatic,
            List<CoarseLevel> coarser, int factor) {
        this(full, sketch, target, roundings, referee, settings, automatic, null, coarser, factor);
    }

    /** The same with a start that is given. */
    AutomaticReconstruction(Engine full, Optional<SketchedEngine> sketch, Map<String, double[]> target,
            Map<String, Rounding> roundings, Referee referee, ReconstructionSettings settings, AutomaticSettings automatic,
            Start beginning) {
        this(full, sketch, target, roundings, referee, settings, automatic, beginning, List.of(), 1);
    }

    private AutomaticReconstruction(Engine full, Optional<SketchedEngine> sketch, Map<String, double[]> target,
            Map<String, Rounding> roundings, Referee referee, ReconstructionSettings settings, AutomaticSettings automatic,
            Start beginning, List<CoarseLevel> coarser, int factor) {
        this.full = full;
        this.sketch = sketch;
        this.signature = full.signature();
        this.target = target;
        this.roundings = roundings;
        this.referee = referee;
        this.settings = settings;
        this.automatic = automatic;
        this.rounds = roundings.values().stream().anyMatch(rounding -> rounding != Rounding.NONE);
        this.beginning = beginning;
        this.coarser = List.copyOf(coarser);
        this.factor = factor;
        this.fields = new FieldVector(signature);
        this.here = new double[fields.gradient().length];
        // Of the seed, and yet another sequence than that of the initial fields.
        this.random = new Random(~settings.seed());
    }

    /**
     * Runs until there is a reason to stop.
     *
     * @throws org.mcrc.runtime.InputError if the initial fields have no finite loss and gradient
     */
    public ReconstructionResult run(ProgressListener listener, Cancellation cancellation) {
        this.listener = listener;
        this.cancellation = cancellation;
        try {
            return run();
        } finally {
            minimizers.values().forEach(Minimizer::close);
        }
    }

    private ReconstructionResult run() {
        if (beginning == null) {
            beginning = new MultigridStart(coarser, signature, factor, settings, automatic, coarse(), cancellation);
        }
        point = beginning.point(settings.seed());
        double leastLoss = Double.POSITIVE_INFINITY;
        double leastError = Double.POSITIVE_INFINITY;
        int sameError = 0;
        int same = 0;
        int softenings = 0;
        int plateaus = 0;
        int restarts = 0;
        int notFinite = 0;
        boolean sketching = sketch.isPresent();
        while (true) {
            begin(sketching);
            Block block = block();
            if (reason == StopReason.ITERATION_LIMIT) {
                search();
            }
            if (reason != null) {
                return result();
            }
            notFinite = block.usable() ? 0 : notFinite + 1;
            if (notFinite == NOT_FINITE_STARTS) {
                reason = StopReason.NOT_FINITE;
                return result();
            }
            double enough = 1 - automatic.improvement();
            sameError = block.roundedError() < enough * leastError ? 0 : sameError + 1;
            same = sameError == 0 || block.loss() < enough * leastLoss ? 0 : same + 1;
            leastLoss = Math.min(leastLoss, block.loss());
            leastError = Math.min(leastError, block.roundedError());
            softenings = sameError == 0 ? 0 : softenings;
            boolean settled = rounds && sameError > 0 && settled();
            boolean plateau = same >= automatic.patience();
            if (sketching && !rounds && block.error() <= SKETCH_MARGIN * tolerance()) {
                sketching = false;
            } else if (settled && softenings < automatic.softenings()) {
                search();
                if (reason != null) {
                    return result();
                }
                soften(++softenings);
                sameError = 0;
                leastLoss = Double.POSITIVE_INFINITY;
            } else if (plateau && !settled && rounds && block.usable() && plateaus++ < automatic.plateauSoftenings()) {
                search();
                if (reason != null) {
                    return result();
                }
                soften(++softenings);
                sameError = 0;
                same = 0;
                leastLoss = Double.POSITIVE_INFINITY;
            } else if (settled || plateau || !block.usable()) {
                if (!automatic.restarts()) {
                    reason = StopReason.PLATEAU;
                    return result();
                }
                if (block.usable() && search()) {
                    if (reason != null) {
                        return result();
                    }
                    // What was changed is given a slope again.
                    soften(++softenings);
                    sameError = 0;
                    same = 0;
                    leastLoss = Double.POSITIVE_INFINITY;
                    continue;
                }
                restart(++restarts);
                sketching = sketch.isPresent();
                sameError = 0;
                same = 0;
                softenings = 0;
                plateaus = 0;
                leastLoss = Double.POSITIVE_INFINITY;
                leastError = Double.POSITIVE_INFINITY;
            } else if (block.roundedError() < automatic.nearlyExact()) {
                System.arraycopy(point, 0, here, 0, point.length);
                search();
                if (reason != null) {
                    return result();
                }
                // What is not exact yet goes on as it was: grey pixels know more than whole ones.
                System.arraycopy(here, 0, point, 0, point.length);
            }
        }
    }

    /**
     * How a block ended.
     *
     * @param loss the least loss, relative to the target's norm
     * @param error the last error, likewise
     * @param roundedError the least error of a rounded field, likewise
     * @param usable whether the fields are such that the next block can begin with them
     */
    private record Block(double loss, double error, double roundedError, boolean usable) {
    }

    private double tolerance() {
        return settings.tolerance().orElse(rounds ? -1 : ReconstructionSettings.REAL_TOLERANCE);
    }

    /** Chooses what is compared until the next block. */
    private void begin(boolean sketching) {
        fields.set(point);
        if (sketching) {
            SketchedEngine drawn = sketch.orElseThrow();
            engine = drawn.engine();
            scale = DescriptorScale.measure(engine, drawn.draw(target, random.nextLong()), fields.fields());
            if (events.stream().noneMatch(event -> event.kind() == Event.Kind.SKETCH)) {
                happened(Event.Kind.SKETCH, "comparing by " + drawn.columns()
                        + " random combinations of columns, new ones after " + automatic.block() + " iterations");
            }
        } else {
            if (engine != full && sketch.isPresent()) {
                happened(Event.Kind.FULL, "comparing the descriptor itself");
            }
            engine = full;
            scale = fullScale();
        }
        rounded = null;
    }

    private DescriptorScale fullScale() {
        if (fullScale == null) {
            fullScale = DescriptorScale.measure(full, target, fields.fields());
        }
        return fullScale;
    }

    private Block block() {
        Minimizer minimizer = minimizers.computeIfAbsent(engine, this::minimizer);
        minimizer.begin(point);
        double leastLoss = Double.POSITIVE_INFINITY;
        double leastError = Double.POSITIVE_INFINITY;
        double error = Double.POSITIVE_INFINITY;
        for (int step = 0; step < automatic.block(); ) {
            double begun = seconds();
            List<Evaluation> evaluations = minimizer.advance(Math.min(minimizer.stride(), untilLook(step)));
            // Asked once: what ends a block has its rounded field looked at.
            boolean cancelled = cancellation.requested();
            double each = (seconds() - begun) / evaluations.size();
            step += evaluations.size();
            engine.arithmetic().filter(now -> !now.equals(arithmetic)).ifPresent(now -> {
                arithmetic = now;
                happened(Event.Kind.ARITHMETIC, now);
            });
            double closest = Double.POSITIVE_INFINITY;
            Iteration better = null;
            boolean look = false;
            boolean ended = false;
            for (int k = 0; k < evaluations.size(); k++) {
                Losses losses = evaluations.get(k).losses();
                boolean newest = k == evaluations.size() - 1;
                double at = newest ? seconds() : begun + (k + 1) * each;
                if (!evaluations.get(k).finite()) {
                    if (iterations.isEmpty()) {
                        throw fields.notFinite(losses);
                    }
                    add(new Iteration(iterations.size() + 1, at, losses, OptionalDouble.empty(),
                            OptionalDouble.empty()));
                    continue;
                }
                leastLoss = Math.min(leastLoss, scale.relative(losses.loss()));
                error = scale.relative(losses.error());
                closest = Math.min(closest, error);
                // A block that ends here, for whatever reason, has its rounded field looked at: it may be the solution.
                ended = newest && (minimizer.exhausted() || step == automatic.block()
                        || iterations.size() + 1 == settings.iterations() || cancelled || leastLoss < NOISE);
                look = rounds && newest && (step % settings.roundedEvery() == 0 || ended);
                if (look) {
                    look(minimizer);
                    leastError = Math.min(leastError, scale.relative(roundedError));
                }
                Iteration iteration = new Iteration(iterations.size() + 1, at, losses,
                        look ? OptionalDouble.of(roundedError) : OptionalDouble.empty(),
                        look ? OptionalDouble.of(scale.relative(roundedError)) : OptionalDouble.empty());
                add(iteration);
                better = better == null || losses.loss() < better.losses().loss() ? iteration : better;
            }
            remember(minimizer, better, look);
            boolean finite = evaluations.getLast().finite();
            reason = reasonToStop(closest, look, cancelled);
            if (reason != null || ended || minimizer.exhausted()) {
                minimizer.next(point);
                rememberAny(minimizer);
                return new Block(leastLoss, error, leastError, finite);
            }
        }
        minimizer.next(point);
        return new Block(leastLoss, error, leastError, true);
    }

    /** How many evaluations there are until the rounded field is looked at, or the last one of the block or of all. */
    private int untilLook(int step) {
        int left = Math.min(automatic.block() - step, settings.iterations() - iterations.size());
        return rounds ? Math.min(left, settings.roundedEvery() - step % settings.roundedEvery()) : left;
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
        if (rounds ? looked && reached(scale.relative(roundedError)) : engine == full && error <= tolerance()) {
            return StopReason.TOLERANCE;
        }
        if (cancelled) {
            return StopReason.INTERRUPTED;
        }
        return iterations.size() >= settings.iterations() ? StopReason.ITERATION_LIMIT : null;
    }

    /** Whether the rounded fields meet the tolerance by the descriptor itself. */
    private boolean reached(double relativeError) {
        if (engine == full) {
            return relativeError <= tolerance();
        }
        return relativeError <= SKETCH_MARGIN * tolerance()
                && fullScale().relative(full.evaluate(rounded).error()) <= tolerance();
    }

    /** Evaluates the rounded fields of the last point, if they are not those of the last time. */
    private void look(Minimizer minimizer) {
        minimizer.evaluated(here);
        fields.set(here);
        SequencedMap<String, double[]> now = fields.rounded(roundings, signature.phases());
        if (rounded != null && FieldVector.same(rounded, now)) {
            return;
        }
        rounded = now;
        roundedError = engine.evaluate(rounded).error();
        double relative = scale.relative(roundedError);
        exact = referee.isCandidate(relative) && referee.exact(rounded, relative, fullScale());
    }

    /**
     * Remembers the best of some iterations.
     *
     * @param better the one of them that has the least loss; null where none has a finite one
     * @param looked whether the rounded field of the last of them was looked at
     */
    private void remember(Minimizer minimizer, Iteration better, boolean looked) {
        if (looked) {
            Iteration newest = iterations.getLast();
            best.offer(scale.relative(roundedError), exact, fields, rounded, newest.losses(), newest.number());
        } else if (!rounds && better != null && scale.relative(better.losses().loss()) < best.merit()) {
            minimizer.best(here);
            fields.set(here);
            best.offer(scale.relative(better.losses().loss()), exact, fields, null, better.losses(), better.number());
        }
    }

    /** Remembers the least loss of a block before whose end nothing was looked at, if there is nothing else. */
    private void rememberAny(Minimizer minimizer) {
        if (best.continuous() == null) {
            minimizer.best(here);
            fields.set(here);
            Losses losses = full.evaluate(fields.fields());
            best.offer(Double.POSITIVE_INFINITY, false, fields,
                    rounds ? fields.rounded(roundings, signature.phases()) : null, losses, iterations.size());
        }
    }

    private void add(Iteration iteration) {
        iterations.add(iteration);
        listener.iterated(iteration);
    }

    /** Whether the fields have come to rest near their rounded values. */
    private boolean settled() {
        fields.set(point);
        SequencedMap<String, double[]> whole = fields.rounded(roundings, signature.phases());
        double distance = 0;
        long elements = 0;
        for (Map.Entry<String, double[]> field : fields.fields().entrySet()) {
            if (roundings.get(field.getKey()) != Rounding.NONE) {
                double[] values = whole.get(field.getKey());
                for (int k = 0; k < values.length; k++) {
                    distance += Math.abs(field.getValue()[k] - values[k]);
                }
                elements += values.length;
            }
        }
        return distance <= automatic.settled() * elements;
    }

    /**
     * Changes single pixels of the best rounded fields, as long as that is an advance, and goes on from there.
     *
     * @return whether it was an advance at all
     */
    private boolean search() {
        if (!rounds || automatic.searched() == 0 || best.continuous() == null) {
            return false;
        }
        double began = seconds();
        double enough = 1 - automatic.improvement();
        // Measuring it sets the targets of the descriptor itself, which a run on sketches has had no use for so far.
        DescriptorScale own = fullScale();
        PixelSearch.Found found = new PixelSearch(full, this::searched, roundings, cancellation)
                .run(best.rounded(), automatic.searched(), enough);
        if (found.error() < found.before()) {
            take(found.fields());
            happened(Event.Kind.PIXELS, String.format(Locale.ROOT, "%d changes of single pixels (%d evaluations, %.1f s) took the"
                    + " relative error from %.2g to %.2g", found.changes(), found.evaluations(), seconds() - began,
                    own.relative(found.before()), own.relative(found.error())));
        }
        return exact || found.error() < enough * found.before();
    }

    /** What a search among pixels evaluates: the descriptor itself, or a new sketch of it. */
    private Engine searched() {
        if (sketch.isEmpty()) {
            return full;
        }
        Engine drawn = sketch.get().engine();
        sketch.get().draw(target, random.nextLong()).forEach(drawn::setTarget);
        return drawn;
    }

    /** Takes rounded fields that are better than the best so far for the point from which it goes on. */
    private void take(SequencedMap<String, double[]> better) {
        int position = 0;
        for (double[] values : better.values()) {
            System.arraycopy(values, 0, point, position, values.length);
            position += values.length;
        }
        fields.set(point);
        Losses losses = full.evaluate(better);
        double relative = fullScale().relative(losses.error());
        exact = referee.isCandidate(relative) && referee.exact(better, relative, fullScale());
        best.offer(relative, true, fields, better, losses, iterations.size());
        reason = exact ? StopReason.EXACT : relative <= tolerance() ? StopReason.TOLERANCE : reason;
    }

    private void soften(int number) {
        SequencedMap<String, double[]> whole = fields.rounded(roundings, signature.phases());
        int position = 0;
        for (Signature.Field field : signature.fields()) {
            double[] values = whole.get(field.name());
            double middle = switch (roundings.get(field.name())) {
                case THRESHOLD -> 0.5;
                case GREATEST -> 1.0 / signature.phases();
                case NONE -> Double.NaN;
            };
            for (double value : values) {
                if (!Double.isNaN(middle)) {
                    point[position] = middle + automatic.softened() * (value - middle)
                            + automatic.noise() * random.nextGaussian();
                }
                position++;
            }
        }
        happened(Event.Kind.SOFTEN, String.format(Locale.ROOT,
                "the rounded field stays at a relative error of %.2g: softened, number %d", best.merit(), number));
    }

    private void restart(int number) {
        System.arraycopy(beginning.point(random.nextLong()), 0, point, 0, point.length);
        happened(Event.Kind.RESTART, String.format(Locale.ROOT,
                "no advance, the best relative error is %.2g: another random field, number %d", best.merit(), number));
    }

    /** Counts what coarser levels report as done at this point of this run. */
    private ProgressListener coarse() {
        return new ProgressListener() {
            @Override
            public void iterated(Iteration iteration) {
                throw new IllegalStateException("coarser levels tell how they ended only");
            }

            @Override
            public void happened(Event event) {
                AutomaticReconstruction.this.happened(event.kind(), event.detail());
            }
        };
    }

    private void happened(Event.Kind kind, String detail) {
        Event event = new Event(iterations.size(), seconds(), kind, detail);
        events.add(event);
        listener.happened(event);
    }

    private ReconstructionResult result() {
        DescriptorScale own = fullScale();
        Losses losses = full.evaluate(best.continuous());
        OptionalDouble error = rounds ? OptionalDouble.of(full.evaluate(best.rounded()).error()) : OptionalDouble.empty();
        return new ReconstructionResult(reason, exact, best.rounded(), best.continuous(), losses, error,
                own.relative(error.orElse(losses.error())), best.iteration(), iterations, events, seconds(), own);
    }

    private double seconds() {
        return (System.nanoTime() - start) * 1e-9;
    }
}
