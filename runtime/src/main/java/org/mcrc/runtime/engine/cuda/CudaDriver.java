package org.mcrc.runtime.engine.cuda;

/** NVIDIA's driver, without which no GPU can be used. It is looked for once in a process. */
public sealed interface CudaDriver {
    /**
     * It is there.
     *
     * @param version of CUDA up to which it serves programs: 12080 is 12.8
     * @param devices the GPUs that it shows to this process, at least one
     */
    record Present(int version, int devices) implements CudaDriver {
        /** {@code 12.8}. */
        public String versionText() {
            return version / 1000 + "." + version % 1000 / 10;
        }

        int major() {
            return version / 1000;
        }
    }

    /**
     * No GPU can be used.
     *
     * @param reason one clause: "there is no NVIDIA driver on this computer (...)"
     */
    record Absent(String reason) implements CudaDriver {
    }

    /** The driver of this computer. */
    static CudaDriver find() {
        return CudaDriverProbe.FOUND;
    }

    /** Whether there are kernels for GPUs on a system like this one. */
    static boolean isSupportedPlatform() {
        return System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64");
    }
}
