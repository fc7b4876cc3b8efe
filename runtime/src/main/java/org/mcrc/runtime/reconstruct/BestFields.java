package org.mcrc.runtime.reconstruct;

import java.util.SequencedMap;
import org.mcrc.runtime.engine.Losses;

/** The best fields that a run has seen: what it will deliver. */
final class BestFields {
    private SequencedMap<String, double[]> continuous;
    private SequencedMap<String, double[]> rounded;
    private Losses losses;
    private double merit = Double.POSITIVE_INFINITY;
    private int iteration;

    /** Whether fields of this merit, the less the better, are better than those before; no number is better than none. */
    boolean isBetter(double candidate) {
        return continuous == null || !Double.isNaN(candidate) && !(candidate >= merit);
    }

    /**
     * Takes fields in place of those before.
     *
     * @param itsMerit the error that they are judged by, of what would be delivered and by the descriptor itself
     * @param fields as the optimizer had them; not to be changed any more
     * @param roundedFields the fields rounded to phases; null where nothing is rounded
     */
    void take(double itsMerit, SequencedMap<String, double[]> fields, SequencedMap<String, double[]> roundedFields,
            Losses ofFields, int number) {
        merit = itsMerit;
        losses = ofFields;
        iteration = number;
        continuous = fields;
        rounded = roundedFields == null ? continuous : roundedFields;
    }

    /** As the optimizer had them. */
    SequencedMap<String, double[]> continuous() {
        return continuous;
    }

    /** Rounded to phases, where anything is. */
    SequencedMap<String, double[]> rounded() {
        return rounded;
    }

    /** Of {@link #continuous}. */
    Losses losses() {
        return losses;
    }

    double merit() {
        return merit;
    }

    /** The number of the iteration in which they were evaluated. */
    int iteration() {
        return iteration;
    }
}
