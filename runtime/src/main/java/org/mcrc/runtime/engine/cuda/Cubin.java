package org.mcrc.runtime.engine.cuda;

import java.util.List;

/**
 * Machine code for one architecture.
 *
 * @param bytes an ELF file, as the driver loads it; not copied
 * @param kernels those in it, in the order in which they were compiled
 * @param losses what the compiler said that makes kernels slow; of what lay in a cache it is not known, and empty
 */
public record Cubin(byte[] bytes, List<KernelResources> kernels, List<String> losses) {
    public Cubin {
        kernels = List.copyOf(kernels);
        losses = List.copyOf(losses);
    }

    /** What one of its kernels takes. */
    public KernelResources resources(String kernel) {
        return kernels.stream().filter(each -> each.kernel().equals(kernel)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kernel " + kernel));
    }
}
