package org.mcrc.runtime.engine.cpu.support;

/**
 * What is done with a finished tile of a reverse contraction: each element is multiplied by the derivative of what
 * follows it and added where it belongs, into the accumulator of its chunk.
 *
 * @param <A> the array type of the precision, {@code float[]} or {@code double[]}
 */
@FunctionalInterface
public interface Epilogue<A> {
    /**
     * Takes rows {@code firstRow} up to {@code lastRow} of pixel vectors {@code firstPixelVector} up to
     * {@code lastPixelVector}. Calls with the same chunk come one after another, in an order that depends on extents
     * alone; calls with different chunks may come at the same time.
     *
     * <p>Lanes beyond the end of a row of the image hold zeros where the operand had zeros.
     *
     * @param chunk which accumulator to add to
     * @param tile lane l of pixel vector v of row r at
     *     {@code offset + (r - firstRow) * stride + (v - firstPixelVector) * lanes + l}
     */
    void apply(int chunk, int firstRow, int lastRow, int firstPixelVector, int lastPixelVector, A tile, int offset,
            int stride);
}
