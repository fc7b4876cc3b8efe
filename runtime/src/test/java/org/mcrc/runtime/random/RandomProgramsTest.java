package org.mcrc.runtime.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mcrc.runtime.engine.cuda.HostDevice;
import org.mcrc.runtime.random.RandomDescriptor.Descriptor;
import org.mcrc.runtime.random.RandomPrograms.Check;
import org.mcrc.runtime.random.RandomPrograms.Outcome;

/** What must hold for every descriptor, on random ones. A failure prints the smallest {@code .mcr} that still fails. */
class RandomProgramsTest {
    private static final int DESCRIPTORS = 200;

    @Test
    void everyWayToRunARandomDescriptorAgrees() {
        int bound = 0;
        for (int seed = 0; seed < DESCRIPTORS; seed++) {
            Set<Check> checks = EnumSet.of(Check.GRADIENT, Check.TRANSLATION);
            if (seed % 5 == 0) {
                checks.add(Check.DOUBLE);
            }
            if (seed % 10 == 1) {
                checks.add(Check.SINGLE);
            }
            if (seed % 20 == 2) {
                checks.add(Check.INTERPRETER);
            }
            if (seed % 25 == 3 && HostDevice.available()) {
                checks.add(Check.CUDA_DOUBLE);
            }
            if (seed % 50 == 4 && HostDevice.available()) {
                checks.add(Check.CUDA_SINGLE);
            }
            Descriptor descriptor = RandomDescriptor.of(seed);
            Outcome outcome = RandomPrograms.check(descriptor, checks);
            bound += outcome.rejected().isEmpty() ? 1 : 0;
            assertTrue(outcome.failure().isEmpty(),
                    () -> RandomPrograms.report(descriptor, checks));
        }
        // The generator is worth little if most of what it writes is refused.
        assertTrue(bound > DESCRIPTORS * 9 / 10, bound + " descriptors were bound");
    }

    @Test
    void theSameSeedGivesTheSameDescriptor() {
        assertEquals(RandomDescriptor.of(7).text(), RandomDescriptor.of(7).text());
    }
}
