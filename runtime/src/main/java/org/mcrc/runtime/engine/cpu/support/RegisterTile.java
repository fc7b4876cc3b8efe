package org.mcrc.runtime.engine.cpu.support;

/**
 * The innermost part of a contraction: a tile of {@code rows × columns} sums of products that stay in registers while
 * the reduced axis goes by.
 *
 * <p>Operands are <em>panels</em>. A panel holds as many rows of an operand as a tile has columns, the rows side by
 * side: element (row, k) lies at {@code offset + k * columns() + row}. The columns of a tile are loaded from such a
 * panel as vectors; its rows are broadcast from {@link #rows()} neighbouring places of such a panel too, so that one
 * panel serves as either operand.
 *
 * @param <A> the array type of the precision, {@code float[]} or {@code double[]}
 */
public sealed interface RegisterTile<A> permits FloatTile, DoubleTile {
    /** The lanes of a vector: also the pixels of a pixel vector. */
    int lanes();

    /** The rows of a tile, which divide {@link #columns()}. */
    int rows();

    /** The columns of a tile: two or three vectors. */
    int columns();

    /** The bytes of an element. */
    int bytes();

    /** A new array of zeros. */
    A allocate(int length);

    /** The length of {@code array}. */
    int length(A array);

    /**
     * {@code sums[i][j] = Σ_k row[i][k] * column[j][k]} for a whole tile, whose rows are {@link #columns()} apart.
     *
     * @param depth the number of k
     * @param rowPanel a panel
     * @param rowOffset where the first row of the tile has k = 0 in it
     * @param columnPanel a panel
     * @param columnOffset where it begins
     * @param sums the tile, overwritten
     * @param sumsOffset where it begins
     */
    void multiply(int depth, A rowPanel, int rowOffset, A columnPanel, int columnOffset, A sums, int sumsOffset);

    /**
     * Puts the first {@code rows} and {@code columns} of a tile into rows of results that are {@code resultStride} apart.
     *
     * @param add whether to add to the result's values or to replace them
     */
    void place(A sums, int sumsOffset, int rows, int columns, A result, int resultOffset, int resultStride,
            boolean add);

    /**
     * Turns rows into a panel: {@code panel[k * columns() + row] = source[row * sourceStride + k]}; rows that are
     * missing to a full panel become zeros.
     *
     * @param count the rows there are, at most {@link #columns()}
     * @param depth the number of k
     */
    void transpose(A source, int sourceOffset, int sourceStride, int count, int depth, A panel, int panelOffset);

    /**
     * Multiplies the elements from {@code first} up to {@code last} of each row of the rows from {@code firstRow} up to
     * {@code lastRow} of a matrix by {@code factor}.
     */
    void scale(A matrix, int stride, int firstRow, int lastRow, int first, int last, double factor);

    /**
     * {@code target[j][i] = source[i][j]}, for i below {@code rows} and j below {@code columns}; the two may be disjoint
     * parts of one array.
     *
     * @param sum whether to add to the target's values or to replace them
     */
    void copyTransposed(A source, int sourceOffset, int sourceStride, int rows, int columns, A target,
            int targetOffset, int targetStride, boolean sum);
}
