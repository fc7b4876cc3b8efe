package org.mcrc.runtime.reconstruct;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mcrc.runtime.engine.Signature;

class InitializationTest {

    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private static Signature signature(Signature.Field... fields) {
        return new Signature("d", List.of(100, 100), 4, List.of(fields), List.of(), List.of(), List.of());
    }

    private static Signature.Field field(double low, double high) {
        return new Signature.Field("M", List.of(100, 100), low, high, false);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElseThrow());
    }

    @Test
    void twoPhaseFieldStartsNearOneHalfWithinItsRange() {
        double[] values = Initialization.DEFAULT.draw(signature(field(0, 1)), 1);
        assertEquals(0.5, mean(values), 0.005);
        assertEquals(0.1, deviation(values), 0.005);
        assertTrue(Arrays.stream(values).allMatch(value -> value >= 0 && value <= 1));
    }

    @Test
    void drawnValuesScaleWithTheRangeAndAreClippedToIt() {
        double[] values = new Noise(false, 0.5, 0.5).draw(signature(field(-3, 1)), 1);
        assertEquals(-1, mean(values), 0.05);
        assertEquals(-3, Arrays.stream(values).min().orElseThrow());
        assertEquals(1, Arrays.stream(values).max().orElseThrow());
    }

    @Test
    void openRangesStartOneHalfFromTheBoundThereIs() {
        assertEquals(2.5, mean(Initialization.DEFAULT.draw(signature(field(2, INFINITY)), 1)), 0.005);
        assertEquals(1.5, mean(Initialization.DEFAULT.draw(signature(field(-INFINITY, 2)), 1)), 0.005);
        assertEquals(0.5, mean(Initialization.DEFAULT.draw(signature(field(-INFINITY, INFINITY)), 1)), 0.005);
    }

    @Test
    void indicatorsSumToOneOnAverage() {
        Signature.Field indicators = new Signature.Field("I", List.of(100, 100, 4), 0, 1, true);
        assertEquals(0.25, mean(Initialization.DEFAULT.draw(signature(indicators), 1)), 0.005);
    }

    @Test
    void uniformFillsTheRangeEvenly() {
        double[] values = Initialization.UNIFORM.draw(signature(field(2, 4)), 1);
        assertEquals(3, mean(values), 0.02);
        assertEquals(2 / Math.sqrt(12), deviation(values), 0.02);
        assertTrue(Arrays.stream(values).allMatch(value -> value >= 2 && value < 4));
    }

    @Test
    void fieldsAreDrawnOneAfterTheOther() {
        double[] both = Initialization.DEFAULT.draw(signature(field(0, 1), field(0, 1)), 3);
        double[] first = Initialization.DEFAULT.draw(signature(field(0, 1)), 3);
        assertArrayEquals(first, Arrays.copyOf(both, 10000));
        assertTrue(both[0] != both[10000]);
    }

    @Test
    void neighbouringSeedsAreUnrelated() {
        double[] one = Initialization.DEFAULT.draw(signature(field(-INFINITY, INFINITY)), 1);
        double[] two = Initialization.DEFAULT.draw(signature(field(-INFINITY, INFINITY)), 2);
        double covariance = 0;
        for (int position = 0; position < one.length; position++) {
            covariance += (one[position] - 0.5) * (two[position] - 0.5) / one.length;
        }
        assertEquals(0, covariance / 0.01, 0.05);
    }
}
