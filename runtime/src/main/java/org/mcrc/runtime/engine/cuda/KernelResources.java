package org.mcrc.runtime.engine.cuda;

/**
 * What a compiled kernel takes of the hardware. Spilled are values for which there was no register: they go through memory,
 * which is slow.
 *
 * @param registers of a thread
 * @param sharedBytes static shared memory of a block; what a launch asks for dynamically comes on top
 * @param spillStoreBytes written by a thread where all its instructions that spill are run once
 * @param spillLoadBytes read back likewise
 * @param stackBytes of a thread: what was spilled, and arrays whose places are known at run time only
 */
public record KernelResources(String kernel, int registers, int sharedBytes, int spillStoreBytes, int spillLoadBytes,
        int stackBytes) {
}
