package org.mcrc.runtime.engine;

import java.util.Map;
import java.util.Optional;

/**
 * A bound program ready to run. All arrays are in C order of their shapes in the {@link Signature}. Not for use by
 * several threads at once; an engine may use several inside.
 */
public interface Engine extends AutoCloseable {
    Signature signature();

    /** Computes the outputs and reports of these fields; no target is needed. */
    void characterize(Map<String, double[]> fields);

    /**
     * The values of an output or report after {@link #characterize} or {@link #evaluate}: NaN where it is not compared. The
     * array is the caller's.
     */
    double[] values(String entry);

    /**
     * Sets the desired value of an output, or the matrix of a sketch. Elements that are not compared may be NaN.
     *
     * @param entry the output's name, or the matrix's: that of a target of the program without its {@code *}
     * @throws IllegalArgumentException where there is no such target or its size is another
     */
    void setTarget(String entry, double[] values);

    /** The loss of the fields that were characterized or evaluated last, by the targets as they are now. */
    Losses losses();

    /** The loss of these fields; every target has been set before. */
    Losses evaluate(Map<String, double[]> fields);

    /**
     * The loss and its exact gradient.
     *
     * @param gradients for each field an array that receives dL/dfield; empty where the engine was made for {@link
     *     Demand#VALUES}
     */
    Losses evaluate(Map<String, double[]> fields, Map<String, double[]> gradients);

    /**
     * Something that minimizes the loss where it is computed, faster than a caller can who has to be told every loss and
     * gradient. Its targets are those of this engine at any time; closed before the engine.
     *
     * @return empty where this engine has nothing of the kind
     */
    default Optional<Minimizer> minimizer(Minimization minimization) {
        return Optional.empty();
    }

    /**
     * Tells how large errors are, for an engine that chooses its arithmetic by them: near the target it takes more digits.
     *
     * @param norm the error E where it is as large as the target itself
     * @param degree the power of the difference to the target that E is
     */
    default void setErrorScale(double norm, int degree) {
    }

    /** What the next evaluation computes with, where that depends on the losses before: in words. Empty where it does not. */
    default Optional<String> arithmetic() {
        return Optional.empty();
    }

    @Override
    void close();
}
