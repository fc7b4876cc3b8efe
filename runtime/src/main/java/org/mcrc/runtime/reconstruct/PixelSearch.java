package org.mcrc.runtime.reconstruct;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Signature;

/**
 * Changes single pixels of fields that are rounded to phases, where these changes make the error less: what a minimizer of
 * continuous fields leaves is often a few pixels away from better, and between whole pixels it sees no slope.
 *
 * <p>Two changes are tried: a pixel gets another phase, and two pixels of different phases exchange them, which keeps the volume
 * fractions. The gradient at the rounded fields says, to first order, what each would do to the error, so that the most
 * promising are evaluated first; the first that makes the error less is done, and the gradient is taken anew.
 */
final class PixelSearch {
    /** So many pixels of each kind of change take part in exchanges. */
    private static final int MOST_PROMISING = 12;

    /** So many changes are evaluated at one gradient, before it is taken that none makes the error less. */
    private static final int MOST_TRIED = 48;

    private final Engine full;
    private final Supplier<Engine> searched;
    private final Map<String, Rounding> roundings;
    private final Cancellation cancellation;

    /**
     * What was found.
     *
     * @param fields the fields with the changes
     * @param before the error by the descriptor itself of the fields as they were
     * @param error the same of the fields with the changes
     * @param changes how many were done
     * @param evaluations how often an engine was asked
     */
    record Found(SequencedMap<String, double[]> fields, double before, double error, int changes, int evaluations) {
    }

    /** The same of one stretch, {@code ended} if no change that was tried made the error less. */
    private record Stretch(SequencedMap<String, double[]> fields, int changes, int evaluations, boolean ended) {
    }

    /** Pixels of a field that go from one phase to another: the first element of the pixel, and the predicted change. */
    private record Change(String field, int pixel, int from, int to, double predicted) {
    }

    /** Changes that are done together. */
    private record Candidate(List<Change> changes, double predicted) {
        static Candidate of(Change... changes) {
            double sum = 0;
            for (Change change : changes) {
                sum += change.predicted;
            }
            return new Candidate(List.of(changes), sum);
        }
    }

    /**
     * @param full evaluates the descriptor itself
     * @param searched gives, for each stretch, what evaluates the changes: the same engine, or one of a new sketch of the
     *     descriptor. Its targets are set
     * @param roundings fields that are not rounded stay as they are
     */
    PixelSearch(Engine full, Supplier<Engine> searched, Map<String, Rounding> roundings, Cancellation cancellation) {
        this.full = full;
        this.searched = searched;
        this.roundings = roundings;
        this.cancellation = cancellation;
    }

    /**
     * Searches, as long as that is an advance.
     *
     * @param start fields that are rounded; they are not changed
     * @param evaluations the most of a stretch, those with a gradient counted as three
     * @param enough it goes on where a stretch brings the error below this share of what it was
     */
    Found run(SequencedMap<String, double[]> start, int evaluations, double enough) {
        double before = full.evaluate(start).error();
        SequencedMap<String, double[]> fields = start;
        double error = before;
        int changes = 0;
        int used = 0;
        boolean advances = true;
        while (advances && !cancellation.requested()) {
            Stretch stretch = stretch(searched.get(), fields, evaluations);
            double now = full.evaluate(stretch.fields).error();
            advances = now < enough * error && !stretch.ended;
            if (now < error) {
                error = now;
                fields = stretch.fields;
                changes += stretch.changes;
            }
            used += stretch.evaluations;
        }
        return new Found(fields, before, error, changes, used);
    }

    private Stretch stretch(Engine engine, Map<String, double[]> start, int evaluations) {
        SequencedMap<String, double[]> fields = new LinkedHashMap<>();
        start.forEach((name, values) -> fields.put(name, values.clone()));
        Map<String, double[]> gradients = new LinkedHashMap<>();
        start.forEach((name, values) -> gradients.put(name, new double[values.length]));
        int used = 0;
        int changes = 0;
        while (true) {
            Optional<String> arithmetic = engine.arithmetic();
            double now = engine.evaluate(fields, gradients).error();
            used += 3;
            if (!engine.arithmetic().equals(arithmetic)) {
                // What is compared with it is computed otherwise.
                now = engine.evaluate(fields).error();
                used++;
            }
            boolean better = false;
            for (Candidate candidate : candidates(engine.signature(), fields, gradients)) {
                if (used >= evaluations || cancellation.requested()) {
                    return new Stretch(fields, changes, used, false);
                }
                apply(fields, candidate, false);
                used++;
                if (engine.evaluate(fields).error() < now) {
                    better = true;
                    changes++;
                    break;
                }
                apply(fields, candidate, true);
            }
            if (!better || used >= evaluations) {
                return new Stretch(fields, changes, used, !better);
            }
        }
    }

    private void apply(Map<String, double[]> fields, Candidate candidate, boolean back) {
        for (Change change : candidate.changes) {
            set(fields.get(change.field), roundings.get(change.field), change.pixel, back ? change.to : change.from,
                    back ? change.from : change.to);
        }
    }

    private static void set(double[] values, Rounding rounding, int pixel, int from, int to) {
        switch (rounding) {
            case THRESHOLD -> values[pixel] = to;
            case GREATEST -> {
                values[pixel + from] = 0;
                values[pixel + to] = 1;
            }
            case NONE -> throw new IllegalArgumentException("a field that is not rounded has no phases");
        }
    }

    /** The most promising changes, the best first. */
    private List<Candidate> candidates(Signature signature, Map<String, double[]> fields,
            Map<String, double[]> gradients) {
        List<Candidate> candidates = new ArrayList<>();
        for (Signature.Field field : signature.fields()) {
            Rounding rounding = roundings.get(field.name());
            if (rounding == Rounding.NONE) {
                continue;
            }
            int phases = rounding == Rounding.THRESHOLD ? 2 : signature.phases();
            List<List<Change>> promising =
                    promising(field.name(), rounding, phases, fields.get(field.name()), gradients.get(field.name()));
            for (int from = 0; from < phases; from++) {
                for (int to = 0; to < phases; to++) {
                    for (Change change : promising.get(from * phases + to)) {
                        candidates.add(Candidate.of(change));
                        if (from < to) {
                            promising.get(to * phases + from).forEach(back -> candidates.add(Candidate.of(change, back)));
                        }
                    }
                }
            }
        }
        return candidates.stream().filter(candidate -> candidate.predicted < 0)
                .sorted(Comparator.comparingDouble(Candidate::predicted)).limit(MOST_TRIED).toList();
    }

    /** For each pair of phases, from · phases + to, the pixels for which the gradient promises most. */
    private static List<List<Change>> promising(String field, Rounding rounding, int phases, double[] values,
            double[] gradient) {
        List<PriorityQueue<Change>> least = new ArrayList<>();
        for (int pair = 0; pair < phases * phases; pair++) {
            least.add(new PriorityQueue<>(Comparator.comparingDouble(Change::predicted).reversed()));
        }
        int elements = rounding == Rounding.THRESHOLD ? 1 : phases;
        for (int pixel = 0; pixel < values.length; pixel += elements) {
            int from = phase(values, pixel, elements);
            for (int to = 0; to < phases; to++) {
                if (to != from) {
                    double predicted = elements == 1 ? gradient[pixel] * (to - from)
                            : gradient[pixel + to] - gradient[pixel + from];
                    PriorityQueue<Change> queue = least.get(from * phases + to);
                    if (queue.size() < MOST_PROMISING || predicted < queue.peek().predicted) {
                        queue.add(new Change(field, pixel, from, to, predicted));
                        if (queue.size() > MOST_PROMISING) {
                            queue.poll();
                        }
                    }
                }
            }
        }
        return least.stream().map(queue -> queue.stream().sorted(Comparator.comparingDouble(Change::predicted)
                .thenComparingInt(Change::pixel)).toList()).toList();
    }

    private static int phase(double[] values, int pixel, int elements) {
        if (elements == 1) {
            return (int) values[pixel];
        }
        int phase = 0;
        while (values[pixel + phase] != 1) {
            phase++;
        }
        return phase;
    }
}
