package org.mcrc.compiler.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IndexFormTest {
    private static final Grid GRID = new Grid(List.of(8, 6));
    private static final VectorDomain SET = new VectorDomain("R", 2, List.of(new int[] {0, 0}, new int[] {1, -2},
            new int[] {2, 1}));

    private final Index x = new Index("x", GRID);
    private final Index r = new Index("r", SET);
    private final Index k = new Index("k", new IntegerDomain(-1, 3));
    private final IndexForm x1 = IndexForm.of(x, 0);
    private final IndexForm r1 = IndexForm.of(r, 0);
    private final IndexForm n = IndexForm.of(k, 0);

    /** A form's value where every component of an index has the given value plus the component's number. */
    private int at(IndexForm form, Map<Index, Integer> values) {
        return form.evaluate(component -> values.get(component.index()) + component.component());
    }

    @Test
    void whatCancelsIsGone() {
        assertEquals(x1, x1.plus(r1).minus(r1));
        assertEquals(IndexForm.constant(0), x1.times(3).minus(x1).minus(x1.plus(x1)));
        assertTrue(r1.minus(r1).isConstant());
    }

    @Test
    void theOrderOfOperandsDoesNotMatter() {
        assertEquals(x1.plus(r1).plus(2), IndexForm.constant(2).plus(r1).plus(x1));
        assertEquals(x1.times(r1), r1.times(x1));
        assertEquals(x1.plus(r1).hashCode(), r1.plus(x1).hashCode());
    }

    @Test
    void productsAreExpanded() {
        assertEquals(x1.times(x1).minus(r1.times(r1)), x1.plus(r1).times(x1.minus(r1)));
        assertEquals(n.times(n).plus(n.times(2)).plus(1), n.plus(1).times(n.plus(1)));
    }

    @Test
    void aComponentOfAMemberIsATableOfItsPositions() {
        VectorDomain squares = new VectorDomain("table", 2, List.of(new int[] {0, 4}, new int[] {1, 1}, new int[] {2, 0},
                new int[] {3, 1}, new int[] {4, 4}));
        IndexForm square = IndexForm.member(n.plus(1), squares, 1);
        for (int value = -1; value <= 3; value++) {
            assertEquals((value - 1) * (value - 1), at(square.times(3), Map.of(k, value)) / 3);
        }
        assertArrayEquals(new long[] {0, 4}, square.bounds());
        assertArrayEquals(new long[] {0, 4}, IndexForm.member(n, squares, 1).bounds(), "one value is beyond the table");
        assertEquals(0, at(IndexForm.member(n, squares, 1), Map.of(k, -1)));
        assertTrue(square.mentions(new IndexForm.Component(k, 0)));
        assertEquals(List.of(k), List.copyOf(square.indices()));
        assertEquals(IndexForm.constant(1), square.substitute(component -> IndexForm.constant(2)));
        assertEquals(IndexForm.member(r1.plus(1), squares, 1), square.substitute(component -> r1));
        assertEquals("2*{4, 1, 0, 1, 4}[k + 1] + 3", square.times(2).plus(3).toString());
    }

    /** Two tables, and the positions of two sets, are the same factor only if all of their members are. */
    @Test
    void setsOfTheSameHashAreNotTheSame() {
        VectorDomain one = new VectorDomain("one", 2, List.of(new int[] {0, 1}, new int[] {1, 0}));
        VectorDomain other = new VectorDomain("other", 2, List.of(new int[] {0, 0}, new int[] {1, 31}));
        assertEquals(one.hashCode(), other.hashCode(), "these are meant to collide");
        IndexForm k = IndexForm.of(new Index("k", new IntegerDomain(0, 1)), 0);

        IndexForm tables = IndexForm.member(k, one, 1).minus(IndexForm.member(k, other, 1));
        assertEquals(1, tables.evaluate(component -> 0));
        assertEquals(-31, tables.evaluate(component -> 1));
        IndexForm positions = IndexForm.ordinal(List.of(k, k.times(-1).plus(1)), one)
                .minus(IndexForm.ordinal(List.of(k, k.times(-1).plus(1)), other));
        assertEquals(1, positions.evaluate(component -> 0));
        assertEquals(2, positions.evaluate(component -> 1));
    }

    @Test
    void divisionTakesOutWhatIsDivisible() {
        assertEquals(x1.plus(2), x1.times(3).plus(6).floorDivide(3));
        assertEquals(x1.plus(r1.floorDivide(3)), x1.times(3).plus(r1).floorDivide(3));
        assertEquals(IndexForm.constant(-2), IndexForm.constant(-5).floorDivide(3));
        assertEquals(IndexForm.constant(1), IndexForm.constant(-5).floorModulo(3));
        assertEquals(x1.floorDivide(4), x1.floorDivide(2).floorDivide(2));
        assertEquals(x1.plus(5).floorDivide(10), x1.plus(3).floorDivide(2).plus(1).floorDivide(5));
        assertThrows(IllegalArgumentException.class, () -> x1.floorDivide(0));
    }

    @Test
    void divisionAndRemainderAreTheFlooredOnes() {
        for (int value = -9; value <= 9; value++) {
            for (int other = -4; other <= 4; other++) {
                Map<Index, Integer> values = Map.of(x, value, k, other);
                IndexForm form = x1.times(5).plus(n.times(-2)).plus(-7);
                assertEquals(Math.floorDiv(5 * value - 2 * other - 7, 4), at(form.floorDivide(4), values));
                assertEquals(Math.floorMod(5 * value - 2 * other - 7, 4), at(form.floorModulo(4), values));
                IndexForm again = form.floorDivide(4).plus(-2);
                assertEquals(Math.floorDiv(Math.floorDiv(5 * value - 2 * other - 7, 4) - 2, 3),
                        at(again.floorDivide(3), values));
            }
        }
    }

    @Test
    void substitutionIsThatOfTheValue() {
        SplittableRandom random = new SplittableRandom(1);
        IndexForm form = x1.times(n).plus(x1.plus(r1).floorDivide(3)).plus(IndexForm.of(r, 1).times(2)).plus(-1);
        IndexForm replacement = n.times(n).plus(r1.times(-2)).plus(5);
        IndexForm substituted = form.substitute(component -> component.index() == x && component.component() == 0
                ? replacement : null);
        assertFalse(substituted.indices().contains(x));
        for (int trial = 0; trial < 50; trial++) {
            Map<Index, Integer> values = Map.of(r, random.nextInt(-9, 9), k, random.nextInt(-9, 9), x, 1000);
            int inner = at(replacement, values);
            int expected = form.evaluate(c -> c.index() == x ? inner : values.get(c.index()) + c.component());
            assertEquals(expected, at(substituted, values));
        }
    }

    @Test
    void boundsOfSumsAreTheExtremes() {
        // 2 x.1 is 0 … 14, r.1 is 0 … 2.
        assertArrayEquals(new long[] {-3, 13}, x1.times(2).plus(r1).plus(-3).bounds());
        // -r.2 is -1 … 2, x.2 div 3 is 0 … 1.
        assertArrayEquals(new long[] {-1, 3}, IndexForm.of(x, 1).floorDivide(3).minus(IndexForm.of(r, 1)).bounds());
    }

    @Test
    void boundsHoldForProductsAndQuotients() {
        IndexForm form = IndexForm.of(r, 1).times(n).plus(x1.minus(n.times(3)).floorDivide(2));
        long[] bounds = form.bounds();
        for (int i = 0; i < 8; i++) {
            for (int m = 0; m < SET.size(); m++) {
                for (int value = -1; value <= 3; value++) {
                    int pixel = i;
                    int member = m;
                    int integer = value;
                    int result = form.evaluate(c -> c.index() == x ? pixel : c.index() == r
                            ? SET.component(member, c.component()) : integer);
                    assertTrue(bounds[0] <= result && result <= bounds[1]);
                }
            }
        }
    }

    @Test
    void aLinearCoefficientIsSeenOnlyWhereTheRestIsFreeOfTheComponent() {
        IndexForm.Component component = new IndexForm.Component(x, 0);
        assertEquals(3, x1.times(3).plus(r1).linearCoefficient(component));
        assertEquals(0, x1.plus(x1.times(n)).linearCoefficient(component));
        assertEquals(0, x1.plus(x1.floorDivide(2)).linearCoefficient(component));
        assertEquals(0, r1.linearCoefficient(component));
    }

    @Test
    void aPositionCountsTheLastIndexFastest() {
        IndexForm position = IndexForm.position(List.of(k, x));
        // k = 2 is the fourth of -1..3; pixel (3, 5) of 8x6 is number 23.
        int value = position.evaluate(c -> c.index() == k ? 2 : c.component() == 0 ? 3 : 5);
        assertEquals(3 * 48 + 3 * 6 + 5, value);
    }

    @Test
    void ordinalsOfConstantVectorsAreConstants() {
        assertEquals(IndexForm.constant(1), IndexForm.ordinal(List.of(IndexForm.constant(1), IndexForm.constant(-2)), SET));
        assertEquals(IndexForm.constant(-1), IndexForm.ordinal(List.of(IndexForm.constant(1), IndexForm.constant(1)), SET));
    }
}
