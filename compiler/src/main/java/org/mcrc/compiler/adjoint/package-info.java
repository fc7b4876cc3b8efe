/**
 * Derivatives of the Index IR, in the same IR.
 *
 * <p>{@link org.mcrc.compiler.adjoint.Adjoint} is the way in: it adds the gradient of the loss to a program by a reverse
 * sweep over its definitions. {@link org.mcrc.compiler.adjoint.IndexSolver} turns a read round: it finds out for which
 * indices a read comes to a given element, so that every adjoint gathers.
 *
 * <p>{@link org.mcrc.compiler.adjoint.LocalDerivatives} holds the derivative of each operator with respect to each of its
 * operands, with the language's conventions at ties and zeros: one table, whatever differentiates.
 * {@link org.mcrc.compiler.adjoint.ScalarDerivative} chains them forward, for the primes of functions and for {@code
 * solve}.
 */
package org.mcrc.compiler.adjoint;
