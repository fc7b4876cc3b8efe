package org.mcrc.runtime.reconstruct;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mcrc.runtime.engine.Signature;

class RoundingTest {

    @Test
    void thresholdGivesOneFromOneHalfUpwards() {
        assertArrayEquals(new double[] {0, 1, 1, 0},
                Rounding.THRESHOLD.round(new double[] {0.4999999, 0.5, 1.7, -2}, 2));
    }

    @Test
    void greatestGivesTheFirstOfEquals() {
        assertArrayEquals(new double[] {0, 1, 0, 1, 0, 0},
                Rounding.GREATEST.round(new double[] {0.1, 0.4, 0.4, -1, -2, -3}, 3));
    }

    @Test
    void kindFollowsTheFieldAndTheOriginal() {
        Signature signature = new Signature("d", List.of(1, 2), 2, List.of(
                new Signature.Field("phase", List.of(1, 2), 0, 1, false),
                new Signature.Field("angle", List.of(1, 2), 0, 3, false),
                new Signature.Field("indicators", List.of(1, 2, 2), 0, 1, true)), List.of(), List.of(), List.of());
        assertEquals(Map.of("phase", Rounding.THRESHOLD, "angle", Rounding.NONE, "indicators", Rounding.GREATEST),
                Rounding.of(signature));
        assertEquals(Map.of("phase", Rounding.NONE, "angle", Rounding.THRESHOLD, "indicators", Rounding.GREATEST),
                Rounding.of(signature, Map.of("phase", new double[] {0, 0.3}, "angle", new double[] {0, 1},
                        "indicators", new double[] {1, 0, 0, 1})));
    }
}
