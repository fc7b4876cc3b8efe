package org.mcrc.runtime.gradcheck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.EvaluatorEngine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;

/**
 * Compares the gradient that an engine computes with finite differences of the loss, in double precision.
 *
 * <p>At each kind of point ({@link Point}) it takes derivatives along random directions over all pixels and fields, and
 * for single pixels. Differences are central ones, extrapolated to step 0 (Ridders 1982), of the loss with its branches
 * held ({@link HeldBranches}), so that a kink is never crossed and the language's conventions are what is checked.
 *
 * <p>An error is relative to the derivative itself or, where that is small by chance, to what a direction of that
 * length has on average: the gradient's root mean square times the direction's length.
 */
public final class GradientCheck {
    /** The largest relative error that passes. */
    public static final double TOLERANCE = 1e-7;

    private static final int DIRECTIONS = 2;
    private static final int PIXELS = 2;
    private static final int LEVELS = 7;

    /** The step at which extrapolation starts, relative to the width of the field's range. */
    private static final double STEP = 0.02;

    /** How often a step is halved to stay where the loss is defined. */
    private static final int MOST_HALVINGS = 20;

    /** How often steps are made so many times shorter where differences do not agree with the gradient. */
    private static final int MOST_SHORTENINGS = 4;
    private static final double SHORTENING = 16;

    /** How near points are to an optimum and to the ends of the range, where the loss may bend on that scale. */
    private static final double NEAR = 1e-3;

    /** Derivatives below this, relative to the loss or to the gradient elsewhere, drown in rounding errors. */
    private static final double SMALLEST = 1e-5;

    /** Terms up to which the differences are left to the evaluator; beyond, the engine in question computes them. */
    private static final double MOST_WORK = 2e7;

    /** The kinds of points at which gradients go wrong. */
    public enum Point {
        INSIDE("inside the range"), NEAR_BOUNDS("near its ends"), TIES("at ties"), OUTSIDE("outside of it"),
        NEAR_OPTIMUM("near an optimum");

        private final String words;

        Point(String words) {
            this.words = words;
        }

        /** Where it is, for people. */
        public String words() {
            return words;
        }
    }

    /**
     * One comparison.
     *
     * @param direction along what
     * @param gradient the derivative by the gradient
     * @param difference the derivative by finite differences
     * @param error the relative error; not a number where the loss is not defined
     */
    public record Comparison(Point point, String direction, double gradient, double difference, double error) {
        /** Whether the two agree. At the very ends of the field's range and outside the loss need not be defined. */
        public boolean passed() {
            boolean mayBeUndefined = point == Point.OUTSIDE || point == Point.TIES;
            return error <= TOLERANCE || mayBeUndefined && !Double.isFinite(difference);
        }
    }

    /** All comparisons of a program. */
    public record Result(List<Comparison> comparisons) {
        public Result {
            comparisons = List.copyOf(comparisons);
        }

        public boolean passed() {
            return comparisons.stream().allMatch(Comparison::passed);
        }

        /** The largest relative error of those that are defined. */
        public double worst() {
            return comparisons.stream().mapToDouble(Comparison::error).filter(error -> !Double.isNaN(error)).max()
                    .orElse(0);
        }
    }

    private final Engine checked;
    private final Engine held;
    private final Signature signature;
    private final SplittableRandom random;
    private final List<Comparison> comparisons = new ArrayList<>();

    /** The largest root mean square of a gradient so far. */
    private double typical;

    private GradientCheck(Engine checked, Engine held, long seed) {
        this.checked = checked;
        this.held = held;
        this.signature = checked.signature();
        this.random = new SplittableRandom(seed);
    }

    /**
     * Checks the gradient that a backend computes.
     *
     * @param program as it was bound, without gradients
     */
    public static Result run(IndexProgram program, Backend backend, int threads, long seed) {
        IndexProgram heldProgram = HeldBranches.of(program);
        try (Engine checked = Engines.create(program, backend, Precision.DOUBLE, threads);
                Engine held = work(program) <= MOST_WORK ? new EvaluatorEngine(heldProgram)
                        : Engines.create(heldProgram, backend, Precision.DOUBLE, threads)) {
            return run(checked, held, seed);
        }
    }

    /** @param held an engine of the same program with held branches, whose loss is taken for true */
    static Result run(Engine checked, Engine held, long seed) {
        GradientCheck check = new GradientCheck(checked, held, seed);
        for (Point point : Point.values()) {
            check.at(point);
        }
        return new Result(check.comparisons);
    }

    /** The number of terms that one evaluation of a program adds up, roughly: what it costs to evaluate it. */
    public static double work(IndexProgram program) {
        double terms = 0;
        for (Definition definition : program.definitions()) {
            double most = 1;
            for (var node : Expressions.nodes(definition.body())) {
                if (node instanceof Reduce reduce) {
                    most = Math.max(most, reduce.indices().stream().mapToDouble(index -> index.domain().size())
                            .reduce(1, (a, b) -> a * b));
                }
            }
            terms += most * definition.tensor().axes().stream().mapToDouble(Domain::size).reduce(1, (a, b) -> a * b);
        }
        return terms;
    }

    private void at(Point point) {
        Map<String, double[]> fields = values(point);
        setTargets(fields, point);
        Map<String, double[]> gradients = new LinkedHashMap<>();
        signature.fields().forEach(field -> gradients.put(field.name(), new double[field.size()]));
        Losses losses = checked.evaluate(fields, gradients);
        double square = 0;
        int count = 0;
        for (double[] gradient : gradients.values()) {
            for (double value : gradient) {
                square += Double.isFinite(value) ? value * value : 0;
                count += Double.isFinite(value) ? 1 : 0;
            }
        }
        double rootMeanSquare = Math.sqrt(square / Math.max(1, count));
        double loss = held.evaluate(line(fields, Map.of(), 0)).loss();
        comparisons.add(new Comparison(point, "the loss itself", losses.loss(), loss,
                error(losses.loss(), loss, Math.max(Math.abs(loss), SMALLEST * largestOutput()))));
        typical = Double.isFinite(rootMeanSquare) ? Math.max(typical, rootMeanSquare) : typical;
        double floor = SMALLEST * Math.max(Math.abs(loss), typical);
        for (int number = 1; number <= DIRECTIONS; number++) {
            Map<String, double[]> direction = new LinkedHashMap<>();
            signature.fields().forEach(field -> direction.put(field.name(),
                    random.doubles(field.size(), -1, 1).toArray()));
            compare(point, "random direction " + number, fields, gradients, direction, rootMeanSquare, floor);
        }
        for (Signature.Field field : signature.fields()) {
            for (int number = 0; number < PIXELS; number++) {
                double[] single = new double[field.size()];
                int position = random.nextInt(field.size());
                single[position] = 1;
                compare(point, field.name() + place(field, position), fields, gradients, Map.of(field.name(), single),
                        rootMeanSquare, floor);
            }
        }
    }

    /** The loss may be zero, and its rounding errors are those of what it compares. */
    private double largestOutput() {
        return signature.outputs().stream().flatMapToDouble(output -> Arrays.stream(checked.values(output.name())))
                .filter(Double::isFinite).map(Math::abs).max().orElse(0);
    }

    private void compare(Point point, String name, Map<String, double[]> fields, Map<String, double[]> gradients,
            Map<String, double[]> direction, double rootMeanSquare, double floor) {
        double slope = 0;
        double square = 0;
        for (Map.Entry<String, double[]> part : direction.entrySet()) {
            double[] gradient = gradients.get(part.getKey());
            for (int i = 0; i < gradient.length; i++) {
                // Where the line does not move, a derivative that is not finite does not matter.
                slope += part.getValue()[i] == 0 ? 0 : gradient[i] * part.getValue()[i];
                square += part.getValue()[i] * part.getValue()[i];
            }
        }
        double step = width(signature.fields().getFirst()) * switch (point) {
            case INSIDE, TIES, OUTSIDE -> STEP;
            case NEAR_BOUNDS -> NEAR / 10;
            case NEAR_OPTIMUM -> NEAR / 4;
        };
        DoubleUnaryOperator along = t -> held.evaluate(line(fields, direction, t)).loss();
        double shorter = stepInDomain(along, step);
        Estimate estimate = derivative(along, shorter);
        double most = Math.max(rootMeanSquare * Math.sqrt(square), floor);
        // Beside a pole, or where it is steep in some pixels, it takes shorter steps than elsewhere. Differences over a pole
        // may seem to converge; that they agree with a wrong gradient by chance they do not.
        for (int attempt = 0; attempt < MOST_SHORTENINGS && !agrees(estimate, slope, most); attempt++) {
            shorter /= SHORTENING;
            Estimate other = derivative(along, shorter);
            estimate = agrees(other, slope, most) ? other : estimate;
        }
        double difference = estimate.value();
        double scale = Math.max(most, Math.abs(difference));
        boolean mayBeSingular = point == Point.TIES || point == Point.OUTSIDE;
        if (mayBeSingular && !estimate.within(most)) {
            difference = Double.NaN;
        }
        comparisons.add(new Comparison(point, name, slope, difference, error(slope, difference, scale)));
    }

    private static boolean agrees(Estimate estimate, double slope, double least) {
        return estimate.within(least)
                && error(slope, estimate.value(), Math.max(least, Math.abs(estimate.value()))) <= TOLERANCE;
    }

    /** A step that stays where the function is defined, if there is one: half as long as often as that takes. */
    private static double stepInDomain(DoubleUnaryOperator function, double step) {
        double shorter = step;
        for (int halvings = 0; halvings < MOST_HALVINGS; halvings++) {
            if (Double.isFinite(function.applyAsDouble(shorter)) && Double.isFinite(function.applyAsDouble(-shorter))) {
                // Half of that again keeps away from the end of the domain, where derivatives may grow without bounds.
                return halvings == 0 ? step : shorter / 2;
            }
            shorter /= 2;
        }
        return step;
    }

    private static double error(double value, double reference, double scale) {
        double distance = Math.abs(value - reference);
        return distance == 0 ? 0 : distance / scale;
    }

    /** The fields on a line through the point, and the point itself. */
    private Map<String, double[]> line(Map<String, double[]> fields, Map<String, double[]> direction, double t) {
        Map<String, double[]> moved = new HashMap<>();
        fields.forEach((name, values) -> {
            double[] along = direction.get(name);
            double[] shifted = values.clone();
            if (along != null) {
                for (int i = 0; i < shifted.length; i++) {
                    shifted[i] += t * along[i];
                }
            }
            moved.put(name, shifted);
            moved.put(HeldBranches.point(name), values);
        });
        return moved;
    }

    /**
     * A derivative by differences.
     *
     * @param uncertainty how much it still moved; infinite or not a number where the differences do not converge
     */
    private record Estimate(double value, double uncertainty) {
        /** Whether it is certain enough to compare with, {@code least} being the least that the error is relative to. */
        boolean within(double least) {
            return uncertainty <= TOLERANCE / 10 * Math.max(least, Math.abs(value));
        }
    }

    /** Central differences with steps that halve, extrapolated; of the extrapolations the one that moved least. */
    private static Estimate derivative(DoubleUnaryOperator function, double step) {
        double[][] table = new double[LEVELS][LEVELS];
        double best = Double.NaN;
        double least = Double.POSITIVE_INFINITY;
        double h = step;
        for (int row = 0; row < LEVELS; row++, h /= 2) {
            table[row][0] = (function.applyAsDouble(h) - function.applyAsDouble(-h)) / (2 * h);
            double factor = 4;
            for (int column = 1; column <= row; column++, factor *= 4) {
                table[row][column] = table[row][column - 1]
                        + (table[row][column - 1] - table[row - 1][column - 1]) / (factor - 1);
                double moved = Math.max(Math.abs(table[row][column] - table[row][column - 1]),
                        Math.abs(table[row][column] - table[row - 1][column - 1]));
                if (moved < least) {
                    least = moved;
                    best = table[row][column];
                }
            }
        }
        return new Estimate(best, least);
    }

    private Map<String, double[]> values(Point point) {
        Map<String, double[]> fields = new LinkedHashMap<>();
        for (Signature.Field field : signature.fields()) {
            double low = low(field);
            double width = width(field);
            double[] values = new double[field.size()];
            for (int i = 0; i < values.length; i++) {
                double unit = random.nextDouble();
                values[i] = low + width * switch (point) {
                    case INSIDE, NEAR_OPTIMUM -> unit;
                    case NEAR_BOUNDS -> {
                        double distance = NEAR * (0.5 + unit);
                        yield random.nextBoolean() ? distance : 1 - distance;
                    }
                    case TIES -> random.nextInt(3) / 2.0;
                    case OUTSIDE -> 1.4 * unit - 0.2;
                };
            }
            fields.put(field.name(), values);
        }
        return fields;
    }

    /** Targets are the outputs of other fields; near an optimum of fields that are nearly these. */
    private void setTargets(Map<String, double[]> fields, Point point) {
        Map<String, double[]> others = values(Point.INSIDE);
        if (point == Point.NEAR_OPTIMUM) {
            for (Signature.Field field : signature.fields()) {
                double[] other = others.get(field.name());
                double[] here = fields.get(field.name());
                for (int i = 0; i < other.length; i++) {
                    other[i] = here[i] + NEAR * (other[i] - here[i]);
                }
            }
        }
        checked.characterize(others);
        for (Signature.Entry output : signature.outputs()) {
            double[] target = checked.values(output.name());
            checked.setTarget(output.name(), target);
            held.setTarget(output.name(), target);
        }
    }

    private static double low(Signature.Field field) {
        return Double.isInfinite(field.low()) || Double.isInfinite(field.high()) ? -1 : field.low();
    }

    /** The width of the field's range; 2 where it has none. */
    private static double width(Signature.Field field) {
        double width = field.high() - field.low();
        return Double.isInfinite(width) ? 2 : width;
    }

    /** The subscript of an element, counted from 0. */
    private static String place(Signature.Field field, int position) {
        int rest = position;
        List<Integer> subscripts = new ArrayList<>();
        for (int axis = field.shape().size() - 1; axis >= 0; axis--) {
            subscripts.addFirst(rest % field.shape().get(axis));
            rest /= field.shape().get(axis);
        }
        return subscripts.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
}
