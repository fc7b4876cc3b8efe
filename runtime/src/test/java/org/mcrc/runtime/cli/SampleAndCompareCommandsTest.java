package org.mcrc.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Microstructure;
import org.mcrc.runtime.field.MicrostructureFiles;
import org.mcrc.runtime.field.Threshold;
import picocli.CommandLine;

class SampleAndCompareCommandsTest {

    @TempDir
    Path folder;

    private final StringWriter text = new StringWriter();

    @Test
    void writesTheCheckerboardAsked() {
        Path file = folder.resolve("board.png");
        assertEquals(0, sample("checkerboard", "--size", "64x64", "-o", file.toString()));
        assertEquals(file + ": checkerboard, 64x64, volume fractions 0.5000, 0.5000\n", text.toString());
        Microstructure board = read(file);
        assertEquals(0, board.labels()[0]);
        assertEquals(1, board.labels()[8]);
        assertEquals(1, board.labels()[8 * 64]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"disks", "voronoi", "gaussian"})
    void theSeedDecides(String kind) throws IOException {
        for (String seed : new String[] {"1", "1", "2"}) {
            Path file = folder.resolve(seed + ".png");
            byte[] before = Files.exists(file) ? Files.readAllBytes(file) : null;
            assertEquals(0, sample(kind, "--size", "32x40", "--seed", seed, "-o", file.toString()));
            if (before != null) {
                assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(file)));
            }
        }
        assertFalse(read(folder.resolve("1.png")).equals(read(folder.resolve("2.png"))));
    }

    @Test
    void writesVolumesToReadAndToLookAt() {
        Path array = folder.resolve("cells.npy");
        Path picture = folder.resolve("cells.png");
        assertEquals(0, sample("voronoi", "--size", "12x13x14", "--phases", "3",
                "-o", array.toString(), "-o", picture.toString()));
        assertEquals(Extents.of(12, 13, 14), read(array).extents());
        assertEquals(3, read(array).phases());
        assertTrue(text.toString().contains("a montage of slices to look at"));
    }

    @Test
    void everyKindShowsAnExample() {
        for (String kind : new String[] {"checkerboard", "disks", "voronoi", "gaussian"}) {
            text.getBuffer().setLength(0);
            assertEquals(0, sample(kind, "--help"));
            assertTrue(text.toString().contains("Example:\n  mcrc sample " + kind), text.toString());
        }
        assertEquals(0, compare("--help"));
        assertTrue(text.toString().contains("mcrc compare board.png"), text.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "marble --size 64x64", "checkerboard", "checkerboard --size 64", "checkerboard --size 60x60",
        "disks --size 64x64 --fraction 2", "checkerboard --size 64x64 -o missing-folder/board.png",
        "checkerboard --size 64x64 -o board.xyz", "gaussian --size 16384x16384x8"})
    void refusesWithStatusTwo(String arguments) {
        assertEquals(2, sample(arguments.isEmpty() ? new String[0] : arguments.split(" ")));
        assertFalse(text.toString().contains("\tat "), text.toString());
    }

    @Test
    void compareEndsInZeroForATranslationAndInOneForADifference() {
        Path board = folder.resolve("board.png");
        Path moved = folder.resolve("moved.npy");
        Path wrong = folder.resolve("wrong.tif");
        sample("checkerboard", "--size", "32x32", "-o", board.toString());
        Microstructure original = read(board);
        int[] labels = new int[32 * 32];
        for (int pixel = 0; pixel < labels.length; pixel++) {
            labels[pixel] = original.labels()[pixel / 32 * 32 + (pixel + 3) % 32];
        }
        MicrostructureFiles.write(moved, new Microstructure(original.extents(), labels.clone(), 2));
        labels[100] = 1 - labels[100];
        MicrostructureFiles.write(wrong, new Microstructure(original.extents(), labels, 2));
        text.getBuffer().setLength(0);
        assertEquals(0, compare(board.toString(), moved.toString()));
        assertTrue(text.toString().startsWith(moved + " is a translation of " + board + ", by (0, -3) pixels"),
                text.toString());
        assertEquals(1, compare(board.toString(), wrong.toString()));
        assertEquals(2, compare(board.toString(), folder.resolve("missing.png").toString()));
        assertTrue(text.toString().endsWith("missing.png does not exist\n"), text.toString());
    }

    /** What reconstruct --phase K writes has two phases, and the original has more. */
    @Test
    void compareTakesOnePhaseOfSeveral() {
        Extents extents = new Extents(List.of(3, 4));
        Path original = folder.resolve("original.npy");
        Path phase = folder.resolve("phase.npy");
        MicrostructureFiles.write(original, new Microstructure(extents, new int[] {0, 1, 2, 2, 1, 0, 0, 2, 1, 1, 0, 0}, 3));
        MicrostructureFiles.write(phase, new Microstructure(extents, new int[] {0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0}, 2));
        assertEquals(0, compare("--phase", "2", original.toString(), phase.toString()), text.toString());
        assertEquals(1, compare("--phase", "1", original.toString(), phase.toString()));
        assertEquals(0, compare("--phase", "1", original.toString(), original.toString()), "phase 1 of both");
        assertEquals(1, compare(original.toString(), phase.toString()));
        assertTrue(text.toString().endsWith("say which: --phase K\n"), text.toString());
        assertEquals(2, compare("--phase", "3", original.toString(), phase.toString()));
        assertTrue(text.toString().contains("there is no phase 3: " + original + " has the phases 0, 1, 2"), text.toString());
    }

    @Test
    void neverOverwritesAFileThatWasNotNamed() throws IOException {
        Path unnamed = Path.of("checkerboard.png");
        Files.createFile(unnamed);
        try {
            assertEquals(2, sample("checkerboard", "--size", "16x16"));
            assertTrue(text.toString().contains("checkerboard.png exists already"), text.toString());
            assertEquals(0, Files.size(unnamed));
        } finally {
            Files.delete(unnamed);
        }
    }

    private static Microstructure read(Path file) {
        return MicrostructureFiles.read(file, Threshold.none());
    }

    private int sample(String... arguments) {
        return run(new SampleCommand(), arguments);
    }

    private int compare(String... arguments) {
        return run(new CompareCommand(), arguments);
    }

    private int run(Callable<Integer> command, String... arguments) {
        PrintWriter writer = new PrintWriter(text, true);
        return new CommandLine(command).setOut(writer).setErr(writer)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    if (failure instanceof InputError error) {
                        writer.println(error.text());
                        return 2;
                    }
                    throw failure;
                })
                .execute(arguments);
    }
}
