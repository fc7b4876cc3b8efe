/**
 * Random well-typed descriptors: a seeded generator of {@code .mcr} texts, and what must hold for every one of them:
 * evaluator, kernel interpreter and generated kernels agree, the gradient agrees with differences of the loss, and a
 * translated field has the same loss.
 */
package org.mcrc.runtime.random;
