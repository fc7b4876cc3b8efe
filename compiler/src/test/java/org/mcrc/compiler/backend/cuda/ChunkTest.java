package org.mcrc.compiler.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IntegerDomain;

class ChunkTest {
    private static final Index BATCH = new Index("s", new IntegerDomain(1, 2));

    private static KernelWriter kernel() {
        return new KernelWriter(PrintedProgram.text(CudaPrecision.SINGLE), "float");
    }

    @Test
    void allPixelsAreOneChunk() {
        Chunk chunk = Chunk.whole(new Index("x", new Grid(List.of(3, 5))));
        assertEquals(new Chunk(15, 15), chunk);
        assertTrue(chunk.isWhole());
        assertFalse(chunk.isRagged());
        assertEquals(List.of(Map.of(Chunk.BATCH, 0, Chunk.FIRST, 0)), chunk.launches(List.of()));
    }

    @Test
    void theLastChunkMayBeShorter() {
        assertTrue(new Chunk(4, 10).isRagged());
        assertEquals(3, new Chunk(4, 10).count());
        assertFalse(new Chunk(5, 10).isRagged());
        assertEquals(2, new Chunk(5, 10).count());
    }

    @Test
    void launchesGoChunkAfterChunkForEachValueOfTheBatch() {
        assertEquals(List.of(Map.of(Chunk.BATCH, 0, Chunk.FIRST, 0), Map.of(Chunk.BATCH, 0, Chunk.FIRST, 4),
                Map.of(Chunk.BATCH, 1, Chunk.FIRST, 0), Map.of(Chunk.BATCH, 1, Chunk.FIRST, 4)),
                new Chunk(4, 6).launches(List.of(BATCH)));
    }

    @Test
    void columnsOfAllPixelsAreTheirPlaces() {
        Chunk chunk = new Chunk(6, 6);
        KernelWriter kernel = kernel();
        assertEquals("column", chunk.place(kernel, "column"));
        assertEquals("column", chunk.placeInVariable(kernel, "column"));
        assertEquals("place", chunk.column(kernel, "place"));
        assertEquals(List.of(), chunk.inside("column"));
        assertEquals(List.of(), kernel.parameters().arguments());
    }

    @Test
    void columnsOfAChunkBeginAtTheFirstPixelThatTheLaunchGives() {
        Chunk chunk = new Chunk(4, 6);
        KernelWriter kernel = kernel();
        assertEquals("first_pixel + column", chunk.place(kernel, "column"));
        assertEquals("place - first_pixel", chunk.column(kernel, "place"));
        assertEquals("place_of_pixel", chunk.placeInVariable(kernel, "column"));
        assertEquals(List.of("column >= 0", "column < 4"), chunk.inside("column"));
        assertEquals(List.of(LaunchPlan.Argument.integer(4)),
                kernel.parameters().arguments(Map.of(Chunk.FIRST, 4, Chunk.BATCH, 1)));
        assertTrue(kernel.text("k", 1, "").contains("const unsigned place_of_pixel = first_pixel + column;"));
    }
}
