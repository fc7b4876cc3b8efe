package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GpuArchitectureTest {
    private static final List<String> KNOWN = List.of("sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120");

    @Test
    void compilesForTheGpuItselfOrForAnOlderOneOfItsKind() {
        assertEquals(Optional.of("sm_90a"), new GpuArchitecture(9, 0).compiledFor(KNOWN));
        assertEquals(Optional.of("sm_86"), new GpuArchitecture(8, 9).compiledFor(KNOWN));
        assertEquals(Optional.of("sm_80"), new GpuArchitecture(8, 0).compiledFor(KNOWN));
        assertEquals(Optional.of("sm_120"), new GpuArchitecture(12, 1).compiledFor(KNOWN));
        assertEquals(Optional.of("sm_100"), new GpuArchitecture(10, 3).compiledFor(KNOWN));
        assertEquals(Optional.empty(), new GpuArchitecture(7, 0).compiledFor(KNOWN));
        assertEquals(Optional.empty(), new GpuArchitecture(13, 0).compiledFor(KNOWN));
    }
}
