/**
 * The Index IR: a descriptor bound to extents, sets and phases, as a list of definitions
 * {@code T[axes] = reduce over indices (scalar expression over reads)}.
 *
 * <p>It is pure and unscheduled: it says what each number is and nothing about when or where it is computed. The same
 * IR carries the forward program and its adjoint. Everything structural is concrete: domains have members, levels and
 * slices are definitions of their own, boundaries are conditions. What stays symbolic are the numeric parameters
 * ({@link org.mcrc.compiler.index.Argument}).
 *
 * <p>Start at {@link org.mcrc.compiler.index.IndexProgram}; then {@link org.mcrc.compiler.index.Expression} for the
 * scalar nodes, {@link org.mcrc.compiler.index.IndexForm} for subscripts, the evaluator in {@code org.mcrc.compiler.index.Evaluator}
 * for what it all means.
 */
package org.mcrc.compiler.index;
