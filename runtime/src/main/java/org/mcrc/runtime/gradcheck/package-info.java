/**
 * The gradient of a descriptor against finite differences of its loss.
 *
 * <p>{@link org.mcrc.runtime.gradcheck.GradientCheck} compares the two at several kinds of points. At a tie (where
 * {@code abs}, {@code relu}, {@code max} have a kink) the loss has no derivative and the language says by a convention
 * what the gradient is; {@link org.mcrc.runtime.gradcheck.HeldBranches} makes the smooth function whose derivative that is.
 */
package org.mcrc.runtime.gradcheck;
