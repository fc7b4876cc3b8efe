package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Compiles for GPUs, of which none is needed. */
class NvrtcTest {
    private static final List<String> ARCHITECTURES =
            List.of("sm_75", "sm_80", "sm_86", "sm_89", "sm_90", "sm_90a", "sm_120");

    /** A product of tiles: copies, fragments and tensor cores where there are such, static and dynamic shared memory. */
    private static final String PRODUCT = """
            extern "C" __global__ void __launch_bounds__(32) product(const unsigned short *a, float *c, int n) {
                MCRC_DYNAMIC_SHARED(unsigned short, tile);
                __shared__ float scale[32];
                scale[threadIdx.x] = mcrc_from_half(a[threadIdx.x]);
                float sum[4] = {0.f, 0.f, 0.f, 0.f};
                for (int k = 0; k < n; k++) {
            #ifdef MCRC_TENSOR_CORES
                    mcrc_copy_16(tile + 8 * threadIdx.x, a + 256 * k + 8 * threadIdx.x);
                    mcrc_copy_commit();
                    mcrc_copy_wait<0>();
                    __syncthreads();
                    unsigned rows[4];
                    mcrc_load_matrices(rows, tile + 8 * threadIdx.x);
                    mcrc_multiply(sum, rows, rows[0], rows[2]);
            #else
                    tile[threadIdx.x] = a[32 * k + threadIdx.x];
                    __syncthreads();
                    sum[0] += mcrc_from_half(tile[31 - threadIdx.x]);
            #endif
                    __syncthreads();
                }
                for (int i = 0; i < 4; i++) {
                    c[32 * i + threadIdx.x] = scale[31 - threadIdx.x] * sum[i];
                }
            }
            """;

    /** 96 values that are all needed again, where 1024 threads leave 64 registers to each. */
    private static final String SPILLING = """
            extern "C" __global__ void __launch_bounds__(1024) spilling(float *a) {
                float v[96];
            #pragma unroll
                for (int i = 0; i < 96; i++) v[i] = a[i * 1024 + threadIdx.x];
                for (int k = 0; k < a[0]; k++) {
            #pragma unroll
                    for (int i = 0; i < 96; i++) v[i] = v[i] * v[(i + 17) % 96] + v[(i * 7 + 3) % 96];
                }
            #pragma unroll
                for (int i = 0; i < 96; i++) a[i * 1024 + threadIdx.x] = v[i];
            }
            """;

    /** The two ways to call NVRTC. */
    enum Way {
        JCUDA {
            @Override
            Nvrtc nvrtc() {
                return NvrtcFixture.jcuda();
            }
        },
        FOREIGN {
            @Override
            Nvrtc nvrtc() {
                return NvrtcFixture.foreign();
            }
        };

        abstract Nvrtc nvrtc();
    }

    static Stream<Arguments> waysAndArchitectures() {
        return Stream.of(Way.values()).flatMap(way -> ARCHITECTURES.stream().map(each -> Arguments.of(way, each)));
    }

    @ParameterizedTest
    @MethodSource("waysAndArchitectures")
    void compilesForEveryArchitecture(Way way, String architecture) {
        Cubin cubin = way.nvrtc().compile("product", NvrtcFixture.deviceText() + PRODUCT, architecture);
        assertEquals("ELF", new String(cubin.bytes(), 1, 3, StandardCharsets.US_ASCII));
        assertEquals(1, cubin.kernels().size());
        KernelResources resources = cubin.resources("product");
        assertTrue(resources.registers() > 0 && resources.registers() <= 255, resources.toString());
        // The driver keeps the first 1024 bytes on some architectures; they are counted where ptxas counts them.
        assertTrue(resources.sharedBytes() >= 128, resources.toString());
        assertEquals(0, resources.spillStoreBytes());
        assertEquals(0, resources.spillLoadBytes());
        assertEquals(0, resources.stackBytes());
    }

    @ParameterizedTest
    @MethodSource("waysAndArchitectures")
    void saysWhatIsSpilled(Way way, String architecture) {
        Cubin cubin = way.nvrtc().compile("both", NvrtcFixture.deviceText() + PRODUCT + SPILLING, architecture);
        assertEquals(2, cubin.kernels().size());
        KernelResources resources = cubin.resources("spilling");
        assertTrue(resources.spillStoreBytes() > 0 && resources.spillLoadBytes() > 0, resources.toString());
        assertTrue(resources.stackBytes() > 0, resources.toString());
        assertTrue(resources.registers() <= 64, resources.toString());
        assertEquals(0, cubin.resources("product").spillStoreBytes());
    }

    @ParameterizedTest
    @EnumSource
    void namesTheLineOfAnError(Way way) {
        String source = PRODUCT.replace("int n)", "int m)");
        Nvrtc nvrtc = way.nvrtc();
        IllegalStateException failure = assertThrows(IllegalStateException.class,
                () -> nvrtc.compile("wrong", NvrtcFixture.deviceText() + source, "sm_90"));
        int line = (int) NvrtcFixture.deviceText().lines().count() + 6;
        assertTrue(failure.getMessage().contains("wrong.cu(" + line + "): error: identifier \"n\" is undefined"),
                failure.getMessage());
        assertTrue(failure.getMessage().contains("\n%5d      for (int k = 0; k < n; k++) {\n".formatted(line)),
                failure.getMessage());
        assertTrue(failure.getMessage().contains("for sm_90: NVRTC_ERROR_COMPILATION"), failure.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownArchitectureIsAnError(Way way) {
        Nvrtc nvrtc = way.nvrtc();
        String message = assertThrows(IllegalStateException.class, () -> nvrtc.compile("product", PRODUCT, "sm_19"))
                .getMessage();
        assertTrue(message.contains("sm_19"), message);
    }

    @ParameterizedTest
    @EnumSource
    void sourcesWithoutKernelsAreRefused(Way way) {
        Nvrtc nvrtc = way.nvrtc();
        assertTrue(assertThrows(IllegalStateException.class, () -> nvrtc.compile("empty", "", "sm_90")).getMessage()
                .contains("no kernel in empty.cu"));
    }

    @Test
    void bothWaysGiveTheSame() {
        Nvrtc jcuda = NvrtcFixture.jcuda();
        Nvrtc foreign = NvrtcFixture.foreign();
        assertEquals("12.9", jcuda.version());
        assertEquals(jcuda.version(), foreign.version());
        assertEquals(jcuda.architectures(), foreign.architectures());
        assertTrue(jcuda.architectures().containsAll(List.of("sm_75", "sm_90", "sm_120")), jcuda.architectures().toString());
        String source = NvrtcFixture.deviceText() + PRODUCT;
        assertEquals(jcuda.compile("product", source, "sm_90").kernels(),
                foreign.compile("product", source, "sm_90").kernels());
    }

    @Test
    void jcudaIsTakenWhereItCan() {
        NvrtcFiles files = NvrtcFixture.files();
        assertInstanceOf(JCudaNvrtc.class, Nvrtc.open(files));
        NvrtcFiles another = new NvrtcFiles(files.library().resolveSibling("elsewhere"), files.builtins(), 12);
        assertFalse(JCudaNvrtc.canOpen(another));
        assertFalse(JCudaNvrtc.canOpen(new NvrtcFiles(files.library(), files.builtins(), 13)));
        assertThrows(IllegalStateException.class, () -> JCudaNvrtc.open(another));
    }
}
