package org.mcrc.runtime.reconstruct;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.optimize.BoxConstrained;
import org.mcrc.runtime.optimize.Optimizer;

/**
 * The fields as an engine has them, each an array of its own, and as an optimizer has them, one after another; and how they
 * become fields of phases.
 */
final class FieldVector {
    private final Signature signature;
    private final Map<String, Rounding> roundings;
    private final double[] gradient;
    private final SequencedMap<String, double[]> fields = new LinkedHashMap<>();
    private final SequencedMap<String, double[]> gradients = new LinkedHashMap<>();

    FieldVector(Signature signature, Map<String, Rounding> roundings) {
        this.signature = signature;
        this.roundings = roundings;
        int length = 0;
        for (Signature.Field field : signature.fields()) {
            fields.put(field.name(), new double[field.size()]);
            gradients.put(field.name(), new double[field.size()]);
            length += field.size();
        }
        gradient = new double[length];
    }

    /** The fields, which are overwritten by the next point. */
    SequencedMap<String, double[]> fields() {
        return fields;
    }

    /** The last gradient, one field after another; it is overwritten by the next evaluation. */
    double[] gradient() {
        return gradient;
    }

    /** A copy of the fields. */
    SequencedMap<String, double[]> copy() {
        SequencedMap<String, double[]> copies = new LinkedHashMap<>();
        fields.forEach((name, values) -> copies.put(name, values.clone()));
        return copies;
    }

    /** Whether any field is rounded. */
    boolean rounds() {
        return roundings.values().stream().anyMatch(rounding -> rounding != Rounding.NONE);
    }

    /** The fields rounded to phases. */
    SequencedMap<String, double[]> rounded() {
        SequencedMap<String, double[]> rounded = new LinkedHashMap<>();
        fields.forEach((name, values) -> rounded.put(name, roundings.get(name).round(values, signature.phases())));
        return rounded;
    }

    /** How far values are from their rounded ones on average, in those fields that are rounded. */
    double distanceFromRounded() {
        double distance = 0;
        long elements = 0;
        for (Map.Entry<String, double[]> whole : rounded().entrySet()) {
            if (roundings.get(whole.getKey()) != Rounding.NONE) {
                double[] values = fields.get(whole.getKey());
                for (int k = 0; k < values.length; k++) {
                    distance += Math.abs(values[k] - whole.getValue()[k]);
                }
                elements += values.length;
            }
        }
        return distance / elements;
    }

    /** Sets the fields from a point. */
    void set(double[] point) {
        int position = 0;
        for (double[] part : fields.values()) {
            System.arraycopy(point, position, part, 0, part.length);
            position += part.length;
        }
    }

    /** Sets the fields from others. */
    void set(Map<String, double[]> others) {
        fields.forEach((name, values) -> System.arraycopy(others.get(name), 0, values, 0, values.length));
    }

    /** Gives the fields as a point. */
    void get(double[] point) {
        int position = 0;
        for (double[] part : fields.values()) {
            System.arraycopy(part, 0, point, position, part.length);
            position += part.length;
        }
    }

    /** Evaluates loss and gradient of the fields. */
    Losses evaluate(Engine engine) {
        Losses losses = engine.evaluate(fields, gradients);
        int position = 0;
        for (double[] part : gradients.values()) {
            System.arraycopy(part, 0, gradient, position, part.length);
            position += part.length;
        }
        return losses;
    }

    /** The optimizer, whose points are put back into the ranges of the fields. */
    Optimizer withinRanges(Optimizer optimizer) {
        double[] low = new double[gradient.length];
        double[] high = new double[gradient.length];
        int position = 0;
        for (Signature.Field field : signature.fields()) {
            Arrays.fill(low, position, position + field.size(), field.low());
            Arrays.fill(high, position, position + field.size(), field.high());
            position += field.size();
        }
        return new BoxConstrained(optimizer, low, high);
    }

    /** Whether a loss and the last gradient are finite numbers. */
    boolean isFinite(Losses losses) {
        return Double.isFinite(losses.loss()) && Arrays.stream(gradient).allMatch(Double::isFinite);
    }

    /** What to say where the first fields already have no finite loss and gradient. */
    NotFiniteStart notFinite(Losses losses) {
        return new NotFiniteStart(signature.name(), losses.loss());
    }

    /** Whether two sets of fields hold the same numbers. */
    static boolean same(Map<String, double[]> left, Map<String, double[]> right) {
        return left.entrySet().stream().allMatch(entry -> Arrays.equals(entry.getValue(), right.get(entry.getKey())));
    }
}
