package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;

/**
 * All values of a vector of linear forms of finite indices, as bits of the box that holds them. Sums of sets are shifts of
 * bits, so that {@code a - b} over all pairs costs far less than its pairs.
 */
final class LinearImage {
    private static final long MOST_CELLS = 1L << 28;
    private static final long MOST_WORK = 4_000_000_000L;

    private final int[] low;
    private final long[] strides;
    private long[] bits;

    private LinearImage(int[] low, long[] strides, long cells) {
        this.low = low;
        this.strides = strides;
        this.bits = new long[(int) (cells + 63 >> 6)];
    }

    /** The values, or nothing where the forms are not linear or there would be too much to do. */
    static Optional<LinearImage> of(List<IndexForm> vector) {
        Map<Index, int[][]> coefficients = new HashMap<>();
        for (int row = 0; row < vector.size(); row++) {
            for (Map.Entry<IndexForm.Monomial, Integer> term : vector.get(row).terms().entrySet()) {
                if (term.getKey().factors().size() != 1
                        || !(term.getKey().factors().getFirst() instanceof IndexForm.Component component)
                        || !(component.index().domain() instanceof FiniteDomain)) {
                    return Optional.empty();
                }
                coefficients.computeIfAbsent(component.index(),
                        index -> new int[vector.size()][index.domain().components()])[row][component.component()] =
                        term.getValue();
            }
        }
        List<int[][]> summands = new ArrayList<>();
        coefficients.forEach((index, matrix) -> summands.add(values((FiniteDomain) index.domain(), matrix)));
        summands.sort(Comparator.comparingInt(values -> -values.length));
        int dimension = vector.size();
        int[] low = new int[dimension];
        long[] extents = new long[dimension];
        for (int row = 0; row < dimension; row++) {
            long lowest = vector.get(row).constant();
            long highest = lowest;
            for (int[][] values : summands) {
                int least = Integer.MAX_VALUE;
                int greatest = Integer.MIN_VALUE;
                for (int[] value : values) {
                    least = Math.min(least, value[row]);
                    greatest = Math.max(greatest, value[row]);
                }
                if (values.length == 0) {
                    return Optional.empty();
                }
                lowest += least;
                highest += greatest;
                for (int[] value : values) {
                    value[row] -= least;
                }
            }
            if (lowest < Integer.MIN_VALUE || highest > Integer.MAX_VALUE) {
                return Optional.empty();
            }
            low[row] = (int) lowest;
            extents[row] = highest - lowest + 1;
        }
        long cells = 1;
        long[] strides = new long[dimension];
        for (int row = dimension - 1; row >= 0; row--) {
            strides[row] = cells;
            cells = Count.product(cells, extents[row]);
        }
        long work = cells;
        for (int[][] values : summands.subList(Math.min(1, summands.size()), summands.size())) {
            work += Count.product(values.length, cells / 64 + 1) / 2;
        }
        if (cells > MOST_CELLS || work > MOST_WORK || work < 0) {
            return Optional.empty();
        }
        LinearImage image = new LinearImage(low, strides, cells);
        image.fill(summands);
        return Optional.of(image);
    }

    private static int[][] values(FiniteDomain domain, int[][] matrix) {
        int[][] values = new int[domain.size()][matrix.length];
        for (int ordinal = 0; ordinal < values.length; ordinal++) {
            for (int row = 0; row < matrix.length; row++) {
                for (int component = 0; component < domain.components(); component++) {
                    values[ordinal][row] += matrix[row][component] * domain.component(ordinal, component);
                }
            }
        }
        return values;
    }

    private void fill(List<int[][]> summands) {
        if (summands.isEmpty()) {
            bits[0] = 1;
            return;
        }
        for (int[] value : summands.getFirst()) {
            long cell = cell(value);
            bits[(int) (cell >> 6)] |= 1L << cell;
        }
        for (int[][] values : summands.subList(1, summands.size())) {
            long[] sum = new long[bits.length];
            for (int[] value : values) {
                orShifted(sum, bits, cell(value));
            }
            bits = sum;
        }
    }

    private long cell(int[] relative) {
        long cell = 0;
        for (int row = 0; row < strides.length; row++) {
            cell += strides[row] * relative[row];
        }
        return cell;
    }

    private static void orShifted(long[] target, long[] source, long shift) {
        int words = (int) (shift >> 6);
        int rest = (int) (shift & 63);
        if (rest == 0) {
            for (int i = words; i < target.length; i++) {
                target[i] |= source[i - words];
            }
            return;
        }
        target[words] |= source[0] << rest;
        for (int i = words + 1; i < target.length; i++) {
            target[i] |= source[i - words] << rest | source[i - words - 1] >>> 64 - rest;
        }
    }

    /** The number of values. */
    long count() {
        long count = 0;
        for (long word : bits) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** Whether all values satisfy a condition, asked in lexicographic order. */
    boolean all(Predicate<int[]> condition) {
        for (int word = 0; word < bits.length; word++) {
            for (long rest = bits[word]; rest != 0; rest &= rest - 1) {
                long cell = ((long) word << 6) + Long.numberOfTrailingZeros(rest);
                int[] value = new int[strides.length];
                for (int row = 0; row < strides.length; row++) {
                    value[row] = low[row] + (int) (cell / strides[row]);
                    cell %= strides[row];
                }
                if (!condition.test(value)) {
                    return false;
                }
            }
        }
        return true;
    }
}
