package org.mcrc.runtime.engine.cuda;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The generation of a GPU, in NVIDIA's words its compute capability. Machine code runs on its own generation and on later
 * ones of the same major number.
 *
 * @param major 9 of 9.0
 * @param minor 0 of 9.0
 */
record GpuArchitecture(int major, int minor) {
    /** What compilers are told so that kernels use products of warpgroups. */
    static final String WARPGROUPS = "sm_90a";

    private static final String PREFIX = "sm_";
    private static final GpuArchitecture HOPPER = new GpuArchitecture(9, 0);

    /** As compilers name it: {@code sm_90}. */
    String compilerName() {
        return PREFIX + major + minor;
    }

    /**
     * The best that a compiler can do for it: its own name, else the newest older one whose code runs on it. For 9.0 with
     * the suffix that allows the instructions of exactly this generation: kernels use its products of warpgroups.
     */
    Optional<String> compiledFor(List<String> known) {
        return known.stream().map(GpuArchitecture::parse)
                .filter(each -> each.major == major && each.minor <= minor)
                .max(Comparator.comparingInt(GpuArchitecture::minor))
                .map(each -> each.equals(this) && each.equals(HOPPER) ? WARPGROUPS : each.compilerName());
    }

    private static GpuArchitecture parse(String name) {
        int number = Integer.parseInt(name.substring(PREFIX.length()));
        return new GpuArchitecture(number / 10, number % 10);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
