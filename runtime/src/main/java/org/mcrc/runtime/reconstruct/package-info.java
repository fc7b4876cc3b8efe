/**
 * Reconstruction: from a target descriptor to fields that have it.
 *
 * <p>{@link org.mcrc.runtime.reconstruct.Reconstruction} is the loop: an {@link org.mcrc.runtime.engine.Engine} gives loss
 * and gradient, an {@link org.mcrc.runtime.optimize.Optimizer} moves the fields, from where
 * {@link org.mcrc.runtime.reconstruct.Initialization} put them, until there is a
 * {@link org.mcrc.runtime.reconstruct.StopReason}. What counts is not the field that the optimizer sees but the one rounded to
 * phases ({@link org.mcrc.runtime.reconstruct.Rounding}); whether that has the target's descriptor exactly is decided in double
 * precision by a {@link org.mcrc.runtime.reconstruct.Referee}.
 *
 * <p>By default {@link org.mcrc.runtime.reconstruct.AutomaticReconstruction} takes the place of that loop: begin there. It runs
 * optimizers in blocks ({@code BlockRunner}), on sketches of the descriptor
 * ({@link org.mcrc.runtime.reconstruct.SketchedEngine}) and from coarser levels on ({@code MultigridStart}); what it does after
 * a block is decided in {@code Course}, by what the blocks have shown.
 *
 * <p>Nothing here writes a file or prints: see {@link org.mcrc.runtime.report}.
 */
package org.mcrc.runtime.reconstruct;
