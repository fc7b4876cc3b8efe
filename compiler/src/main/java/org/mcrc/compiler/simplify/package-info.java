/**
 * Rewriting of the Index IR that keeps its meaning. Rules on expressions ({@link org.mcrc.compiler.simplify.Rule}) are one
 * class each and are applied to a fixpoint by {@link org.mcrc.compiler.simplify.Simplifier}; passes on whole programs
 * ({@link org.mcrc.compiler.simplify.Pass}) hoist, share and drop definitions. They run before and after the adjoint.
 */
package org.mcrc.compiler.simplify;
