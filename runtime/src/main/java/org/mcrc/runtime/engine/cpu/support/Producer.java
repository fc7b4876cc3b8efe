package org.mcrc.runtime.engine.cpu.support;

import java.util.List;

/**
 * Computes a part of an operand of a contraction, on the fly: rows (what the contraction's result is indexed by) times
 * pixel vectors (what is summed over, or what the reverse contraction's result is indexed by).
 *
 * <p>A pixel vector is {@link RegisterTile#lanes()} neighbouring pixels of a row of the image; the last one of a row may
 * reach beyond it, and the lanes that do must be zero. It is called by several threads at once for disjoint ranges.
 *
 * @param <A> the array type of the precision, {@code float[]} or {@code double[]}
 */
@FunctionalInterface
public interface Producer<A> {
    /**
     * Writes lane l of pixel vector v of row r to
     * {@code target[offset + (r - firstRow) * stride + (v - firstPixelVector) * lanes + l]}, for r from {@code firstRow}
     * up to, not including, {@code lastRow}, and v from {@code firstPixelVector} up to, not including,
     * {@code lastPixelVector}.
     */
    void produce(int firstRow, int lastRow, int firstPixelVector, int lastPixelVector, A target, int offset,
            int stride);

    /**
     * Several operands as one, whose rows follow one another.
     *
     * @param rows the number of rows of each
     */
    static <A> Producer<A> inOrder(int[] rows, List<Producer<A>> parts) {
        return (firstRow, lastRow, firstPixelVector, lastPixelVector, target, offset, stride) -> {
            int start = 0;
            for (int part = 0; part < rows.length; part++) {
                int first = Math.max(firstRow, start);
                int last = Math.min(lastRow, start + rows[part]);
                if (first < last) {
                    parts.get(part).produce(first - start, last - start, firstPixelVector, lastPixelVector, target,
                            offset + (first - firstRow) * stride, stride);
                }
                start += rows[part];
            }
        };
    }
}
