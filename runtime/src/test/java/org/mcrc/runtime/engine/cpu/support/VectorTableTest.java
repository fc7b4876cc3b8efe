package org.mcrc.runtime.engine.cpu.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class VectorTableTest {
    @Test
    void membersOfAnyDimensionAreFound() {
        VectorTable numbers = new VectorTable(1, new int[] {9, -3, 0});
        assertEquals(0, numbers.position(9));
        assertEquals(1, numbers.position(-3));
        assertEquals(-1, numbers.position(1));
        assertEquals(-1, numbers.position(10));
        VectorTable pairs = new VectorTable(2, new int[] {0, 0, -1, 2, 3, 1});
        assertEquals(1, pairs.position(-1, 2));
        assertEquals(-1, pairs.position(2, -1));
        VectorTable triples = new VectorTable(3, new int[] {0, 0, 1, 0, 1, 0});
        assertEquals(1, triples.position(0, 1, 0));
        assertEquals(-1, triples.position(1, 0, 0));
    }

    /** Of the box around these nobody can hold every vector. */
    @Test
    void soAreMembersThatAreFarApart() {
        int far = 1 << 24;
        VectorTable table = new VectorTable(3, new int[] {0, 0, 0, -far, far, 1, far, -far, 2});
        assertEquals(1, table.position(-far, far, 1));
        assertEquals(2, table.position(far, -far, 2));
        assertEquals(-1, table.position(far, far, 1));
        assertEquals(0, new VectorTable(2, new int[] {far, 0, 0, far}).position(far, 0));
        assertEquals(-1, new VectorTable(2, new int[] {far, 0, 0, far}).position(far, far));
    }
}
