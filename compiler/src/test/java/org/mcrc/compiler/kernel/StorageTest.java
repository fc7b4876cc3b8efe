package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.VectorDomain;

class StorageTest {
    private static final Grid GRID = new Grid(List.of(4, 5));
    private static final VectorDomain SET = new VectorDomain("R", 2, List.of(new int[] {0, 0}, new int[] {0, 1},
            new int[] {2, -1}));
    private static final IntegerDomain RANGE = new IntegerDomain(-1, 2);

    private final Index x = new Index("x", GRID);
    private final Index r = new Index("r", SET);
    private final Index k = new Index("k", RANGE);

    private final Storage storage = new Storage(new Tensor("T", Tensor.Kind.DEFINED, List.of(SET, GRID, RANGE)), false,
            List.of(1, 2));

    private static int value(IndexForm form, int i, int j, int member, int integer) {
        return form.evaluate(c -> switch (c.index().domain()) {
            case Grid _ -> c.component() == 0 ? i : j;
            case VectorDomain set -> set.component(member, c.component());
            case IntegerDomain _ -> integer;
        });
    }

    @Test
    void finiteAxesComeFirstAndTheGridHasAHalo() {
        // The padded grid is 6 x 9.
        assertEquals(54, storage.plane());
        assertEquals(12, storage.planes());
        assertEquals(12 * 54 + Storage.SLACK, storage.length());
        assertEquals(9 + 2, storage.origin());
        Storage.Address address = storage.address(List.of(IndexForm.of(r), IndexForm.of(x), IndexForm.of(k)));
        assertTrue(address.lookups().isEmpty());
        Set<Integer> places = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 5; j++) {
                for (int member = 0; member < 3; member++) {
                    for (int integer = -1; integer <= 2; integer++) {
                        int place = value(address.linear(), i, j, member, integer);
                        assertEquals((member * 4 + integer + 1) * 54 + (i + 1) * 9 + j + 2, place);
                        places.add(place);
                    }
                }
            }
        }
        assertEquals(4 * 5 * 3 * 4, places.size());
    }

    @Test
    void shiftsAreConstantDistances() {
        IndexForm base = storage.address(List.of(IndexForm.of(r), IndexForm.of(x), IndexForm.of(k))).linear();
        IndexForm shifted = storage.address(List.of(IndexForm.of(r), List.of(IndexForm.of(x, 0).plus(-1),
                IndexForm.of(x, 1).plus(2)), IndexForm.of(k))).linear();
        assertEquals(IndexForm.constant(-9 + 2), shifted.minus(base));
    }

    @Test
    void whatMayLieOutsideOfAnAxisIsLookedUp() {
        Storage.Address address = storage.address(List.of(IndexForm.of(r), IndexForm.of(x),
                List.of(IndexForm.of(k, 0).plus(1))));
        assertEquals(1, address.lookups().size());
        assertEquals(54, address.lookups().getFirst().stride());
        Storage.Address within = storage.address(List.of(IndexForm.of(r), IndexForm.of(x), List.of(IndexForm.constant(2))));
        assertTrue(within.lookups().isEmpty());
        Storage.Address vector = storage.address(List.of(List.of(IndexForm.of(r, 0).times(2), IndexForm.of(r, 1)),
                IndexForm.of(x), IndexForm.of(k)));
        assertEquals(4 * 54, vector.lookups().getFirst().stride());
    }

    @Test
    void anArrayWithoutAxesIsOneNumber() {
        Storage number = new Storage(new Tensor("E", Tensor.Kind.DEFINED, List.of()), true, List.of());
        assertEquals(1, number.length());
        assertEquals(IndexForm.constant(0), number.address(List.of()).linear());
    }
}
