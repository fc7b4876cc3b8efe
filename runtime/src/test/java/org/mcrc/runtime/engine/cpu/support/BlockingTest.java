package org.mcrc.runtime.engine.cpu.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockingTest {
    private static final int KIBIBYTE = 1 << 10;

    /** Tiles of 4 × 2 vectors of 128 and 256 bits, of 8 × 3 vectors of 128 and 512, in both precisions. */
    private static final List<int[]> TILES = List.of(new int[] {4, 8, 4}, new int[] {4, 16, 4}, new int[] {4, 8, 8},
            new int[] {8, 12, 4}, new int[] {8, 48, 4}, new int[] {8, 24, 8});

    @Test
    void groupOfRowsItsSumsAndAColumnPanelFitTheSecondLevelCacheTogether() {
        for (int second : new int[] {256, 512, 1024, 2048}) {
            Caches caches = new Caches(32 * KIBIBYTE, second * KIBIBYTE);
            for (int[] tile : TILES) {
                Blocking blocking = Blocking.of(caches, tile[0], tile[1], tile[2]);
                long bytes = (long) tile[2] * (blocking.rows() * blocking.depth() + blocking.rows() * blocking.columns()
                        + tile[1] * blocking.depth());
                assertTrue(bytes <= caches.second(), () -> blocking + " takes " + bytes + " bytes of " + caches);
                assertEquals(0, blocking.rows() % tile[0]);
                assertEquals(0, blocking.columns() % tile[1]);
            }
        }
    }

    @Test
    void panelsOfTheTilesOfSmallRegisterFilesFitTheFirstLevelCache() {
        Blocking blocking = Blocking.of(new Caches(32 * KIBIBYTE, 512 * KIBIBYTE), 4, 16, Float.BYTES);
        assertEquals(new Blocking(256, 204, 128), blocking);
        assertTrue((4 + 16) * blocking.depth() * Float.BYTES <= 32 * KIBIBYTE);
    }

    @Test
    void cachesAreReadAsLinuxDescribesThem(@TempDir Path folder) throws IOException {
        cache(folder, 0, "1", "Data", "48K");
        cache(folder, 1, "1", "Instruction", "32K");
        cache(folder, 2, "2", "Unified", "2M");
        cache(folder, 3, "3", "Unified", "36864K");
        assertEquals(new Caches(48 * KIBIBYTE, 2048 * KIBIBYTE), Caches.read(folder));
    }

    @Test
    void usualCachesWhereTheSystemDoesNotTell(@TempDir Path folder) throws IOException {
        assertEquals(Caches.USUAL, Caches.read(folder.resolve("none")));
        cache(folder, 0, "1", "Data", "much");
        assertEquals(Caches.USUAL, Caches.read(folder));
    }

    private static void cache(Path folder, int index, String level, String type, String size) throws IOException {
        Path cache = Files.createDirectory(folder.resolve("index" + index));
        Files.writeString(cache.resolve("level"), level + "\n");
        Files.writeString(cache.resolve("type"), type + "\n");
        Files.writeString(cache.resolve("size"), size + "\n");
    }
}
