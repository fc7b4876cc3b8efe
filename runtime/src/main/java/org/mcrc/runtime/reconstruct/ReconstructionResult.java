package org.mcrc.runtime.reconstruct;

import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.mcrc.runtime.engine.Losses;

/**
 * What a reconstruction found: the best fields it saw, which are those with the least error after rounding, or, where no
 * field is rounded, with the least loss.
 *
 * @param reason why it ended
 * @param exact whether {@code rounded} has the target's descriptor up to rounding errors
 * @param rounded the fields rounded to phases, in the signature's order; a field that is not rounded is as in
 *     {@code continuous}
 * @param continuous the fields as the optimizer had them
 * @param losses of {@code continuous}
 * @param roundedError the error E of {@code rounded}; empty where no field is rounded
 * @param relativeError the error of {@code rounded} relative to the target's norm
 * @param bestIteration the iteration in which these fields were evaluated
 * @param iterations every iteration in order
 * @param events what was done besides iterating, in order
 * @param seconds the whole time
 * @param scale what errors are relative to
 */
public record ReconstructionResult(
        StopReason reason,
        boolean exact,
        SequencedMap<String, double[]> rounded,
        SequencedMap<String, double[]> continuous,
        Losses losses,
        OptionalDouble roundedError,
        double relativeError,
        int bestIteration,
        List<Iteration> iterations,
        List<Event> events,
        double seconds,
        DescriptorScale scale) {

    public ReconstructionResult {
        iterations = List.copyOf(iterations);
        events = List.copyOf(events);
    }
}
