package org.mcrc.runtime.reconstruct;

import java.util.OptionalDouble;
import org.mcrc.runtime.engine.Losses;

/**
 * One evaluation of loss and gradient.
 *
 * @param number counted from 1
 * @param seconds since the reconstruction started, this evaluation included
 * @param losses of the field that the optimizer sees
 * @param roundedError the error E of the field rounded to phases, where it was evaluated
 * @param relativeError the same relative to the norm of the target
 */
public record Iteration(int number, double seconds, Losses losses, OptionalDouble roundedError, OptionalDouble relativeError) {
}
