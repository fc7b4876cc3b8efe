package org.mcrc.runtime.reconstruct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutomaticSettingsTest {
    @ParameterizedTest
    @CsvSource({"32, 60", "64, 60", "96, 135", "128, 240", "256, 240"})
    void blocksGrowWithThePixelsUpToFourTimes(int extent, int block) {
        assertEquals(block, AutomaticSettings.of(true, (long) extent * extent).block());
    }

    @Test
    void aStartForSomethingBetterIsLookedAtOften() {
        AutomaticSettings start = AutomaticSettings.of(true, 128 * 128).once();
        assertEquals(60, start.block());
        assertFalse(start.restarts());
        assertEquals(AutomaticSettings.of(false, 64 * 64).block(), AutomaticSettings.of(false, 128 * 128).once().block());
    }
}
