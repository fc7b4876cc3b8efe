package org.mcrc.runtime.engine.cpu.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BuffersTest {
    private final Buffers<float[]> buffers = new Buffers<>(FloatTile.INSTANCE);

    private float[] given(int length) {
        float[] array = new float[length];
        buffers.giveBack(array);
        return array;
    }

    @Test
    void shortestThatIsLongEnoughIsLent() {
        float[] longer = given(150);
        float[] fitting = given(101);
        given(99);
        assertSame(fitting, buffers.borrow(100));
        assertSame(longer, buffers.borrow(100));
    }

    /** A small contraction would keep a large one's panels, which it would have to allocate anew. */
    @Test
    void smallRequestLeavesLargeArraysWhereTheyAre() {
        float[] large = given(1000);
        assertEquals(10, buffers.borrow(10).length);
        assertSame(large, buffers.borrow(900));
    }

    @Test
    void arrayThatIsALittleTooShortIsReplaced() {
        float[] small = given(60);
        float[] other = given(10);
        float[] borrowed = buffers.borrow(100);
        assertEquals(100, borrowed.length);
        buffers.giveBack(borrowed);
        assertSame(borrowed, buffers.borrow(60));
        assertNotSame(small, buffers.borrow(60));
        assertSame(other, buffers.borrow(10));
    }

    @Test
    void lengthBeyondThoseOfArraysIsRefused() {
        assertThrows(ArithmeticException.class, () -> buffers.borrow(1L << 31));
    }
}
