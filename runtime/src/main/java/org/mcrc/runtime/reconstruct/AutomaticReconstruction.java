package org.mcrc.runtime.reconstruct;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SequencedMap;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Signature;

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
    private final Engine full;
    private final Signature signature;
    private final Map<String, Rounding> roundings;
    private final Referee referee;
    private final ReconstructionSettings settings;
    private final AutomaticSettings automatic;
    private final List<CoarseLevel> coarser;
    private final int factor;
    private final boolean sketches;
    private final Start given;

    private final Random random;
    private final FieldVector fields;
    private final Comparison comparison;
    private final BestFields best = new BestFields();

    private RunLog log;
    private Cancellation cancellation;
    private double[] point;
    private StopReason reason;

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
            Start given) {
        this(full, sketch, target, roundings, referee, settings, automatic, given, List.of(), 1);
    }

    private AutomaticReconstruction(Engine full, Optional<SketchedEngine> sketch, Map<String, double[]> target,
            Map<String, Rounding> roundings, Referee referee, ReconstructionSettings settings, AutomaticSettings automatic,
            Start given, List<CoarseLevel> coarser, int factor) {
        this.full = full;
        this.signature = full.signature();
        this.roundings = roundings;
        this.referee = referee;
        this.settings = settings;
        this.automatic = automatic;
        this.coarser = List.copyOf(coarser);
        this.factor = factor;
        this.sketches = sketch.isPresent();
        this.given = given;
        // Of the seed, and yet another sequence than that of the initial fields.
        this.random = new Random(~settings.seed());
        this.fields = new FieldVector(signature, roundings);
        this.comparison = new Comparison(full, sketch, target, fields, random);
    }

    /**
     * Runs until there is a reason to stop.
     *
     * @throws org.mcrc.runtime.InputError if the initial fields have no finite loss and gradient
     */
    public ReconstructionResult run(ProgressListener listener, Cancellation wished) {
        log = new RunLog(listener);
        cancellation = wished;
        try (BlockRunner blocks =
                new BlockRunner(comparison, fields, referee, settings, automatic, log, best, cancellation)) {
            run(blocks);
            return result();
        }
    }

    private void run(BlockRunner blocks) {
        Start start = given != null ? given
                : new MultigridStart(coarser, signature, factor, settings, automatic, log.eventsOnly(), cancellation);
        point = start.point(settings.seed());
        Course course = new Course(automatic, fields.rounds(), sketches, settings.acceptedError(fields.rounds()));
        while (reason == null) {
            compare(course.sketching());
            Block block = blocks.run(point);
            reason = block.reason().orElse(null);
            if (reason == StopReason.ITERATION_LIMIT) {
                search();
            }
            if (reason == null) {
                take(course.after(block, this::atRest), block, course, start);
            }
        }
    }

    private void take(Course.Step step, Block block, Course course, Start start) {
        switch (step) {
            case GO_ON, COMPARE_ITSELF -> {
                // The next block does.
            }
            case LOOK_NEARBY -> {
                double[] before = point.clone();
                search();
                // What is not exact yet goes on as it was: grey pixels know more than whole ones.
                point = before;
            }
            case SOFTEN -> {
                search();
                if (reason == null) {
                    soften(course.softened());
                }
            }
            case BEGIN_ANEW -> {
                boolean better = block.usable() && search();
                if (better && reason == null) {
                    // What was changed is given a slope again.
                    soften(course.softened());
                } else if (!better) {
                    restart(start, course.restarted());
                }
            }
            case END_AT_PLATEAU -> reason = StopReason.PLATEAU;
            case END_NOT_FINITE -> reason = StopReason.NOT_FINITE;
        }
    }

    /** Chooses what is compared until the next block. */
    private void compare(boolean sketching) {
        fields.set(point);
        if (sketching) {
            comparison.bySketch();
            if (log.events().stream().noneMatch(event -> event.kind() == Event.Kind.SKETCH)) {
                log.happened(Event.Kind.SKETCH, "comparing by " + comparison.columns()
                        + " random combinations of columns, new ones after " + automatic.block() + " iterations");
            }
        } else {
            if (sketches && !comparison.isFull()) {
                log.happened(Event.Kind.FULL, "comparing the descriptor itself");
            }
            comparison.byItself();
        }
    }

    /** Whether the fields have come to rest near their rounded values. */
    private boolean atRest() {
        fields.set(point);
        return fields.distanceFromRounded() <= automatic.settled();
    }

    /**
     * Changes single pixels of the best rounded fields, as long as that is an advance, and goes on from there.
     *
     * @return whether it was an advance at all
     */
    private boolean search() {
        if (!fields.rounds() || automatic.searched() == 0 || best.continuous() == null) {
            return false;
        }
        double began = log.seconds();
        double enough = 1 - automatic.improvement();
        // Measuring it sets the targets of the descriptor itself, which a run on sketches has had no use for so far.
        DescriptorScale scale = comparison.fullScale();
        PixelSearch.Found found = new PixelSearch(full, comparison::anotherSketch, roundings, cancellation)
                .run(best.rounded(), automatic.searched(), enough);
        if (found.error() < found.before()) {
            take(found.fields());
            log.happened(Event.Kind.PIXELS, String.format(Locale.ROOT, "%d changes of single pixels (%d evaluations, %.1f s)"
                    + " took the relative error from %.2g to %.2g", found.changes(), found.evaluations(),
                    log.seconds() - began, scale.relative(found.before()), scale.relative(found.error())));
        }
        return reason == StopReason.EXACT || found.error() < enough * found.before();
    }

    /** Takes rounded fields that are better than the best so far for the point from which it goes on. */
    private void take(SequencedMap<String, double[]> better) {
        SequencedMap<String, double[]> continuous = changed(best.continuous(), best.rounded(), better);
        fields.set(better);
        fields.get(point);
        Losses losses = full.evaluate(better);
        double relative = comparison.fullScale().relative(losses.error());
        boolean exact = referee.isCandidate(relative) && referee.exact(better, relative, comparison.fullScale());
        best.take(relative, continuous, better, losses, log.iterations().size());
        reason = exact ? StopReason.EXACT
                : relative <= settings.acceptedError(true) ? StopReason.TOLERANCE : reason;
    }

    /** Fields, changed where those that they are rounded to are: they are what the others are the rounded ones of. */
    private SequencedMap<String, double[]> changed(SequencedMap<String, double[]> continuous,
            SequencedMap<String, double[]> before, SequencedMap<String, double[]> after) {
        SequencedMap<String, double[]> changed = new LinkedHashMap<>();
        continuous.forEach((name, values) -> {
            double[] result = values.clone();
            for (int k = 0; k < result.length; k++) {
                if (before.get(name)[k] != after.get(name)[k]) {
                    result[k] = after.get(name)[k];
                }
            }
            changed.put(name, result);
        });
        fields.set(changed);
        // Of several phases one that was far above 1 may still be the greatest.
        return FieldVector.same(fields.rounded(), after) ? changed : after;
    }

    private void soften(int number) {
        SequencedMap<String, double[]> whole = fields.rounded();
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
        log.happened(Event.Kind.SOFTEN, String.format(Locale.ROOT,
                "the rounded field stays at a relative error of %.2g: softened, number %d", best.merit(), number));
    }

    private void restart(Start start, int number) {
        point = start.point(random.nextLong());
        log.happened(Event.Kind.RESTART, String.format(Locale.ROOT,
                "no advance, the best relative error is %.2g: another random field, number %d", fields.rounds() ? best.merit()
                        : comparison.fullScale().relative(best.losses().error()), number));
    }

    private ReconstructionResult result() {
        DescriptorScale scale = comparison.fullScale();
        Losses losses = full.evaluate(best.continuous());
        OptionalDouble error = fields.rounds() ? OptionalDouble.of(full.evaluate(best.rounded()).error())
                : OptionalDouble.empty();
        return new ReconstructionResult(reason, reason == StopReason.EXACT, best.rounded(), best.continuous(), losses, error,
                scale.relative(error.orElse(losses.error())), best.iteration(), log.iterations(), log.events(),
                log.seconds(), scale);
    }
}
