package org.mcrc.runtime.engine.cuda;

import java.util.List;

/**
 * One run of a kernel.
 *
 * @param kernel its name
 * @param sharedBytes dynamic shared memory of a block
 * @param arguments in the order of the kernel's parameters: a {@link Device.Buffer}, or memory of this
 *     computer that {@link Device#hostMemory} gave, for a pointer, an {@link Integer}, {@link Long}, {@link Float} or
 *     {@link Double} for a number of that type
 */
public record Launch(String kernel, int gridX, int gridY, int gridZ, int blockX, int sharedBytes, List<Object> arguments) {
    public Launch {
        arguments = List.copyOf(arguments);
    }
}
