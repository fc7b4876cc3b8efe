/**
 * Derivatives of the Index IR, in the same IR.
 *
 * <p>{@link org.mcrc.compiler.adjoint.LocalDerivatives} holds the derivative of each operator with respect to each of its
 * operands, with the language's conventions at ties and zeros: one table, whatever differentiates.
 * {@link org.mcrc.compiler.adjoint.ScalarDerivative} chains them forward, for the primes of functions and for {@code
 * solve}.
 */
package org.mcrc.compiler.adjoint;
