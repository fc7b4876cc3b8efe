package org.mcrc.runtime.reconstruct;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImprovementTest {
    @ParameterizedTest
    @CsvSource({"0.98, 1, true", "0.995, 1, false", "-1.005, -1, false", "-0.995, -1, false", "-1.02, -1, true",
        "-0.1, 0, true", "1e300, Infinity, true", "Infinity, Infinity, false", "NaN, 1, false"})
    void aHundredthCounts(double now, double before, boolean enough) {
        assertEquals(enough, Improvement.isEnough(now, before, 0.01));
    }
}
