/**
 * The Kernel IR: what is stored, what is produced on the fly, and in which loops. {@link
 * org.mcrc.compiler.kernel.Scheduler} makes it from an Index IR program with gradients, a class for each of its steps, and
 * says their order; the backends print it.
 *
 * <p>A few forms of kernel carry everything: a {@link org.mcrc.compiler.kernel.Nest} of loops around one scalar
 * expression (several over the same pixels are a {@link org.mcrc.compiler.kernel.Sweep}), a {@link
 * org.mcrc.compiler.kernel.Gram} matrix summed over pixels whose operands are produced while panels are staged, and a {@link
 * org.mcrc.compiler.kernel.Fold}, the reverse contraction with its epilogue and the fold of its rows at shifted pixels.
 * Reductions over ranges that grow with an index have two of their own: a {@link org.mcrc.compiler.kernel.Scan} sums over
 * pixels what they give at each step, a {@link org.mcrc.compiler.kernel.ReverseScan} folds the adjoints of a product's
 * factors. Where Fourier transforms are faster than loops, {@link
 * org.mcrc.compiler.kernel.Correlations} makes a {@link org.mcrc.compiler.kernel.Correlation} and its
 * adjoint, a {@link org.mcrc.compiler.kernel.Convolution}, of the {@link org.mcrc.compiler.kernel.Spectrum} of their
 * arrays. Arrays of pixels lie in rows with a halo ({@link org.mcrc.compiler.kernel.Storage}), so that a
 * shifted read is a load at a constant distance; {@link org.mcrc.compiler.kernel.Wrap} keeps halos periodic.
 */
package org.mcrc.compiler.kernel;
