package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.mcrc.compiler.program.Manifest;

/** The compiler of CUDA kernels that the build has unpacked: tests compile with it, whether there is a GPU or not. */
final class NvrtcFixture {
    private static final String DEVICE = "/org/mcrc/compiler/backend/cuda/device.cuh";

    private NvrtcFixture() {
    }

    /** Where the build has put it. */
    static Path folder() {
        return Path.of("target", "nvrtc").toAbsolutePath();
    }

    /** Its files; a test that asks for them is skipped on other platforms than Linux on x86-64. */
    static NvrtcFiles files() {
        assumeTrue(CudaDriver.isSupportedPlatform(), "NVRTC is there for Linux on x86-64 only");
        return NvrtcFiles.in(folder()).getFirst();
    }

    /** As programs are compiled where it is in reach. */
    static Nvrtc nvrtc() {
        return Nvrtc.open(files());
    }

    static Nvrtc jcuda() {
        return JCudaNvrtc.open(files());
    }

    static Nvrtc foreign() {
        return ForeignNvrtc.open(files());
    }

    /** A GPU that compiles with it; a test that asks for one is skipped where there is none. */
    static CudaDevice device() {
        assumeTrue(CudaDriver.find() instanceof CudaDriver.Present, "no GPU");
        return CudaDevice.open(new CudaLibraries(Map.of(CudaLibraries.CHOICE, folder().toString()), Path.of("/"),
                Path.of("/"), folder()));
    }

    /** What every generated source begins with. */
    static String deviceText() {
        try (InputStream input = Manifest.class.getResourceAsStream(DEVICE)) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
