package org.mcrc.runtime.engine.cpu.support;

import java.util.List;

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

    /**
     * Several matrices as one, whose columns follow one another.
     *
     * @param columns the number of columns of each
     */
    static <A> MatrixProducer<A> inOrder(int[] columns, List<MatrixProducer<A>> parts) {
        return (firstRow, lastRow, firstInner, lastInner, target, offset, stride) -> {
            int start = 0;
            for (int part = 0; part < columns.length; part++) {
                int first = Math.max(firstInner, start);
                int last = Math.min(lastInner, start + columns[part]);
                if (first < last) {
                    parts.get(part).produce(firstRow, lastRow, first - start, last - start, target,
                            offset + first - firstInner, stride);
                }
                start += columns[part];
            }
        };
    }
}
