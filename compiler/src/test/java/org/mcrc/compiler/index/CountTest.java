package org.mcrc.compiler.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountTest {
    private static List<Index> thousands(int indices) {
        return Collections.nCopies(indices, new Index("k", new IntegerDomain(0, 999)));
    }

    @Test
    void combinationsOfValuesAreCounted() {
        assertEquals(1, Count.of(List.of()));
        assertEquals(1e18, Count.of(thousands(6)));
        assertEquals(0, Count.of(List.of(new Index("k", new IntegerDomain(1, 0)), thousands(1).getFirst())));
    }

    @Test
    void wholeNumbersEndWhereRealOnesGoOn() {
        assertEquals(Long.MAX_VALUE, Count.of(thousands(7)));
        assertEquals(1e21, Count.real(thousands(7)));
    }
}
