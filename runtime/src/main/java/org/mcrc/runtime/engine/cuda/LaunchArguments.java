package org.mcrc.runtime.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The arguments of a launch as the driver reads them, an array of pointers to values. One block of memory is used again and
 * again: the driver has copied everything when a launch returns.
 */
final class LaunchArguments {
    private static final long BYTES = 8;

    private final Arena arena;
    private MemorySegment block;

    LaunchArguments(Arena arena) {
        this.arena = arena;
        block = arena.allocate(64 * BYTES, BYTES);
    }

    /** Writes the arguments; valid until the next call. */
    MemorySegment write(String kernel, List<Object> arguments) {
        int count = arguments.size();
        if (block.byteSize() < 2 * count * BYTES) {
            block = arena.allocate(4 * count * BYTES, BYTES);
        }
        for (int index = 0; index < count; index++) {
            long value = (count + index) * BYTES;
            block.setAtIndex(ValueLayout.JAVA_LONG, index, block.address() + value);
            switch (arguments.get(index)) {
                case CudaBuffer buffer -> block.set(ValueLayout.JAVA_LONG, value, buffer.address());
                case ByteBuffer host -> block.set(ValueLayout.JAVA_LONG, value, MemorySegment.ofBuffer(host).address());
                case Integer number -> block.set(ValueLayout.JAVA_INT, value, number);
                case Long number -> block.set(ValueLayout.JAVA_LONG, value, number);
                case Float number -> block.set(ValueLayout.JAVA_FLOAT, value, number);
                case Double number -> block.set(ValueLayout.JAVA_DOUBLE, value, number);
                case Object other -> throw new IllegalStateException("kernel " + kernel + " cannot be given argument "
                        + index + ", a " + other.getClass().getSimpleName());
            }
        }
        return block;
    }
}
