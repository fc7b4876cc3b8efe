package org.mcrc.runtime.engine.cpu.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Array;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class ContractionTest {
    /** Images whose rows do and do not end with a vector, of fewer and of more pixels than a panel holds. */
    private static final List<int[]> IMAGES = List.of(new int[] {1, 1}, new int[] {5, 7}, new int[] {3, 37},
            new int[] {4, 64}, new int[] {19, 33});
    /** Numbers of rows around those of tiles and panels. */
    private static final int[] SIZES = {1, 7, 48, 50, 101};

    @Test
    void gramMatrixIsTheOneOfTheNaiveLoop() {
        for (int[] image : IMAGES) {
            for (int size : SIZES) {
                checkGram(Contraction::singlePrecision, new float[size * size], image, size, 5e-6);
                checkGram(Contraction::doublePrecision, new double[size * size], image, size, 1e-14);
            }
        }
    }

    @Test
    void productOfDifferentOperandsIsTheOneOfTheNaiveLoop() {
        for (int[] image : IMAGES) {
            for (int size : SIZES) {
                checkProduct(Contraction::singlePrecision, new float[size * 29], image, size, 29, 5e-6);
                checkProduct(Contraction::doublePrecision, new double[size * 29], image, size, 29, 1e-14);
            }
        }
    }

    @Test
    void reverseContractionIsTheOneOfTheNaiveLoop() {
        for (int[] image : IMAGES) {
            checkReverse(Contraction::singlePrecision, image, 101, 101, 1e-5);
            checkReverse(Contraction::doublePrecision, image, 50, 50, 1e-13);
            checkReverse(Contraction::singlePrecision, image, 17, 53, 1e-5);
            checkReverse(Contraction::singlePrecision, image, 53, 17, 1e-5);
        }
    }

    @Test
    void chainOfTwoProductsIsTheOneOfTheNaiveLoop() {
        for (int[] image : IMAGES) {
            for (int size : SIZES) {
                checkChain(Contraction::singlePrecision, float[]::new, image, 16, size, 2e-5);
                checkChain(Contraction::doublePrecision, double[]::new, image, 3, size, 1e-14);
            }
        }
        checkChain(Contraction::singlePrecision, float[]::new, new int[] {19, 133}, 45, 703, 2e-5);
    }

    /** More rows and columns than a group has, more terms than a few panels are deep. */
    @Test
    void sizesBeyondThoseOfGroupsAndPanels() {
        checkGram(Contraction::singlePrecision, new float[701 * 701], new int[] {19, 133}, 701, 2e-5);
        checkProduct(Contraction::doublePrecision, new double[403 * 330], new int[] {19, 133}, 403, 330, 1e-14);
        checkReverse(Contraction::singlePrecision, new int[] {19, 33}, 403, 703, 1e-5);
    }

    @Test
    void gramMatrixHasTheBitsOfTheGeneralProduct() {
        try (Workers workers = new Workers(2)) {
            Contraction<float[]> contraction = Contraction.singlePrecision(workers);
            Operand<float[]> operand = new Operand<>(19, 33, 101, contraction.lanes(), 1);
            float[] gram = new float[101 * 101];
            float[] product = new float[101 * 101];
            contraction.gram(101, operand.vectors(), operand, 0.37, gram);
            contraction.product(101, 101, operand.vectors(), operand, operand, 0.37, product);
            assertArrayEquals(product, gram);
        }
    }

    @Test
    void bitsDoNotDependOnTheNumberOfWorkersNorOnEarlierCalls() {
        float[] first = null;
        for (int count = 1; count <= 3; count++) {
            try (Workers workers = new Workers(count)) {
                Contraction<float[]> contraction = Contraction.singlePrecision(workers);
                for (int repetition = 0; repetition < 3; repetition++) {
                    float[] results = everything(contraction);
                    first = first == null ? results : first;
                    assertArrayEquals(first, results);
                }
            }
        }
    }

    @Test
    void contractionsAtOnceHaveTheBitsOfOneAfterAnother() {
        try (Workers workers = new Workers(3)) {
            Contraction<float[]> contraction = Contraction.singlePrecision(workers);
            float[] alone = everything(contraction);
            for (int repetition = 0; repetition < 20; repetition++) {
                float[][] results = new float[4][];
                workers.together(() -> results[0] = everything(contraction), () -> results[1] = everything(contraction),
                        () -> results[2] = everything(contraction), () -> results[3] = everything(contraction));
                for (float[] result : results) {
                    assertArrayEquals(alone, result);
                }
            }
        }
    }

    @Test
    void numberOfChunksDependsOnExtentsAndStaysAffordable() {
        try (Workers workers = new Workers(1)) {
            Contraction<float[]> contraction = Contraction.singlePrecision(workers);
            assertEquals(1, contraction.chunks(1, 100));
            assertTrue(contraction.chunks(100_000, 100) >= 16);
            assertTrue(contraction.chunks(100_000, 1 << 23) <= 2);
            assertEquals(1, contraction.chunks(100_000, 1L << 40));
        }
    }

    private static float[] everything(Contraction<float[]> contraction) {
        int size = 101;
        Operand<float[]> operand = new Operand<>(19, 65, size, contraction.lanes(), 1);
        float[] gram = new float[size * size];
        contraction.gram(size, operand.vectors(), operand, 0.37, gram);
        int chunks = contraction.chunks(operand.vectors(), 1000);
        float[] sums = new float[size * size + chunks];
        System.arraycopy(gram, 0, sums, 0, gram.length);
        contraction.reverse(size, size, operand.vectors(), stored(gram, size), operand, chunks,
                (chunk, firstRow, lastRow, firstVector, lastVector, tile, offset, stride) -> {
                    for (int row = firstRow; row < lastRow; row++) {
                        for (int lane = 0; lane < (lastVector - firstVector) * contraction.lanes(); lane++) {
                            sums[gram.length + chunk] += tile[offset + (row - firstRow) * stride + lane];
                        }
                    }
                });
        return sums;
    }

    private static <A> void checkGram(Function<Workers, Contraction<A>> precision, A result, int[] image, int size,
            double tolerance) {
        try (Workers workers = new Workers(2)) {
            Contraction<A> contraction = precision.apply(workers);
            Operand<A> operand = new Operand<>(image[0], image[1], size, contraction.lanes(), 1);
            contraction.gram(size, operand.vectors(), operand, 0.5, result);
            double[] expected = product(operand, operand, 0.5);
            assertClose(expected, result, tolerance);
        }
    }

    private static <A> void checkProduct(Function<Workers, Contraction<A>> precision, A result, int[] image, int rows,
            int columns, double tolerance) {
        try (Workers workers = new Workers(2)) {
            Contraction<A> contraction = precision.apply(workers);
            Operand<A> first = new Operand<>(image[0], image[1], rows, contraction.lanes(), 1);
            Operand<A> second = new Operand<>(image[0], image[1], columns, contraction.lanes(), 2);
            contraction.product(rows, columns, first.vectors(), first, second, 2, result);
            assertClose(product(first, second, 2), result, tolerance);
        }
    }

    private static <A> void checkReverse(Function<Workers, Contraction<A>> precision, int[] image, int rows, int depth,
            double tolerance) {
        try (Workers workers = new Workers(2)) {
            Contraction<A> contraction = precision.apply(workers);
            Operand<A> operand = new Operand<>(image[0], image[1], depth, contraction.lanes(), 1);
            SplittableRandom random = new SplittableRandom(5);
            float[] matrix = new float[rows * depth];
            for (int index = 0; index < matrix.length; index++) {
                matrix[index] = (float) random.nextDouble(-1, 1);
            }
            int pixels = operand.vectors() * contraction.lanes();
            double[] actual = new double[pixels * rows];
            int[] chunkOfPixel = new int[pixels];
            int chunks = contraction.chunks(operand.vectors(), 1000);
            contraction.reverse(rows, depth, operand.vectors(), stored(matrix, depth), operand, chunks,
                    (chunk, firstRow, lastRow, firstVector, lastVector, tile, offset, stride) -> {
                        for (int row = firstRow; row < lastRow; row++) {
                            for (int lane = 0; lane < (lastVector - firstVector) * contraction.lanes(); lane++) {
                                int pixel = firstVector * contraction.lanes() + lane;
                                actual[row * pixels + pixel] += Array.getDouble(tile,
                                        offset + (row - firstRow) * stride + lane);
                                chunkOfPixel[pixel] = chunk;
                            }
                        }
                    });
            double[][] values = operand.values();
            for (int row = 0; row < rows; row++) {
                for (int pixel = 0; pixel < pixels; pixel++) {
                    double expected = 0;
                    for (int k = 0; k < depth; k++) {
                        expected += matrix[row * depth + k] * values[k][pixel];
                    }
                    assertEquals(expected, actual[row * pixels + pixel], tolerance * Math.sqrt(depth));
                }
            }
            for (int pixel = 1; pixel < pixels; pixel++) {
                assertTrue(chunkOfPixel[pixel] >= chunkOfPixel[pixel - 1]);
            }
        }
    }

    /** p of one operand and some coefficients, and the product of the operand with twice p: the same bits for any workers. */
    private static <A> void checkChain(Function<Workers, Contraction<A>> precision, IntFunction<A> array, int[] image,
            int rows, int depth, double tolerance) {
        A first = null;
        for (int count = 1; count <= 3; count += 2) {
            try (Workers workers = new Workers(count)) {
                Contraction<A> contraction = precision.apply(workers);
                Operand<A> operand = new Operand<>(image[0], image[1], depth, contraction.lanes(), 1);
                int pixels = operand.vectors() * contraction.lanes();
                float[] matrix = new float[rows * depth];
                SplittableRandom random = new SplittableRandom(5);
                for (int index = 0; index < matrix.length; index++) {
                    matrix[index] = (float) random.nextDouble(-1, 1);
                }
                double[] p = new double[rows * pixels];
                A result = array.apply(depth * rows);
                contraction.chain(rows, depth, operand.vectors(), stored(matrix, depth), operand,
                        (chunk, firstRow, lastRow, firstVector, lastVector, tile, offset, stride) -> {
                            for (int row = firstRow; row < lastRow; row++) {
                                for (int lane = 0; lane < (lastVector - firstVector) * contraction.lanes(); lane++) {
                                    p[row * pixels + firstVector * contraction.lanes() + lane] += Array.getDouble(tile,
                                            offset + (row - firstRow) * stride + lane);
                                }
                            }
                        }, rows, (firstRow, lastRow, firstVector, lastVector, target, offset, stride) -> {
                            for (int row = firstRow; row < lastRow; row++) {
                                for (int pixel = firstVector * contraction.lanes();
                                        pixel < lastVector * contraction.lanes(); pixel++) {
                                    set(target, offset + (row - firstRow) * stride + pixel
                                            - firstVector * contraction.lanes(), 2 * p[row * pixels + pixel]);
                                }
                            }
                        }, 0.25, result);
                double[][] values = operand.values();
                for (int c = 0; c < rows; c++) {
                    double[] expected = new double[depth];
                    for (int pixel = 0; pixel < pixels; pixel++) {
                        double sum = 0;
                        for (int b = 0; b < depth; b++) {
                            sum += matrix[c * depth + b] * values[b][pixel];
                        }
                        assertEquals(sum, p[c * pixels + pixel], tolerance * Math.sqrt(depth));
                        for (int b = 0; b < depth; b++) {
                            expected[b] += 0.25 * values[b][pixel] * 2 * sum;
                        }
                    }
                    for (int b = 0; b < depth; b++) {
                        assertEquals(expected[b], Array.getDouble(result, b * rows + c),
                                tolerance * Math.sqrt((double) depth * pixels));
                    }
                }
                if (first == null) {
                    first = result;
                }
                for (int index = 0; index < depth * rows; index++) {
                    assertEquals(Array.getDouble(first, index), Array.getDouble(result, index));
                }
            }
        }
    }

    /** Coefficients from a matrix of {@code depth} columns. */
    private static <A> MatrixProducer<A> stored(float[] matrix, int depth) {
        return (firstRow, lastRow, firstInner, lastInner, target, offset, stride) -> {
            for (int row = firstRow; row < lastRow; row++) {
                for (int inner = firstInner; inner < lastInner; inner++) {
                    set(target, offset + (row - firstRow) * stride + inner - firstInner, matrix[row * depth + inner]);
                }
            }
        };
    }

    private static <A> double[] product(Operand<A> first, Operand<A> second, double scale) {
        double[] product = new double[first.rows * second.rows];
        double[][] left = first.values();
        double[][] right = second.values();
        for (int a = 0; a < first.rows; a++) {
            for (int b = 0; b < second.rows; b++) {
                double sum = 0;
                for (int pixel = 0; pixel < left[a].length; pixel++) {
                    sum += left[a][pixel] * right[b][pixel];
                }
                product[a * second.rows + b] = sum * scale;
            }
        }
        return product;
    }

    private static void assertClose(double[] expected, Object actual, double tolerance) {
        for (int index = 0; index < expected.length; index++) {
            assertEquals(expected[index], Array.getDouble(actual, index), tolerance * (1 + Math.abs(expected[index])));
        }
    }

    private static void set(Object array, int index, double value) {
        if (array instanceof float[] floats) {
            floats[index] = (float) value;
        } else {
            Array.setDouble(array, index, value);
        }
    }

    /** An operand of arbitrary numbers that are exact in single precision. */
    private record Operand<A>(int height, int width, int rows, int lanes, int seed) implements Producer<A> {
        private int vectors() {
            return height * Math.ceilDiv(width, lanes);
        }

        private double value(int row, int pixel) {
            int column = pixel % (Math.ceilDiv(width, lanes) * lanes);
            int hash = (row * 7919 + pixel * 104729 + seed * 1299709) * 0x9E3779B9;
            return column < width ? (hash >>> 20) / 2048.0 - 1 : 0;
        }

        private double[][] values() {
            double[][] values = new double[rows][vectors() * lanes];
            for (int row = 0; row < rows; row++) {
                for (int pixel = 0; pixel < values[row].length; pixel++) {
                    values[row][pixel] = value(row, pixel);
                }
            }
            return values;
        }

        @Override
        public void produce(int firstRow, int lastRow, int firstVector, int lastVector, A target, int offset,
                int stride) {
            for (int row = firstRow; row < lastRow; row++) {
                for (int pixel = firstVector * lanes; pixel < lastVector * lanes; pixel++) {
                    set(target, offset + (row - firstRow) * stride + pixel - firstVector * lanes, value(row, pixel));
                }
            }
        }
    }
}
