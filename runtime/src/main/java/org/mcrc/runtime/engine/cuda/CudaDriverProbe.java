package org.mcrc.runtime.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;

/**
 * Asks the driver whether it works. In a class of its own and not through JCuda, whose classes are of no use any more once
 * they have been loaded without a driver.
 */
final class CudaDriverProbe {
    /** As the system finds it, and where it is in containers, under Windows' Linux and on NixOS. */
    private static final List<String> LIBRARIES = List.of("libcuda.so.1", "/usr/local/nvidia/lib64/libcuda.so.1",
            "/usr/lib/wsl/lib/libcuda.so.1", "/run/opengl-driver/lib/libcuda.so.1");

    private static final int NO_DEVICE = 100;

    static final CudaDriver FOUND = CudaDriver.isSupportedPlatform() ? probe(LIBRARIES)
            : new CudaDriver.Absent("kernels for GPUs run under Linux on x86-64 processors only");

    private CudaDriverProbe() {
    }

    /** The driver in the first library that can be loaded, which then stays loaded: JCuda's library finds it by its name. */
    static CudaDriver probe(List<String> libraries) {
        return libraries.stream().map(CudaDriverProbe::load).flatMap(Optional::stream).findFirst()
                .map(CudaDriverProbe::ask)
                .orElseGet(() -> new CudaDriver.Absent("there is no NVIDIA driver on this computer ("
                        + libraries.getFirst() + " was not found)"));
    }

    @SuppressWarnings("restricted")
    private static Optional<SymbolLookup> load(String library) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(library, Arena.global()));
        } catch (IllegalArgumentException missing) {
            return Optional.empty();
        }
    }

    private static CudaDriver ask(SymbolLookup library) {
        try (Arena arena = Arena.ofConfined()) {
            int result = call(library, "cuInit", 0);
            MemorySegment version = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment devices = arena.allocate(ValueLayout.JAVA_INT);
            if (result == 0) {
                result = call(library, "cuDriverGetVersion", version);
            }
            if (result == 0) {
                result = call(library, "cuDeviceGetCount", devices);
            }
            int count = devices.get(ValueLayout.JAVA_INT, 0);
            if (result == NO_DEVICE || result == 0 && count == 0) {
                String visible = System.getenv("CUDA_VISIBLE_DEVICES");
                return new CudaDriver.Absent("the NVIDIA driver finds no GPU"
                        + (visible == null ? "" : " (CUDA_VISIBLE_DEVICES is set to '" + visible + "')"));
            }
            return result == 0 ? new CudaDriver.Present(version.get(ValueLayout.JAVA_INT, 0), count)
                    : new CudaDriver.Absent("the NVIDIA driver does not start: " + error(library, result, arena)
                            + "; nvidia-smi may tell more");
        }
    }

    @SuppressWarnings("restricted")
    private static String error(SymbolLookup library, int result, Arena arena) {
        MemorySegment text = arena.allocate(ValueLayout.ADDRESS);
        boolean known = library.find("cuGetErrorString").isPresent()
                && call(library, "cuGetErrorString", result, text) == 0;
        return "error " + result + (known
                ? " (" + text.get(ValueLayout.ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0) + ")" : "");
    }

    /** Calls a function of one number or one pointer, or of a number and a pointer. */
    @SuppressWarnings("restricted")
    private static int call(SymbolLookup library, String name, Object... arguments) {
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT);
        for (Object argument : arguments) {
            type = type.appendArgumentLayouts(argument instanceof Integer ? ValueLayout.JAVA_INT : ValueLayout.ADDRESS);
        }
        try {
            return (int) Linker.nativeLinker().downcallHandle(library.find(name).orElseThrow(), type)
                    .invokeWithArguments(arguments);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
