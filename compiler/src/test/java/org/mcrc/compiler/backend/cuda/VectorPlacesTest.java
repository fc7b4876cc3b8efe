package org.mcrc.compiler.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.kernel.TooLarge;

class VectorPlacesTest {
    private static final VectorPlaces PLACES = new VectorPlaces("set_R", new VectorDomain("R", 2,
            List.of(new int[] {1, -1}, new int[] {0, 2}, new int[] {0, 0})));

    @Test
    void tablesAreNamedAfterTheSetAndItsAxes() {
        assertEquals("set_R_1", PLACES.axisName(0));
        assertEquals("set_R_2", PLACES.axisName(1));
        assertEquals("set_R_positions", PLACES.positionsName());
    }

    @Test
    void axesHoldTheComponentsOfTheMembersInTheirOrder() {
        assertArrayEquals(new int[] {0, 0, 1}, PLACES.axis(0));
        assertArrayEquals(new int[] {0, 2, -1}, PLACES.axis(1));
    }

    @Test
    void positionsAreThoseOfTheBoxAroundTheMembers() {
        // Rows for 0 and 1, columns for -1, 0, 1, 2.
        assertArrayEquals(new int[] {-1, 0, -1, 1, 2, -1, -1, -1}, PLACES.positions());
        assertEquals(", 0, 2, -1, 4", PLACES.box());
    }

    @Test
    void aSetWithoutMembersHasNoPlaces() {
        VectorPlaces places = new VectorPlaces("set_none", new VectorDomain("none", 2, List.of()));
        assertEquals(0, places.axis(0).length);
        assertEquals(0, places.positions().length);
        assertEquals(", 0, 0, 0, 0", places.box());
    }

    @Test
    void aBoxThatCannotBeAddressedIsTheUsersToChange() {
        VectorPlaces places = new VectorPlaces("set_far", new VectorDomain("far", 2,
                List.of(new int[] {0, 60000}, new int[] {60000, 0})));
        assertEquals("a GPU looks the vectors of far up in a table for the box around them, which would have 3.60e+09 elements;"
                + " at most 2147483647 are possible", assertThrows(TooLarge.class, places::positions).getMessage());
    }
}
