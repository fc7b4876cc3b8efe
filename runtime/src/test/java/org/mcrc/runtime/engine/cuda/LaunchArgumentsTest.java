package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaunchArgumentsTest {
    @Test
    void isAnArrayOfPointersToValues() {
        try (Arena arena = Arena.ofConfined()) {
            LaunchArguments arguments = new LaunchArguments(arena);
            MemorySegment block = arguments.write("kernel", List.of(7, -8L, 1.5f, -2.25));
            assertEquals(7, value(block, 0).get(ValueLayout.JAVA_INT, 0));
            assertEquals(-8L, value(block, 1).get(ValueLayout.JAVA_LONG, 0));
            assertEquals(1.5f, value(block, 2).get(ValueLayout.JAVA_FLOAT, 0));
            assertEquals(-2.25, value(block, 3).get(ValueLayout.JAVA_DOUBLE, 0));
        }
    }

    @Test
    void thereMayBeMany() {
        try (Arena arena = Arena.ofConfined()) {
            LaunchArguments arguments = new LaunchArguments(arena);
            List<Object> many = new ArrayList<>();
            for (int number = 0; number < 1000; number++) {
                many.add(number);
            }
            MemorySegment block = arguments.write("kernel", many);
            for (int number = 0; number < 1000; number++) {
                assertEquals(number, value(block, number).get(ValueLayout.JAVA_INT, 0));
            }
        }
    }

    @Test
    void whatNoKernelTakesIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            LaunchArguments arguments = new LaunchArguments(arena);
            assertEquals("kernel sum cannot be given argument 1, a String",
                    assertThrows(IllegalStateException.class, () -> arguments.write("sum", List.of(1, "2"))).getMessage());
        }
    }

    private static MemorySegment value(MemorySegment block, int index) {
        long address = block.getAtIndex(ValueLayout.JAVA_LONG, index);
        // It lies in the block itself, behind the pointers.
        return block.asSlice(address - block.address());
    }
}
