package org.mcrc.runtime.engine.cuda;

import java.util.List;

/**
 * NVRTC, the compiler of CUDA C++ in a library. It needs neither a GPU nor a driver. It is made to give machine code
 * ("cubin") and not the text PTX: a driver translates PTX only if it is at least as new as the compiler.
 */
public sealed interface Nvrtc permits JCudaNvrtc, ForeignNvrtc {
    /**
     * Compiles a source.
     *
     * @param name of the program, for messages
     * @param source CUDA C++17 without includes; its kernels are {@code extern "C" __global__}
     * @param architecture {@code sm_90}, one of {@link #architectures} or one of them with its suffix: {@code sm_90a}
     * @throws IllegalStateException where it does not compile, with what NVRTC said and the lines that it means
     */
    Cubin compile(String name, String source, String architecture);

    /** For which it compiles, from the oldest: {@code sm_75}. */
    List<String> architectures();

    /** Its version: {@code 12.9}. */
    String version();

    /**
     * Loads a library: through JCuda where that is possible, else directly.
     *
     * @throws org.mcrc.runtime.InputError where it cannot be loaded
     */
    static Nvrtc open(NvrtcFiles files) {
        if (JCudaNvrtc.canOpen(files)) {
            try {
                return JCudaNvrtc.open(files);
            } catch (LinkageError unlinkable) {
                // The other way needs less, and says what is wrong with the file if it is at fault.
                return ForeignNvrtc.open(files);
            }
        }
        return ForeignNvrtc.open(files);
    }
}
