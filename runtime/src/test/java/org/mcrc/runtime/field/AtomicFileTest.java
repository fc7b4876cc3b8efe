package org.mcrc.runtime.field;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.runtime.InputError;

class AtomicFileTest {

    @TempDir
    Path folder;

    @Test
    void replacesAFileAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFile.write(file, "old");
        AtomicFile.write(file, "new");
        assertEquals("new", Files.readString(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void keepsTheOldFileWhenWritingFails() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFile.write(file, "old");
        InputError error = assertThrows(InputError.class, () -> AtomicFile.write(file, output -> {
            output.write(new byte[100_000]);
            throw new IOException("No space left on device");
        }));
        assertEquals("cannot write " + file + ": No space left on device", error.getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void keepsTheOldFileWhenTheContentFailsInAnyOtherWay() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFile.write(file, "old");
        assertThrows(IllegalStateException.class, () -> AtomicFile.write(file, output -> {
            output.write('x');
            throw new IllegalStateException();
        }));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void replacesWhatASymbolicLinkPointsTo() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFile.write(file, "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        AtomicFile.write(link, "new");
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(file));
    }

    @Test
    void refusesFoldersAndMissingFoldersInOneSentence() throws IOException {
        Files.createFile(folder.resolve("file"));
        assertMessage("is a folder", folder);
        assertMessage("does not exist", folder.resolve("missing/a.txt"));
        assertMessage("is a file, not a folder", folder.resolve("file/a.txt"));
    }

    @Test
    void saysThatNoFileCanBeMadeInAFileSystemOfTheKernel() {
        if (Files.isDirectory(Path.of("/proc/self"))) {
            assertMessage("cannot write /proc/a.txt: ", Path.of("/proc/a.txt"));
        }
    }

    @Test
    void writesIntoDevicesWithoutReplacingThem() {
        Path device = Path.of("/dev/null");
        if (Files.exists(device)) {
            AtomicFile.write(device, "text");
            assertTrue(Files.exists(device) && !Files.isRegularFile(device));
        }
    }

    private static void assertMessage(String message, Path path) {
        InputError error = assertThrows(InputError.class, () -> AtomicFile.write(path, "text"));
        assertEquals(1, error.getMessage().lines().count());
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.toList();
        }
    }
}
