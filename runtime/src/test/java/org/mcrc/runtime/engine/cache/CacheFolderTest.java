package org.mcrc.runtime.engine.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
    /** What a file takes besides its content: a hash. */
    private static final int OVERHEAD = 32;

    @TempDir
    private Path folder;

    private static byte[] content(int value) {
        byte[] content = new byte[1000];
        Arrays.fill(content, (byte) value);
        return content;
    }

    private void age(String name, int seconds) throws IOException {
        Files.setLastModifiedTime(folder.resolve(name), FileTime.from(Instant.now().minusSeconds(seconds)));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatWasNotUsedForLongestMakesRoom() throws IOException {
        CacheFolder cache = new CacheFolder(folder, 2 * (1000 + OVERHEAD));
        Files.writeString(folder.resolve("notes.txt"), "the user's own");
        cache.write("a.program", content(1));
        cache.write("b.kernels", content(2));
        age("a.program", 200);
        age("b.kernels", 100);
        // Reading is using.
        assertArrayEquals(content(1), cache.read("a.program").orElseThrow());
        cache.write("c.cubin", content(3));
        assertEquals(List.of("a.program", "c.cubin", "notes.txt"), names());
        assertTrue(cache.read("b.kernels").isEmpty());
        assertArrayEquals(content(3), cache.read("c.cubin").orElseThrow());
    }

    @Test
    void aFileThatCannotBeWrittenLeavesNothingBehind() throws IOException {
        CacheFolder cache = new CacheFolder(folder);
        // A folder of that name, with something in it, cannot be replaced by a file.
        Files.createDirectories(folder.resolve("a.program").resolve("occupied"));
        cache.write("a.program", content(1));
        assertEquals(List.of("a.program"), names());
    }
}
