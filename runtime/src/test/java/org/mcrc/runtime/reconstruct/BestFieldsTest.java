package org.mcrc.runtime.reconstruct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mcrc.runtime.engine.Losses;

class BestFieldsTest {
    private static BestFields of(double merit) {
        BestFields best = new BestFields();
        best.take(merit, new LinkedHashMap<>(), null, new Losses(1, 1, Map.of()), 1);
        return best;
    }

    @Test
    void lessIsBetterAndAnythingIsBetterThanNothing() {
        assertTrue(new BestFields().isBetter(Double.POSITIVE_INFINITY));
        assertTrue(of(0.5).isBetter(0.25));
        assertFalse(of(0.5).isBetter(0.5));
        assertTrue(of(-1).isBetter(-2));
    }

    /** The rounded field may be one of which the descriptor is no number: of one phase only, say. */
    @Test
    void aNumberIsBetterThanNone() {
        assertTrue(new BestFields().isBetter(Double.NaN));
        assertTrue(of(Double.NaN).isBetter(0.5));
        assertFalse(of(Double.NaN).isBetter(Double.NaN));
        assertFalse(of(0.5).isBetter(Double.NaN));
        assertEquals(0.5, of(0.5).merit());
    }
}
