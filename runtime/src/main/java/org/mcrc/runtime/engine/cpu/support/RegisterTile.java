package org.mcrc.runtime.engine.cpu.support;

import java.util.List;

/**
 * The innermost part of a contraction: a tile of {@code rows × columns} sums of products that stay in registers while
 * the reduced axis goes by.
 *
 * <p>The operands come as panels, contiguous and in the order in which they are read. In a <em>row panel</em> element
 * (row, k) lies at {@code offset + k * rows() + row}: its elements are broadcast. In a <em>column panel</em> element
 * (column, k) lies at {@code offset + k * columns() + column}: its elements are loaded as vectors.
 *
 * @param <A> the array type of the precision, {@code float[]} or {@code double[]}
 */
public sealed interface RegisterTile<A> permits FloatTile, DoubleTile {
    /** The lanes of a vector: also the pixels of a pixel vector. */
    int lanes();

    /** The rows of a tile: a multiple of 4. */
    int rows();

    /** The columns of a tile: a multiple of {@link #lanes()}. */
    int columns();

    /** The bytes of an element. */
    int bytes();

    /** A new array of zeros. */
    A allocate(int length);

    /** The length of {@code array}. */
    int length(A array);

    /** Sets the elements from {@code first} up to {@code last} to zero. */
    void clear(A array, int first, int last);

    /**
     * {@code sums[i][j] += Σ_k row[i][k] * column[j][k]} for a whole tile, whose rows are {@link #columns()} apart.
     *
     * @param depth the number of k
     * @param rowPanel a row panel
     * @param rowOffset where it begins
     * @param columnPanel a column panel
     * @param columnOffset where it begins
     * @param sums the tile, added to
     * @param sumsOffset where it begins
     */
    void multiply(int depth, A rowPanel, int rowOffset, A columnPanel, int columnOffset, A sums, int sumsOffset);

    /**
     * {@code sums[i][lane] += Σ_k rows[i][k] * column[k][lane]} for any number of rows and one vector of columns, where rows
     * lie as they were produced: element (i, k) at {@code rowOffset + i * rowStride + k}, (k, lane) at
     * {@code columnOffset + k * lanes() + lane}, and the sums' rows {@code sumsStride} apart.
     *
     * @param count the number of i
     * @param depth the number of k
     */
    void multiplyNarrow(int count, int depth, A rows, int rowOffset, int rowStride, A column, int columnOffset, A sums,
            int sumsOffset, int sumsStride);

    /**
     * Puts the first {@code rows} and {@code columns} of a tile into rows of results that are {@code resultStride} apart.
     *
     * @param add whether to add to the result's values or to replace them
     */
    void place(A sums, int sumsOffset, int rows, int columns, A result, int resultOffset, int resultStride,
            boolean add);

    /**
     * Makes a panel of rows: {@code panel[k * width + i] = source[i * sourceStride + k]} for i below {@code width} and k
     * below {@code depth}.
     *
     * @param width a multiple of 4
     */
    void interleave(A source, int sourceOffset, int sourceStride, int width, int depth, A panel, int panelOffset);

    /**
     * Multiplies the elements from {@code first} up to {@code last} of each row of the rows from {@code firstRow} up to
     * {@code lastRow} of a matrix by {@code factor}.
     */
    void scale(A matrix, int stride, int firstRow, int lastRow, int first, int last, double factor);

    /**
     * {@code result[i * columns + j] = factor * (parts[0][i * stride + j] + parts[1][i * stride + j] + …)}, in this order,
     * for i from {@code firstRow} up to {@code lastRow} and j below {@code columns}.
     */
    void total(List<A> parts, int stride, int firstRow, int lastRow, int columns, double factor, A result);

    /**
     * {@code target[j][i] = source[i][j]}, for i below {@code rows} and j below {@code columns}; the two may be disjoint
     * parts of one array.
     */
    void copyTransposed(A source, int sourceOffset, int sourceStride, int rows, int columns, A target,
            int targetOffset, int targetStride);
}
