package org.mcrc.runtime.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

class OutputFolderTest {

    @TempDir
    Path directory;

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void filesTakeTheirPlacesAtTheEnd() throws IOException {
        Path path = directory.resolve("a/b");
        OutputFolder.open(path, List.of("x", "y")).commit(temporary -> {
            Files.writeString(temporary.resolve("x"), "new x");
            assertFalse(Files.exists(path.resolve("x")));
            Files.writeString(temporary.resolve("y"), "new y");
        });
        assertEquals(List.of("x", "y"), names(path));
        assertEquals("new x", Files.readString(path.resolve("x")));
    }

    @Test
    void failureLeavesAnEarlierRunAsItWas() throws IOException {
        Files.writeString(directory.resolve("x"), "old x");
        assertEquals("cannot write to the folder " + directory + ": No space left on device", failing(directory));
        assertEquals(List.of("x"), names(directory));
        assertEquals("old x", Files.readString(directory.resolve("x")));
    }

    @Test
    void otherFilesOfAnExistingFolderStay() throws IOException {
        Files.writeString(directory.resolve("notes"), "mine");
        Files.writeString(directory.resolve("x"), "old x");
        OutputFolder.open(directory, List.of("x")).commit(temporary -> Files.writeString(temporary.resolve("x"), "new x"));
        assertEquals(List.of("notes", "x"), names(directory));
        assertEquals("new x", Files.readString(directory.resolve("x")));
    }

    /** Nor is one there before anything is written: a process may be ended at any time. */
    @Test
    void folderThatReceivedNothingDoesNotStay() throws IOException {
        Path path = directory.resolve("new/out");
        OutputFolder.open(path, List.of());
        assertEquals(List.of(), names(directory));
        failing(path);
        assertEquals(List.of(), names(directory));
        failing(directory);
        assertTrue(Files.exists(directory));
    }

    /** The message where the disk is full when half is written. */
    private static String failing(Path path) {
        OutputFolder folder = OutputFolder.open(path, List.of("x"));
        return assertThrows(InputError.class, () -> folder.commit(temporary -> {
            Files.writeString(temporary.resolve("x"), "half");
            throw new IOException("No space left on device");
        })).getMessage();
    }

    @Test
    void fileInPlaceOfTheFolderIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        InputError error = assertThrows(InputError.class, () -> OutputFolder.open(file, List.of()));
        assertEquals("cannot write to " + file + ": it is a file, not a folder", error.getMessage());
        InputError below = assertThrows(InputError.class, () -> OutputFolder.open(file.resolve("out"), List.of()));
        assertTrue(below.getMessage().startsWith("cannot write to the folder " + file + "/out: "), below.getMessage());
    }

    @Test
    void folderInPlaceOfAFileIsRefused() throws IOException {
        Files.createDirectory(directory.resolve("M.png"));
        InputError error = assertThrows(InputError.class, () -> OutputFolder.open(directory, List.of("M.png")));
        assertEquals("cannot write " + directory.resolve("M.png") + ": there is a folder of this name", error.getMessage());
    }
}
