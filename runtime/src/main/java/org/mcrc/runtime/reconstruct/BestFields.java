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

    /**
     * Remembers fields if they are better than those before.
     *
     * @param candidate their merit, the less the better
     * @param certainly whether they are the best whatever their merit
     * @param roundedFields the fields rounded to phases; null where nothing is rounded
     */
    void offer(double candidate, boolean certainly, FieldVector fields, SequencedMap<String, double[]> roundedFields,
            Losses ofFields, int number) {
        if (certainly || candidate < merit || continuous == null) {
            merit = candidate;
            losses = ofFields;
            iteration = number;
            continuous = fields.copy();
            rounded = roundedFields == null ? continuous : roundedFields;
        }
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
