package org.mcrc.runtime.field.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Microstructure;
import org.mcrc.runtime.field.sample.Checkerboard;

class MicrostructureComparatorTest {

    @ParameterizedTest
    @ValueSource(strings = {"16x16", "7x30", "1x9", "13x1", "4x6x5", "8x1x8", "3x3x3"})
    void findsEveryTranslationAndReflectionOfRandomStructures(String size) {
        Extents extents = Extents.parse(size);
        SplittableRandom random = new SplittableRandom(17);
        for (int phases = 2; phases <= 4; phases++) {
            Microstructure original = random(extents, phases, random);
            for (int trial = 0; trial < 5; trial++) {
                int[] shift = extents.values().stream().mapToInt(random::nextInt).toArray();
                Comparison.SameExtents moved = same(original, moved(original, shift, 1));
                assertTrue(moved.isSame());
                assertEquals(0, moved.translation().differing());
                assertEquals(original, moved(moved(original, shift, 1), negative(shift), 1));
                assertMaps(original, moved(original, shift, 1), moved.translation().shift(), 1);
                Comparison.SameExtents reflected = same(original, moved(original, shift, -1));
                assertTrue(reflected.isSame());
                assertEquals(0, reflected.reflection().differing());
                assertMaps(original, moved(original, shift, -1), reflected.reflection().shift(), -1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"6x7", "3x4x3"})
    void findsTheBestInexactAlignment(String size) {
        Extents extents = Extents.parse(size);
        SplittableRandom random = new SplittableRandom(5);
        for (int trial = 0; trial < 20; trial++) {
            Microstructure a = random(extents, 3, random);
            Microstructure b = random(extents, 3, random);
            Comparison.SameExtents comparison = same(a, b);
            // Every alignment, tried one by one.
            int bestTranslation = Integer.MAX_VALUE;
            int bestReflection = Integer.MAX_VALUE;
            for (int position = 0; position < extents.pixels(); position++) {
                int[] shift = vector(position, extents);
                bestTranslation = Math.min(bestTranslation, differing(moved(a, shift, 1), b));
                bestReflection = Math.min(bestReflection, differing(moved(a, shift, -1), b));
            }
            assertEquals(bestTranslation, comparison.translation().differing());
            assertEquals(bestReflection, comparison.reflection().differing());
            assertEquals(differing(a, b), comparison.differing());
        }
    }

    @Test
    void tellsASingleWrongPixelFromATranslation() {
        Microstructure original = random(Extents.of(64, 64), 2, new SplittableRandom(3));
        Microstructure moved = moved(original, new int[] {40, 3}, 1);
        moved.labels()[77] = 1 - moved.labels()[77];
        Comparison.SameExtents comparison = same(original, moved);
        assertFalse(comparison.isSame());
        assertEquals(new Alignment(List.of(-24, 3), 1), comparison.translation());
        String text = comparison.text("a.png", "b.png");
        assertTrue(text.startsWith(
                "b.png differs from a.png (64x64), also after every translation and point reflection\n"), text);
        assertTrue(text.contains("after the best translation, by (-24, 3): 1 of 4096 pixels differ (0.0244 %)"), text);
    }

    @Test
    void reportsTheShortestOfManyTranslations() {
        Microstructure board = Checkerboard.sample(Extents.of(64, 64), 8);
        Comparison.SameExtents comparison = same(board, moved(board, new int[] {8, 32}, 1));
        assertEquals(64 * 64, comparison.differing());
        assertTrue(List.of(List.of(0, 8), List.of(8, 0), List.of(0, -8), List.of(-8, 0))
                .contains(comparison.translation().shift()), comparison.translation().shiftText());
        String text = comparison.text("A", "B");
        assertTrue(text.startsWith("B is a translation of A, by (0, 8) pixels (64x64, periodic)\n"
                + "  as they lie: 4096 of 4096 pixels differ (100 %)\n"
                + "  volume fraction of phase 0: 0.500000 and 0.500000\n"), text);
    }

    @Test
    void saysThatEqualStructuresAreEqual() {
        Microstructure a = random(Extents.of(5, 6), 2, new SplittableRandom(1));
        Comparison.SameExtents comparison = same(a, a);
        assertEquals(new Alignment(List.of(0, 0), 0), comparison.translation());
        assertTrue(comparison.text("A", "B").startsWith("B equals A (5x6)\n"));
    }

    @Test
    void namesAPointReflectionThatIsNoTranslation() {
        // The letter L is not point-symmetric.
        int[] labels = {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0};
        Microstructure letter = new Microstructure(Extents.of(4, 4), labels, 2);
        Comparison.SameExtents comparison = same(letter, moved(letter, new int[] {2, 1}, -1));
        assertFalse(comparison.translation().isExact());
        assertEquals(List.of(2, 1), comparison.reflection().shift());
        assertTrue(comparison.text("A", "B")
                .startsWith("B is a point reflection of A, x -> (2, 1) - x (4x4, periodic)\n"));
    }

    @Test
    void saysThatSizesDiffer() {
        Comparison comparison = MicrostructureComparator.compare(
                new Microstructure(Extents.of(2, 2), new int[] {0, 0, 0, 1}, 2),
                new Microstructure(Extents.of(2, 3), new int[] {0, 1, 2, 0, 1, 2}, 3));
        assertInstanceOf(Comparison.DifferentExtents.class, comparison);
        assertFalse(comparison.isSame());
        assertEquals("""
                a is 2x2 and b is 2x3: different sizes
                  volume fraction of phase 0: 0.750000 and 0.333333
                  volume fraction of phase 1: 0.250000 and 0.333333
                  volume fraction of phase 2: no such phase and 0.333333
                """, comparison.text("a", "b"));
    }

    @Test
    void countsExactlyInLargeImages() {
        Microstructure original = random(Extents.of(1000, 1021), 2, new SplittableRandom(9));
        Microstructure moved = moved(original, new int[] {999, 510}, 1);
        assertEquals(new Alignment(List.of(-1, 510), 0), same(original, moved).translation());
    }

    private static Comparison.SameExtents same(Microstructure a, Microstructure b) {
        return assertInstanceOf(Comparison.SameExtents.class, MicrostructureComparator.compare(a, b));
    }

    private static Microstructure random(Extents extents, int phases, SplittableRandom random) {
        int[] labels = new int[extents.pixels()];
        Arrays.setAll(labels, pixel -> random.nextInt(phases));
        return new Microstructure(extents, labels, phases);
    }

    /** The structure C with C(sign * x + shift) = structure(x). */
    private static Microstructure moved(Microstructure structure, int[] shift, int sign) {
        Extents extents = structure.extents();
        int[] labels = new int[extents.pixels()];
        for (int pixel = 0; pixel < labels.length; pixel++) {
            int[] place = vector(pixel, extents);
            int target = 0;
            for (int axis = 0; axis < place.length; axis++) {
                int along = sign * place[axis] + shift[axis];
                target = target * extents.get(axis) + Math.floorMod(along, extents.get(axis));
            }
            labels[target] = structure.labels()[pixel];
        }
        return new Microstructure(extents, labels, structure.phases());
    }

    private static void assertMaps(Microstructure from, Microstructure to, List<Integer> shift, int sign) {
        int[] vector = shift.stream().mapToInt(Integer::intValue).toArray();
        assertEquals(to, moved(from, vector, sign));
        for (int axis = 0; axis < vector.length; axis++) {
            assertTrue(2 * Math.abs(vector[axis]) <= from.extents().get(axis));
        }
    }

    private static int[] negative(int[] shift) {
        return Arrays.stream(shift).map(component -> -component).toArray();
    }

    private static int differing(Microstructure a, Microstructure b) {
        int differing = 0;
        for (int pixel = 0; pixel < a.labels().length; pixel++) {
            differing += a.labels()[pixel] == b.labels()[pixel] ? 0 : 1;
        }
        return differing;
    }

    private static int[] vector(int position, Extents extents) {
        int[] vector = new int[extents.rank()];
        int rest = position;
        for (int axis = vector.length - 1; axis >= 0; axis--) {
            vector[axis] = rest % extents.get(axis);
            rest /= extents.get(axis);
        }
        return vector;
    }
}
