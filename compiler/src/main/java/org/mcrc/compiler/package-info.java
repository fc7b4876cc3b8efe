/**
 * The compiler, as the way of the data: source, syntax, check, bind, index, adjoint, simplify, kernel, backend, program.
 * {@link org.mcrc.compiler.Pipeline} says the order of the passes from a bound program to its kernels.
 */
package org.mcrc.compiler;
