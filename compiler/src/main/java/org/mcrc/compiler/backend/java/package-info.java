/**
 * Prints the Kernel IR as Java on the Vector API, with JavaPoet. One class a descriptor: a field for each stored array, a
 * method for each kernel with its formula above it, loops from outside in, every value computed in the outermost loop in
 * which it is known. {@link org.mcrc.compiler.backend.java.JavaBackend} goes through the kernels; one emitter for each kind
 * of kernel writes its method with an {@link org.mcrc.compiler.backend.java.ExpressionEmitter}.
 *
 * <p>Bits must not depend on whether a method runs interpreted or compiled: lanewise functions come from the runtime's own
 * polynomials, lanes are summed in a fixed order, and scalars are computed in double precision.
 */
package org.mcrc.compiler.backend.java;
