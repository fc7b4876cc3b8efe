package org.mcrc.runtime.engine.cuda;

import java.util.Locale;

/**
 * A GPU and what drives it, for messages and reports.
 *
 * @param name as the driver says it: {@code NVIDIA H200}
 * @param number among those that the driver shows, from 0
 * @param computeCapability its generation: {@code 9.0}
 * @param driverVersion of CUDA up to which the driver serves programs: {@code 12.8}
 * @param compilerVersion NVRTC's: {@code 12.9}
 * @param compiledFor the architecture for which kernels are compiled: {@code sm_90}
 * @param memoryBytes all of its memory
 * @param multiprocessors each of which runs blocks of threads by itself
 * @param sharedBytesPerBlock the most shared memory that a block may have
 */
public record CudaInformation(String name, int number, String computeCapability, String driverVersion,
        String compilerVersion, String compiledFor, long memoryBytes, int multiprocessors, int sharedBytesPerBlock) {

    /** One line: {@code NVIDIA H200, compute capability 9.0, 139.8 GiB, driver for CUDA 12.8, NVRTC 12.9 for sm_90}. */
    public String text() {
        return String.format(Locale.ROOT, "%s, compute capability %s, %s, driver for CUDA %s, NVRTC %s for %s", name,
                computeCapability, gibibytes(memoryBytes), driverVersion, compilerVersion, compiledFor);
    }

    /** A number of bytes as nvidia-smi's users know it. */
    static String gibibytes(long bytes) {
        double gibibytes = bytes / (double) (1L << 30);
        return gibibytes < 1 ? String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1L << 20))
                : String.format(Locale.ROOT, "%.1f GiB", gibibytes);
    }
}
