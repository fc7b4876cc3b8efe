package org.mcrc.runtime.engine.cpu.support;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles in single precision: 8 × 3 vectors where there are 32 vector registers, otherwise 4 × 2.
 *
 * <p>Each tile is one static method whose sums are local variables: a vector in an array or in a field would be boxed.
 */
final class FloatTile implements RegisterTile<float[]> {
    static final FloatTile INSTANCE = new FloatTile();

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final boolean MANY_REGISTERS = Registers.areMany(SPECIES);
    private static final int ROWS = MANY_REGISTERS ? 8 : 4;
    private static final int COLUMNS = (MANY_REGISTERS ? 3 : 2) * LANES;

    private FloatTile() {
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
        return Float.BYTES;
    }

    @Override
    public float[] allocate(int length) {
        return new float[length];
    }

    @Override
    public int length(float[] array) {
        return array.length;
    }

    @Override
    public void clear(float[] array, int first, int last) {
        Arrays.fill(array, first, last, 0);
    }

    @Override
    public void multiply(int depth, float[] rowPanel, int rowOffset, float[] columnPanel, int columnOffset,
            float[] sums, int sumsOffset) {
        if (MANY_REGISTERS) {
            multiply8By3(depth, rowPanel, rowOffset, columnPanel, columnOffset, sums, sumsOffset);
        } else {
            multiply4By2(depth, rowPanel, rowOffset, columnPanel, columnOffset, sums, sumsOffset);
        }
    }

    private static void multiply8By3(int depth, float[] rowPanel, int rowOffset, float[] columnPanel,
            int columnOffset, float[] sums, int sumsOffset) {
        FloatVector sum0a = FloatVector.fromArray(SPECIES, sums, sumsOffset);
        FloatVector sum0b = FloatVector.fromArray(SPECIES, sums, sumsOffset + LANES);
        FloatVector sum0c = FloatVector.fromArray(SPECIES, sums, sumsOffset + 2 * LANES);
        FloatVector sum1a = FloatVector.fromArray(SPECIES, sums, sumsOffset + 3 * LANES);
        FloatVector sum1b = FloatVector.fromArray(SPECIES, sums, sumsOffset + 4 * LANES);
        FloatVector sum1c = FloatVector.fromArray(SPECIES, sums, sumsOffset + 5 * LANES);
        FloatVector sum2a = FloatVector.fromArray(SPECIES, sums, sumsOffset + 6 * LANES);
        FloatVector sum2b = FloatVector.fromArray(SPECIES, sums, sumsOffset + 7 * LANES);
        FloatVector sum2c = FloatVector.fromArray(SPECIES, sums, sumsOffset + 8 * LANES);
        FloatVector sum3a = FloatVector.fromArray(SPECIES, sums, sumsOffset + 9 * LANES);
        FloatVector sum3b = FloatVector.fromArray(SPECIES, sums, sumsOffset + 10 * LANES);
        FloatVector sum3c = FloatVector.fromArray(SPECIES, sums, sumsOffset + 11 * LANES);
        FloatVector sum4a = FloatVector.fromArray(SPECIES, sums, sumsOffset + 12 * LANES);
        FloatVector sum4b = FloatVector.fromArray(SPECIES, sums, sumsOffset + 13 * LANES);
        FloatVector sum4c = FloatVector.fromArray(SPECIES, sums, sumsOffset + 14 * LANES);
        FloatVector sum5a = FloatVector.fromArray(SPECIES, sums, sumsOffset + 15 * LANES);
        FloatVector sum5b = FloatVector.fromArray(SPECIES, sums, sumsOffset + 16 * LANES);
        FloatVector sum5c = FloatVector.fromArray(SPECIES, sums, sumsOffset + 17 * LANES);
        FloatVector sum6a = FloatVector.fromArray(SPECIES, sums, sumsOffset + 18 * LANES);
        FloatVector sum6b = FloatVector.fromArray(SPECIES, sums, sumsOffset + 19 * LANES);
        FloatVector sum6c = FloatVector.fromArray(SPECIES, sums, sumsOffset + 20 * LANES);
        FloatVector sum7a = FloatVector.fromArray(SPECIES, sums, sumsOffset + 21 * LANES);
        FloatVector sum7b = FloatVector.fromArray(SPECIES, sums, sumsOffset + 22 * LANES);
        FloatVector sum7c = FloatVector.fromArray(SPECIES, sums, sumsOffset + 23 * LANES);
        for (int k = 0; k < depth; k++) {
            int row = rowOffset + k * 8;
            int column = columnOffset + k * COLUMNS;
            FloatVector a = FloatVector.fromArray(SPECIES, columnPanel, column);
            FloatVector b = FloatVector.fromArray(SPECIES, columnPanel, column + LANES);
            FloatVector c = FloatVector.fromArray(SPECIES, columnPanel, column + 2 * LANES);
            FloatVector row0 = FloatVector.broadcast(SPECIES, rowPanel[row]);
            sum0a = row0.fma(a, sum0a);
            sum0b = row0.fma(b, sum0b);
            sum0c = row0.fma(c, sum0c);
            FloatVector row1 = FloatVector.broadcast(SPECIES, rowPanel[row + 1]);
            sum1a = row1.fma(a, sum1a);
            sum1b = row1.fma(b, sum1b);
            sum1c = row1.fma(c, sum1c);
            FloatVector row2 = FloatVector.broadcast(SPECIES, rowPanel[row + 2]);
            sum2a = row2.fma(a, sum2a);
            sum2b = row2.fma(b, sum2b);
            sum2c = row2.fma(c, sum2c);
            FloatVector row3 = FloatVector.broadcast(SPECIES, rowPanel[row + 3]);
            sum3a = row3.fma(a, sum3a);
            sum3b = row3.fma(b, sum3b);
            sum3c = row3.fma(c, sum3c);
            FloatVector row4 = FloatVector.broadcast(SPECIES, rowPanel[row + 4]);
            sum4a = row4.fma(a, sum4a);
            sum4b = row4.fma(b, sum4b);
            sum4c = row4.fma(c, sum4c);
            FloatVector row5 = FloatVector.broadcast(SPECIES, rowPanel[row + 5]);
            sum5a = row5.fma(a, sum5a);
            sum5b = row5.fma(b, sum5b);
            sum5c = row5.fma(c, sum5c);
            FloatVector row6 = FloatVector.broadcast(SPECIES, rowPanel[row + 6]);
            sum6a = row6.fma(a, sum6a);
            sum6b = row6.fma(b, sum6b);
            sum6c = row6.fma(c, sum6c);
            FloatVector row7 = FloatVector.broadcast(SPECIES, rowPanel[row + 7]);
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

    private static void multiply4By2(int depth, float[] rowPanel, int rowOffset, float[] columnPanel,
            int columnOffset, float[] sums, int sumsOffset) {
        FloatVector sum0a = FloatVector.fromArray(SPECIES, sums, sumsOffset);
        FloatVector sum0b = FloatVector.fromArray(SPECIES, sums, sumsOffset + LANES);
        FloatVector sum1a = FloatVector.fromArray(SPECIES, sums, sumsOffset + 2 * LANES);
        FloatVector sum1b = FloatVector.fromArray(SPECIES, sums, sumsOffset + 3 * LANES);
        FloatVector sum2a = FloatVector.fromArray(SPECIES, sums, sumsOffset + 4 * LANES);
        FloatVector sum2b = FloatVector.fromArray(SPECIES, sums, sumsOffset + 5 * LANES);
        FloatVector sum3a = FloatVector.fromArray(SPECIES, sums, sumsOffset + 6 * LANES);
        FloatVector sum3b = FloatVector.fromArray(SPECIES, sums, sumsOffset + 7 * LANES);
        for (int k = 0; k < depth; k++) {
            int row = rowOffset + k * 4;
            int column = columnOffset + k * COLUMNS;
            FloatVector a = FloatVector.fromArray(SPECIES, columnPanel, column);
            FloatVector b = FloatVector.fromArray(SPECIES, columnPanel, column + LANES);
            FloatVector row0 = FloatVector.broadcast(SPECIES, rowPanel[row]);
            sum0a = row0.fma(a, sum0a);
            sum0b = row0.fma(b, sum0b);
            FloatVector row1 = FloatVector.broadcast(SPECIES, rowPanel[row + 1]);
            sum1a = row1.fma(a, sum1a);
            sum1b = row1.fma(b, sum1b);
            FloatVector row2 = FloatVector.broadcast(SPECIES, rowPanel[row + 2]);
            sum2a = row2.fma(a, sum2a);
            sum2b = row2.fma(b, sum2b);
            FloatVector row3 = FloatVector.broadcast(SPECIES, rowPanel[row + 3]);
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
    public void multiplyNarrow(int count, int depth, float[] rows, int rowOffset, int rowStride, float[] column,
            int columnOffset, float[] sums, int sumsOffset, int sumsStride) {
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

    private static void multiply8By1(int depth, float[] rows, int rowOffset, int rowStride, float[] column,
            int columnOffset, float[] sums, int sumsOffset, int sumsStride) {
        FloatVector sum0 = FloatVector.fromArray(SPECIES, sums, sumsOffset);
        FloatVector sum1 = FloatVector.fromArray(SPECIES, sums, sumsOffset + sumsStride);
        FloatVector sum2 = FloatVector.fromArray(SPECIES, sums, sumsOffset + 2 * sumsStride);
        FloatVector sum3 = FloatVector.fromArray(SPECIES, sums, sumsOffset + 3 * sumsStride);
        FloatVector sum4 = FloatVector.fromArray(SPECIES, sums, sumsOffset + 4 * sumsStride);
        FloatVector sum5 = FloatVector.fromArray(SPECIES, sums, sumsOffset + 5 * sumsStride);
        FloatVector sum6 = FloatVector.fromArray(SPECIES, sums, sumsOffset + 6 * sumsStride);
        FloatVector sum7 = FloatVector.fromArray(SPECIES, sums, sumsOffset + 7 * sumsStride);
        int row1 = rowOffset + rowStride;
        int row2 = rowOffset + 2 * rowStride;
        int row3 = rowOffset + 3 * rowStride;
        int row4 = rowOffset + 4 * rowStride;
        int row5 = rowOffset + 5 * rowStride;
        int row6 = rowOffset + 6 * rowStride;
        int row7 = rowOffset + 7 * rowStride;
        for (int k = 0; k < depth; k++) {
            FloatVector a = FloatVector.fromArray(SPECIES, column, columnOffset + k * LANES);
            sum0 = FloatVector.broadcast(SPECIES, rows[rowOffset + k]).fma(a, sum0);
            sum1 = FloatVector.broadcast(SPECIES, rows[row1 + k]).fma(a, sum1);
            sum2 = FloatVector.broadcast(SPECIES, rows[row2 + k]).fma(a, sum2);
            sum3 = FloatVector.broadcast(SPECIES, rows[row3 + k]).fma(a, sum3);
            sum4 = FloatVector.broadcast(SPECIES, rows[row4 + k]).fma(a, sum4);
            sum5 = FloatVector.broadcast(SPECIES, rows[row5 + k]).fma(a, sum5);
            sum6 = FloatVector.broadcast(SPECIES, rows[row6 + k]).fma(a, sum6);
            sum7 = FloatVector.broadcast(SPECIES, rows[row7 + k]).fma(a, sum7);
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

    private static void multiply1By1(int depth, float[] rows, int rowOffset, float[] column, int columnOffset,
            float[] sums, int sumsOffset) {
        FloatVector sum = FloatVector.fromArray(SPECIES, sums, sumsOffset);
        for (int k = 0; k < depth; k++) {
            FloatVector a = FloatVector.fromArray(SPECIES, column, columnOffset + k * LANES);
            sum = FloatVector.broadcast(SPECIES, rows[rowOffset + k]).fma(a, sum);
        }
        sum.intoArray(sums, sumsOffset);
    }

    @Override
    public void place(float[] sums, int sumsOffset, int rows, int columns, float[] result, int resultOffset,
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
    public void interleave(float[] source, int sourceOffset, int sourceStride, int width, int depth, float[] panel,
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
    public void scale(float[] matrix, int stride, int firstRow, int lastRow, int first, int last, double factor) {
        float rounded = (float) factor;
        for (int row = firstRow; row < lastRow; row++) {
            for (int index = row * stride + first; index < row * stride + last; index++) {
                matrix[index] *= rounded;
            }
        }
    }

    @Override
    public void total(List<float[]> parts, int stride, int firstRow, int lastRow, int columns, double factor,
            float[] result) {
        float rounded = (float) factor;
        for (int row = firstRow; row < lastRow; row++) {
            int to = row * columns;
            Arrays.fill(result, to, to + columns, 0);
            for (float[] part : parts) {
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
    public void copyTransposed(float[] source, int sourceOffset, int sourceStride, int rows, int columns,
            float[] target, int targetOffset, int targetStride) {
        for (int column = 0; column < columns; column++) {
            int to = targetOffset + column * targetStride;
            int from = sourceOffset + column;
            for (int row = 0; row < rows; row++) {
                target[to + row] = source[from + row * sourceStride];
            }
        }
    }
}
