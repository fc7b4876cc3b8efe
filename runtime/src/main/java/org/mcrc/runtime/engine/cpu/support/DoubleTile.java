package org.mcrc.runtime.engine.cpu.support;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles in double precision: 8 × 3 vectors where there are 32 vector registers, otherwise 4 × 2.
 *
 * <p>Each tile is one static method whose sums are local variables: a vector in an array or in a field would be boxed.
 */
final class DoubleTile implements RegisterTile<double[]> {
    static final DoubleTile INSTANCE = new DoubleTile();

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final boolean MANY_REGISTERS = Registers.areMany(SPECIES);
    private static final int ROWS = MANY_REGISTERS ? 8 : 4;
    private static final int COLUMNS = (MANY_REGISTERS ? 3 : 2) * LANES;

    private DoubleTile() {
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public int rows() {
        return ROWS;
    }

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public int bytes() {
        return Double.BYTES;
    }

    @Override
    public double[] allocate(int length) {
        return new double[length];
    }

    @Override
    public int length(double[] array) {
        return array.length;
    }

    @Override
    public void clear(double[] array, int first, int last) {
        Arrays.fill(array, first, last, 0);
    }

    @Override
    public void multiply(int depth, double[] rowPanel, int rowOffset, double[] columnPanel, int columnOffset,
            double[] sums, int sumsOffset) {
        if (MANY_REGISTERS) {
            multiply8By3(depth, rowPanel, rowOffset, columnPanel, columnOffset, sums, sumsOffset);
        } else {
            multiply4By2(depth, rowPanel, rowOffset, columnPanel, columnOffset, sums, sumsOffset);
        }
    }

    private static void multiply8By3(int depth, double[] rowPanel, int rowOffset, double[] columnPanel,
            int columnOffset, double[] sums, int sumsOffset) {
        DoubleVector sum0a = DoubleVector.fromArray(SPECIES, sums, sumsOffset);
        DoubleVector sum0b = DoubleVector.fromArray(SPECIES, sums, sumsOffset + LANES);
        DoubleVector sum0c = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 2 * LANES);
        DoubleVector sum1a = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 3 * LANES);
        DoubleVector sum1b = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 4 * LANES);
        DoubleVector sum1c = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 5 * LANES);
        DoubleVector sum2a = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 6 * LANES);
        DoubleVector sum2b = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 7 * LANES);
        DoubleVector sum2c = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 8 * LANES);
        DoubleVector sum3a = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 9 * LANES);
        DoubleVector sum3b = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 10 * LANES);
        DoubleVector sum3c = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 11 * LANES);
        DoubleVector sum4a = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 12 * LANES);
        DoubleVector sum4b = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 13 * LANES);
        DoubleVector sum4c = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 14 * LANES);
        DoubleVector sum5a = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 15 * LANES);
        DoubleVector sum5b = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 16 * LANES);
        DoubleVector sum5c = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 17 * LANES);
        DoubleVector sum6a = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 18 * LANES);
        DoubleVector sum6b = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 19 * LANES);
        DoubleVector sum6c = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 20 * LANES);
        DoubleVector sum7a = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 21 * LANES);
        DoubleVector sum7b = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 22 * LANES);
        DoubleVector sum7c = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 23 * LANES);
        for (int k = 0; k < depth; k++) {
            int row = rowOffset + k * 8;
            int column = columnOffset + k * COLUMNS;
            DoubleVector a = DoubleVector.fromArray(SPECIES, columnPanel, column);
            DoubleVector b = DoubleVector.fromArray(SPECIES, columnPanel, column + LANES);
            DoubleVector c = DoubleVector.fromArray(SPECIES, columnPanel, column + 2 * LANES);
            DoubleVector row0 = DoubleVector.broadcast(SPECIES, rowPanel[row]);
            sum0a = row0.fma(a, sum0a);
            sum0b = row0.fma(b, sum0b);
            sum0c = row0.fma(c, sum0c);
            DoubleVector row1 = DoubleVector.broadcast(SPECIES, rowPanel[row + 1]);
            sum1a = row1.fma(a, sum1a);
            sum1b = row1.fma(b, sum1b);
            sum1c = row1.fma(c, sum1c);
            DoubleVector row2 = DoubleVector.broadcast(SPECIES, rowPanel[row + 2]);
            sum2a = row2.fma(a, sum2a);
            sum2b = row2.fma(b, sum2b);
            sum2c = row2.fma(c, sum2c);
            DoubleVector row3 = DoubleVector.broadcast(SPECIES, rowPanel[row + 3]);
            sum3a = row3.fma(a, sum3a);
            sum3b = row3.fma(b, sum3b);
            sum3c = row3.fma(c, sum3c);
            DoubleVector row4 = DoubleVector.broadcast(SPECIES, rowPanel[row + 4]);
            sum4a = row4.fma(a, sum4a);
            sum4b = row4.fma(b, sum4b);
            sum4c = row4.fma(c, sum4c);
            DoubleVector row5 = DoubleVector.broadcast(SPECIES, rowPanel[row + 5]);
            sum5a = row5.fma(a, sum5a);
            sum5b = row5.fma(b, sum5b);
            sum5c = row5.fma(c, sum5c);
            DoubleVector row6 = DoubleVector.broadcast(SPECIES, rowPanel[row + 6]);
            sum6a = row6.fma(a, sum6a);
            sum6b = row6.fma(b, sum6b);
            sum6c = row6.fma(c, sum6c);
            DoubleVector row7 = DoubleVector.broadcast(SPECIES, rowPanel[row + 7]);
            sum7a = row7.fma(a, sum7a);
            sum7b = row7.fma(b, sum7b);
            sum7c = row7.fma(c, sum7c);
        }
        sum0a.intoArray(sums, sumsOffset);
        sum0b.intoArray(sums, sumsOffset + LANES);
        sum0c.intoArray(sums, sumsOffset + 2 * LANES);
        sum1a.intoArray(sums, sumsOffset + 3 * LANES);
        sum1b.intoArray(sums, sumsOffset + 4 * LANES);
        sum1c.intoArray(sums, sumsOffset + 5 * LANES);
        sum2a.intoArray(sums, sumsOffset + 6 * LANES);
        sum2b.intoArray(sums, sumsOffset + 7 * LANES);
        sum2c.intoArray(sums, sumsOffset + 8 * LANES);
        sum3a.intoArray(sums, sumsOffset + 9 * LANES);
        sum3b.intoArray(sums, sumsOffset + 10 * LANES);
        sum3c.intoArray(sums, sumsOffset + 11 * LANES);
        sum4a.intoArray(sums, sumsOffset + 12 * LANES);
        sum4b.intoArray(sums, sumsOffset + 13 * LANES);
        sum4c.intoArray(sums, sumsOffset + 14 * LANES);
        sum5a.intoArray(sums, sumsOffset + 15 * LANES);
        sum5b.intoArray(sums, sumsOffset + 16 * LANES);
        sum5c.intoArray(sums, sumsOffset + 17 * LANES);
        sum6a.intoArray(sums, sumsOffset + 18 * LANES);
        sum6b.intoArray(sums, sumsOffset + 19 * LANES);
        sum6c.intoArray(sums, sumsOffset + 20 * LANES);
        sum7a.intoArray(sums, sumsOffset + 21 * LANES);
        sum7b.intoArray(sums, sumsOffset + 22 * LANES);
        sum7c.intoArray(sums, sumsOffset + 23 * LANES);
    }

    private static void multiply4By2(int depth, double[] rowPanel, int rowOffset, double[] columnPanel,
            int columnOffset, double[] sums, int sumsOffset) {
        DoubleVector sum0a = DoubleVector.fromArray(SPECIES, sums, sumsOffset);
        DoubleVector sum0b = DoubleVector.fromArray(SPECIES, sums, sumsOffset + LANES);
        DoubleVector sum1a = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 2 * LANES);
        DoubleVector sum1b = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 3 * LANES);
        DoubleVector sum2a = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 4 * LANES);
        DoubleVector sum2b = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 5 * LANES);
        DoubleVector sum3a = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 6 * LANES);
        DoubleVector sum3b = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 7 * LANES);
        for (int k = 0; k < depth; k++) {
            int row = rowOffset + k * 4;
            int column = columnOffset + k * COLUMNS;
            DoubleVector a = DoubleVector.fromArray(SPECIES, columnPanel, column);
            DoubleVector b = DoubleVector.fromArray(SPECIES, columnPanel, column + LANES);
            DoubleVector row0 = DoubleVector.broadcast(SPECIES, rowPanel[row]);
            sum0a = row0.fma(a, sum0a);
            sum0b = row0.fma(b, sum0b);
            DoubleVector row1 = DoubleVector.broadcast(SPECIES, rowPanel[row + 1]);
            sum1a = row1.fma(a, sum1a);
            sum1b = row1.fma(b, sum1b);
            DoubleVector row2 = DoubleVector.broadcast(SPECIES, rowPanel[row + 2]);
            sum2a = row2.fma(a, sum2a);
            sum2b = row2.fma(b, sum2b);
            DoubleVector row3 = DoubleVector.broadcast(SPECIES, rowPanel[row + 3]);
            sum3a = row3.fma(a, sum3a);
            sum3b = row3.fma(b, sum3b);
        }
        sum0a.intoArray(sums, sumsOffset);
        sum0b.intoArray(sums, sumsOffset + LANES);
        sum1a.intoArray(sums, sumsOffset + 2 * LANES);
        sum1b.intoArray(sums, sumsOffset + 3 * LANES);
        sum2a.intoArray(sums, sumsOffset + 4 * LANES);
        sum2b.intoArray(sums, sumsOffset + 5 * LANES);
        sum3a.intoArray(sums, sumsOffset + 6 * LANES);
        sum3b.intoArray(sums, sumsOffset + 7 * LANES);
    }

    @Override
    public void multiplyNarrow(int count, int depth, double[] rows, int rowOffset, int rowStride, double[] column,
            int columnOffset, double[] sums, int sumsOffset, int sumsStride) {
        int row = 0;
        for (; row + 8 <= count; row += 8) {
            multiply8By1(depth, rows, rowOffset + row * rowStride, rowStride, column, columnOffset, sums,
                    sumsOffset + row * sumsStride, sumsStride);
        }
        for (; row < count; row++) {
            multiply1By1(depth, rows, rowOffset + row * rowStride, column, columnOffset, sums,
                    sumsOffset + row * sumsStride);
        }
    }

    private static void multiply8By1(int depth, double[] rows, int rowOffset, int rowStride, double[] column,
            int columnOffset, double[] sums, int sumsOffset, int sumsStride) {
        DoubleVector sum0 = DoubleVector.fromArray(SPECIES, sums, sumsOffset);
        DoubleVector sum1 = DoubleVector.fromArray(SPECIES, sums, sumsOffset + sumsStride);
        DoubleVector sum2 = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 2 * sumsStride);
        DoubleVector sum3 = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 3 * sumsStride);
        DoubleVector sum4 = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 4 * sumsStride);
        DoubleVector sum5 = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 5 * sumsStride);
        DoubleVector sum6 = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 6 * sumsStride);
        DoubleVector sum7 = DoubleVector.fromArray(SPECIES, sums, sumsOffset + 7 * sumsStride);
        int row1 = rowOffset + rowStride;
        int row2 = rowOffset + 2 * rowStride;
        int row3 = rowOffset + 3 * rowStride;
        int row4 = rowOffset + 4 * rowStride;
        int row5 = rowOffset + 5 * rowStride;
        int row6 = rowOffset + 6 * rowStride;
        int row7 = rowOffset + 7 * rowStride;
        for (int k = 0; k < depth; k++) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, column, columnOffset + k * LANES);
            sum0 = DoubleVector.broadcast(SPECIES, rows[rowOffset + k]).fma(a, sum0);
            sum1 = DoubleVector.broadcast(SPECIES, rows[row1 + k]).fma(a, sum1);
            sum2 = DoubleVector.broadcast(SPECIES, rows[row2 + k]).fma(a, sum2);
            sum3 = DoubleVector.broadcast(SPECIES, rows[row3 + k]).fma(a, sum3);
            sum4 = DoubleVector.broadcast(SPECIES, rows[row4 + k]).fma(a, sum4);
            sum5 = DoubleVector.broadcast(SPECIES, rows[row5 + k]).fma(a, sum5);
            sum6 = DoubleVector.broadcast(SPECIES, rows[row6 + k]).fma(a, sum6);
            sum7 = DoubleVector.broadcast(SPECIES, rows[row7 + k]).fma(a, sum7);
        }
        sum0.intoArray(sums, sumsOffset);
        sum1.intoArray(sums, sumsOffset + sumsStride);
        sum2.intoArray(sums, sumsOffset + 2 * sumsStride);
        sum3.intoArray(sums, sumsOffset + 3 * sumsStride);
        sum4.intoArray(sums, sumsOffset + 4 * sumsStride);
        sum5.intoArray(sums, sumsOffset + 5 * sumsStride);
        sum6.intoArray(sums, sumsOffset + 6 * sumsStride);
        sum7.intoArray(sums, sumsOffset + 7 * sumsStride);
    }

    private static void multiply1By1(int depth, double[] rows, int rowOffset, double[] column, int columnOffset,
            double[] sums, int sumsOffset) {
        DoubleVector sum = DoubleVector.fromArray(SPECIES, sums, sumsOffset);
        for (int k = 0; k < depth; k++) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, column, columnOffset + k * LANES);
            sum = DoubleVector.broadcast(SPECIES, rows[rowOffset + k]).fma(a, sum);
        }
        sum.intoArray(sums, sumsOffset);
    }

    @Override
    public void place(double[] sums, int sumsOffset, int rows, int columns, double[] result, int resultOffset,
            int resultStride, boolean add) {
        for (int row = 0; row < rows; row++) {
            int from = sumsOffset + row * COLUMNS;
            int to = resultOffset + row * resultStride;
            if (add) {
                for (int column = 0; column < columns; column++) {
                    result[to + column] += sums[from + column];
                }
            } else {
                System.arraycopy(sums, from, result, to, columns);
            }
        }
    }

    @Override
    public void interleave(double[] source, int sourceOffset, int sourceStride, int width, int depth, double[] panel,
            int panelOffset) {
        for (int first = 0; first < width; first += 4) {
            int row0 = sourceOffset + first * sourceStride;
            int row1 = row0 + sourceStride;
            int row2 = row1 + sourceStride;
            int row3 = row2 + sourceStride;
            for (int k = 0; k < depth; k++) {
                int to = panelOffset + k * width + first;
                panel[to] = source[row0 + k];
                panel[to + 1] = source[row1 + k];
                panel[to + 2] = source[row2 + k];
                panel[to + 3] = source[row3 + k];
            }
        }
    }

    @Override
    public void scale(double[] matrix, int stride, int firstRow, int lastRow, int first, int last, double factor) {
        for (int row = firstRow; row < lastRow; row++) {
            for (int index = row * stride + first; index < row * stride + last; index++) {
                matrix[index] *= factor;
            }
        }
    }

    @Override
    public void total(List<double[]> parts, int stride, int firstRow, int lastRow, int columns, double factor,
            double[] result) {
        double rounded = factor;
        for (int row = firstRow; row < lastRow; row++) {
            int to = row * columns;
            Arrays.fill(result, to, to + columns, 0);
            for (double[] part : parts) {
                for (int column = 0; column < columns; column++) {
                    result[to + column] += part[row * stride + column];
                }
            }
            for (int column = 0; column < columns; column++) {
                result[to + column] *= rounded;
            }
        }
    }

    @Override
    public void copyTransposed(double[] source, int sourceOffset, int sourceStride, int rows, int columns,
            double[] target, int targetOffset, int targetStride) {
        for (int column = 0; column < columns; column++) {
            int to = targetOffset + column * targetStride;
            int from = sourceOffset + column;
            for (int row = 0; row < rows; row++) {
                target[to + row] = source[from + row * sourceStride];
            }
        }
    }
}
