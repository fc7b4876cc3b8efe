package org.mcrc.runtime.engine.cpu.support;

/**
 * Computes a part of the coefficients of a reverse contraction, each once; called by several threads at once for
 * disjoint ranges.
 *
 * @param <A> the array type of the precision, {@code float[]} or {@code double[]}
 */
@FunctionalInterface
public interface MatrixProducer<A> {
    /**
     * Writes coefficient (r, b) to {@code target[offset + (r - firstRow) * stride + b - firstInner]}, for r from
     * {@code firstRow} up to, not including, {@code lastRow}, and b from {@code firstInner} up to, not including,
     * {@code lastInner}.
     */
    void produce(int firstRow, int lastRow, int firstInner, int lastInner, A target, int offset, int stride);
}
