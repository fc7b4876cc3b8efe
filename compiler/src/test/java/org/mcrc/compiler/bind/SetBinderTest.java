package org.mcrc.compiler.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcrc.compiler.index.VectorDomain;

/** Members of every kind of set, written down by hand in lexicographic order, and counts from their formulas. */
class SetBinderTest {
    private static VectorDomain set(String set, Integer... extents) {
        return (VectorDomain) Bound.text("descriptor t\nfield M in [0, 1]\nvectors R = " + set
                + "\noutput S[r: R] = mean[x](M[x] * M[x + r])\n", extents).program().outputs().getFirst().value().axes()
                .getFirst();
    }

    private static String members(String set, Integer... extents) {
        VectorDomain domain = set(set, extents);
        List<String> members = new ArrayList<>();
        for (int ordinal = 0; ordinal < domain.size(); ordinal++) {
            members.add(Arrays.toString(domain.member(ordinal)).replace("[", "(").replace("]", ")"));
        }
        return String.join(" ", members);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "window(1);             (-1, -1) (-1, 0) (-1, 1) (0, -1) (0, 0) (0, 1) (1, -1) (1, 0) (1, 1)",
        "window(1, 0);          (-1, 0) (0, 0) (1, 0)",
        "halfwindow(1);         (0, 0) (0, 1) (1, -1) (1, 0) (1, 1)",
        "halfwindow(0, 2);      (0, 0) (0, 1) (0, 2)",
        "halfwindow(0);         (0, 0)",
        "box(2);                (0, 0) (0, 1) (1, 0) (1, 1)",
        "box(1, 3);             (0, 0) (0, 1) (0, 2)",
        "axes(2);               (0, 0) (0, 1) (0, 2) (1, 0) (2, 0)",
        "line((1, -2), 2);      (0, 0) (1, -2) (2, -4)",
        "line((-1, 0), 2);      (-2, 0) (-1, 0) (0, 0)",
        "{(1, 0), 0, (0, 1), (1, 0)};                     (0, 0) (0, 1) (1, 0)",
        "{r in window(1) | norm(r) == 1};                 (-1, 0) (0, -1) (0, 1) (1, 0)",
        "{r in box(3) | r.1 + r.2 == 2 and r != (1, 1)};  (0, 2) (2, 0)",
        "{r in window(1) | dot(r, (1, 1)) > 0};           (0, 1) (1, 0) (1, 1)",
        "{a - b for a in box(1, 2), b in box(2, 1)};      (-1, 0) (-1, 1) (0, 0) (0, 1)",
        "{(k, -j) for k in 1..2, j in 0..k - 1};          (1, 0) (2, -1) (2, 0)",
        "{2*r for r in axes(1)};                          (0, 0) (0, 2) (2, 0)",
        "axes(1) + {(1, 1)};                              (0, 0) (0, 1) (1, 0) (1, 1)",
        "box(2) - axes(1);                                (1, 1)",
        "box(2) & {(1, 1), (2, 2)};                       (1, 1)",
    })
    void membersAreInLexicographicOrder(String set, String members) {
        assertEquals(members, members(set, 8, 8));
    }

    @Test
    void inThreeDimensionsHalfOfTheNeighboursAndZeroAreAHalfwindow() {
        assertEquals("(0, 0, 0) (0, 0, 1) (0, 1, -1) (0, 1, 0) (0, 1, 1) (1, -1, -1) (1, -1, 0) (1, -1, 1) (1, 0, -1)"
                + " (1, 0, 0) (1, 0, 1) (1, 1, -1) (1, 1, 0) (1, 1, 1)", members("halfwindow(1)", 4, 4, 4));
        assertEquals("(0, 0, 0) (0, 0, 1) (0, 1, 0) (1, 0, 0)", members("axes(1)", 4, 4, 4));
    }

    /** Differences of halfwindow(31): 63 x 125 but for 31 at either end of the first and last row, b.1 being 0 there. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "halfwindow(31);                                         1985",
        "{a - b for a in halfwindow(31), b in halfwindow(31)};  7813",
        "window(4, 7);                                            135",
        "line((0, 0), 9);                                           1",
    })
    void countsFollowTheFormulas(String set, int count) {
        assertEquals(count, set(set, 8, 8).size());
    }

    /** The first two from a Python implementation of SplitMix64 and of the selection. */
    @Test
    void aRandomSetIsTheSameEverywhere() {
        assertEquals("(0, 0) (0, 2) (1, -1) (2, -1)", members("random(4, 2, 7)", 8, 8));
        assertEquals("(0, 0) (1, -10) (3, -6) (3, 10) (6, -1) (9, -7)", members("random(6, 10, -1)", 8, 8));
        assertEquals(members("halfwindow(2)", 8, 8), members("random(13, 2, 7)", 8, 8));
        assertEquals(1, set("random(1, 100, 3)", 8, 8).size());
        assertEquals(1000, set("random(1000, 127, 3)", 8, 8, 8).size());
    }

    @Test
    void tooManyMembersAreRefusedBeforeTheyAreListed() {
        assertTrue(Bound.errors("descriptor t\nfield M in [0, 1]\noutput S[r: window(100000)] = mean[x](M[x + r])\n", 8, 8)
                .contains("this set would have 40000400001 members; at most 1000000 are allowed"));
        assertTrue(Bound.errors("descriptor t\nfield M in [0, 1]\noutput S[k: 0..10000000] = mean[x](M[x]^k)\n", 8, 8)
                .contains("this set would have 10000001 members"));
        assertTrue(Bound.errors("descriptor t\nfield M in [0, 1]\n"
                + "output S[r: {a - b for a in window(600, 0), b in window(0, 600)}] = mean[x](M[x + r])\n", 8, 8)
                .contains("this set would have 1442401 members"));
    }

    @Test
    void vectorsHaveAsManyComponentsAsTheMicrostructure() {
        assertTrue(Bound.errors("descriptor t\nfield M in [0, 1]\noutput S[r: {(1, 0)}] = mean[x](M[x] * M[x + r])\n", 4, 4, 4)
                .contains("this vector has 2 components and vectors have 3 here"));
        assertTrue(Bound.errors("descriptor t\nfield M in [0, 1]\noutput S[r: window(1, 2)] = mean[x](M[x] * M[x + r])\n",
                4, 4, 4).contains("this set has 2 dimensions and vectors have 3 here"));
    }
}
