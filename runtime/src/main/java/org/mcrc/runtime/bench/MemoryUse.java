package org.mcrc.runtime.bench;

/**
 * The memory that a process has had. A process that evaluates one descriptor and does nothing else.
 *
 * @param peak the most that was resident at any time since its start, compilers included
 * @param heap the most that the Java heap held while evaluations were measured, garbage included
 * @param outside what is resident outside of the heap: the virtual machine, compiled code, the AOT cache
 */
public record MemoryUse(long peak, long heap, long outside) {
    public MemoryUse plus(MemoryUse other) {
        return new MemoryUse(Math.max(peak, other.peak), Math.max(heap, other.heap), Math.max(outside, other.outside));
    }
}
