package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.cli.LibraryPrograms;
import org.mcrc.runtime.engine.Precision;

/** Every kernel that the library's descriptors lead to, through the real compiler, without a GPU. */
class GeneratedKernelsTest {
    private static final List<String> ARCHITECTURES = List.of("sm_75", "sm_80", "sm_86", "sm_89", "sm_90", "sm_90a", "sm_120");

    static Stream<Arguments> programs() {
        List<Arguments> all = new ArrayList<>();
        for (String name : LibraryPrograms.names()) {
            ARCHITECTURES.forEach(architecture -> all.add(Arguments.of(name, Precision.SINGLE, architecture,
                    CudaProgram.hasTensorCores(architecture))));
            // One after another of the architectures: with all of them in double precision too, CI would take too long.
            all.add(Arguments.of(name, Precision.DOUBLE, ARCHITECTURES.get(all.size() / 8 % ARCHITECTURES.size()), false));
        }
        // Matrices large enough for tensor cores, and an architecture that has some, without them.
        for (String name : List.of("s2s3", "s2s3_corrected")) {
            all.add(Arguments.of(name, Precision.SINGLE, "sm_90", false));
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1} {2}, tensor cores {3}")
    @MethodSource("programs")
    void compile(String name, Precision precision, String architecture, boolean tensorCores) {
        Nvrtc nvrtc = NvrtcFixture.nvrtc();
        IndexProgram program = LibraryPrograms.bound(name);
        Cubin cubin = nvrtc.compile(name, CudaProgram.of(program, precision, tensorCores).cudaSource(), architecture);
        assertTrue(cubin.bytes().length > 0);
        assertEquals(List.of(), cubin.losses());
        for (KernelResources kernel : cubin.kernels()) {
            if (Boolean.getBoolean("mcrc.print")) {
                System.out.println(name + " " + precision + " " + architecture + " " + kernel);
            }
            // Others may save registers around the calls of slow functions; these have none and must have none.
            if (kernel.kernel().matches("(multiply|stage|finish|gather)_.*")) {
                assertTrue(kernel.spillStoreBytes() + kernel.spillLoadBytes() <= spilled(kernel, architecture),
                        kernel + " spills");
            }
        }
    }

    /** On sm_120 the kernel that adds up parts lacks one register; what that costs has not been measured. */
    private static int spilled(KernelResources kernel, String architecture) {
        return architecture.equals("sm_120") && kernel.kernel().startsWith("finish_") ? 20 : 0;
    }

    /** And those of the optimizers, which are not generated. */
    @ParameterizedTest
    @MethodSource("architectures")
    void optimizersCompile(String architecture) {
        Cubin cubin = NvrtcFixture.nvrtc().compile("optimizers", DeviceOptimizer.source(), architecture);
        for (KernelResources kernel : cubin.kernels()) {
            assertEquals(0, kernel.spillStoreBytes() + kernel.spillLoadBytes(), kernel + " spills");
        }
    }

    static List<String> architectures() {
        return ARCHITECTURES;
    }
}
