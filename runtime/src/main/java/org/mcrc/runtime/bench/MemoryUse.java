package org.mcrc.runtime.bench;

/**
 * The memory that a process has had. A process that evaluates one descriptor and does nothing else.
 *
 * @param peak the most that was resident at any time since its start, files that are mapped into memory and compilers included
 * @param heap the most that the Java heap held while evaluations were measured, garbage included
 * @param anonymous the most of what is resident and comes from no file, at any time since its start: the heap, and
 *     native memory with the virtual machine's own data and compiled code
 * @param device what the engine takes on a GPU, its kernels included; 0 where it runs on none
 */
public record MemoryUse(long peak, long heap, long anonymous, long device) {
    public MemoryUse plus(MemoryUse other) {
        return new MemoryUse(Math.max(peak, other.peak), Math.max(heap, other.heap), Math.max(anonymous, other.anonymous),
                Math.max(device, other.device));
    }
}
