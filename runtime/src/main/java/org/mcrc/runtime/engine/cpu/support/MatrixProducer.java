package org.mcrc.runtime.engine.cpu.support;

/**
 * Computes rows of the coefficients of a reverse contraction, each once; called by several threads at once for disjoint
 * rows.
 *
 * @param <A> the array type of the precision, {@code float[]} or {@code double[]}
 */
@FunctionalInterface
public interface MatrixProducer<A> {
    /**
     * Writes coefficient (r, b) to {@code target[offset + (r - firstRow) * stride + b]}, for r from {@code firstRow} up
     * to, not including, {@code lastRow}, and all b.
     */
    void produce(int firstRow, int lastRow, A target, int offset, int stride);
}
