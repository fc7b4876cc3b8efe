package org.mcrc.compiler.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.kernel.Fold;

class RunsTest {
    /** The runs of what the ends x + r of vectors get. */
    private static Optional<Runs> runs(String vectors, List<Integer> extents) {
        Fold fold = PrintedProgram.scheduled("""
                descriptor d
                field M in [0, 1]
                vectors R = %s
                let e[x, r: R] = exp(M[x] * M[x + r])
                output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
                loss l2
                """.formatted(vectors), extents).kernels().values().stream().flatMap(Collection::stream)
                .filter(Fold.class::isInstance).map(Fold.class::cast).findFirst().orElseThrow();
        List<Fold.Contribution> ofVectors = fold.contributions().stream().filter(each -> each.subscripts().toString()
                .contains("r")).toList();
        assertEquals(1, ofVectors.size(), fold.formula());
        return Runs.of(fold, ofVectors.getFirst());
    }

    /** The vectors (0, 0), (0, 1), (0, 2), (1, -2) ... (1, 2), (2, -2) ... (2, 2). */
    @Test
    void aRunHasTheVectorsOfALine() {
        Runs runs = runs("halfwindow(2)", List.of(8, 16)).orElseThrow();
        assertEquals(3, runs.count());
        assertArrayEquals(new int[] {0, 3, 8, 13}, runs.firstRows());
        assertArrayEquals(new int[] {0, 1, 2}, runs.offsets()[0]);
        // Sixteen blocks of sixteen rows with the padding.
        assertEquals(17, runs.firstRuns().length);
        assertArrayEquals(new int[] {0, 3, 3}, new int[] {runs.firstRuns()[0], runs.firstRuns()[1], runs.firstRuns()[16]});
    }

    @Test
    void shortLinesWrapWithinASegment() {
        Runs runs = runs("halfwindow(2)", List.of(8, 16)).orElseThrow();
        assertTrue(runs.wraps());
        assertArrayEquals(new int[] {0, 1, 2, 14, 15, 0, 1, 2, 14, 15, 0, 1, 2}, runs.shifts());
        assertEquals(128, runs.sumsOfSegment());
        assertEquals(320, runs.stride(320));
    }

    @Test
    void segmentsOfLongLinesReachAsFarAsTheShifts() {
        Runs runs = runs("halfwindow(2)", List.of(8, 256)).orElseThrow();
        assertFalse(runs.wraps());
        assertArrayEquals(new int[] {0, -2, -2}, runs.least());
        assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4}, runs.shifts());
        assertEquals(128 + 4, runs.sumsOfSegment());
        assertEquals(2 * 132, runs.stride(256));
    }

    /** The forty vectors (0, 0) ... (0, 39) are one line, of blocks of 16, 16 and 8. */
    @Test
    void noRunHasVectorsOfTwoBlocks() {
        Runs runs = runs("box(1, 40)", List.of(4, 128)).orElseThrow();
        assertArrayEquals(new int[] {0, 16, 32, 40}, runs.firstRows());
        assertArrayEquals(new int[] {0, 0, 0}, runs.offsets()[0]);
    }

    @Test
    void inThreeDimensionsALineIsAlongTheLastAxis() {
        Runs runs = runs("halfwindow(2)", List.of(6, 6, 32)).orElseThrow();
        assertArrayEquals(new int[] {0, 3, 8, 13}, Arrays.copyOf(runs.firstRows(), 4));
        assertArrayEquals(new int[] {0, 0, 0, 1}, Arrays.copyOf(runs.offsets()[0], 4));
        assertArrayEquals(new int[] {0, 1, 2, -2}, Arrays.copyOf(runs.offsets()[1], 4));
    }

    @Test
    void aChunkMustBeginWithALineOrASegment() {
        Runs wrapping = runs("halfwindow(2)", List.of(8, 16)).orElseThrow();
        assertTrue(wrapping.isFor(new Chunk(48, 128)));
        assertFalse(wrapping.isFor(new Chunk(40, 128)));
        Runs reaching = runs("halfwindow(2)", List.of(8, 256)).orElseThrow();
        assertTrue(reaching.isFor(new Chunk(384, 2048)));
        assertFalse(reaching.isFor(new Chunk(320, 2048)));
        assertTrue(reaching.isFor(new Chunk(320, 320)));
    }

    @Test
    void thereAreNoneWhereLinesDoNotFitOrHaveFewVectors() {
        assertEquals(Optional.empty(), runs("halfwindow(2)", List.of(8, 100)));
        assertEquals(Optional.empty(), runs("box(40, 1)", List.of(64, 64)));
        // Of 16 vectors the last one shifts farther than two segments are long.
        assertTrue(runs("{(0, 17 * k) for k in 0..15}", List.of(4, 1024)).isPresent());
        assertEquals(Optional.empty(), runs("{(0, 18 * k) for k in 0..15}", List.of(4, 1024)));
        // 14 vectors on five lines.
        assertEquals(Optional.empty(), runs("halfwindow(1)", List.of(4, 4, 32)));
    }
}
