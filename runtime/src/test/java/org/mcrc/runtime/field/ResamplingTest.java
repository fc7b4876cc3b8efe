package org.mcrc.runtime.field;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResamplingTest {
    @Test
    void coarsePixelsAreMeansOfBlocks() {
        double[] values = {
            1, 2, 3, 4,
            5, 6, 7, 8};
        assertArrayEquals(new double[] {3.5, 5.5}, Resampling.coarsen(values, List.of(2, 4), 1, 2));
    }

    @Test
    void ownIndicesStayApart() {
        double[] values = {1, 10, 2, 20, 3, 30, 4, 40};
        assertArrayEquals(new double[] {2.5, 25}, Resampling.coarsen(values, List.of(2, 2), 2, 2));
    }

    @Test
    void finePixelsAreThoseOfTheirBlock() {
        assertArrayEquals(new double[] {1, 1, 2, 2, 1, 1, 2, 2}, Resampling.refine(new double[] {1, 2}, List.of(2, 4), 1, 2));
    }

    @Test
    void whatWasRefinedIsCoarsenedBackInThreeDimensions() {
        double[] coarse = IntStream.range(0, 2 * 1 * 3 * 2).mapToDouble(k -> k).toArray();
        double[] fine = Resampling.refine(coarse, List.of(6, 3, 9), 2, 3);
        assertEquals(27 * coarse.length, fine.length);
        assertArrayEquals(coarse, Resampling.coarsen(fine, List.of(6, 3, 9), 2, 3), 1e-12);
    }

    @Test
    void aFactorThatDoesNotDivideIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Resampling.coarser(List.of(6, 4), 3));
    }
}
