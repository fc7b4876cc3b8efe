package org.mcrc.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cuda.CudaEngine;
import org.mcrc.runtime.engine.cuda.CudaProgram;
import org.mcrc.runtime.engine.cuda.HostDevice;

/** Every conformance case by CUDA kernels, on this computer's processor. */
class CudaConformanceTest {
    static Stream<String> cases() {
        return ConformanceCase.names().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void evaluatesAsComputedIndependently(String name) {
        HostDevice.assumeAvailable();
        ConformanceCase each = ConformanceCase.of(name);
        CudaProgram compiled = CudaProgram.of(each.program(), Precision.DOUBLE, true);
        if (Boolean.getBoolean("mcrc.print")) {
            System.out.println(compiled.source());
        }
        try (HostDevice device = new HostDevice();
                Engine engine = new CudaEngine(compiled.manifest(), compiled.source(), device)) {
            assertEquals(Optional.empty(), each.compare(engine, 1e-9, new LinkedHashMap<>()));
        }
    }
}
