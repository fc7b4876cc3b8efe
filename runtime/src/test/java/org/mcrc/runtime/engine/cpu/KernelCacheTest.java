package org.mcrc.runtime.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.backend.java.JavaBackend;
import org.mcrc.compiler.backend.java.Precision;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.engine.cache.CacheFolder;

class KernelCacheTest {
    private static final String NAME = "org.mcrc.generated.Nothing";

    @TempDir
    Path folder;

    private static String source(String comment) {
        return """
                package org.mcrc.generated;

                /** %s */
                public final class Nothing implements org.mcrc.runtime.engine.cpu.CpuKernels {
                    public void prepare() {}
                    public void outputs() {}
                    public void loss() {}
                    public void gradient() {}
                }
                """.formatted(comment);
    }

    private static void assertRuns(byte[] compiled) {
        assertEquals(NAME, KernelCompiler.load(NAME, Map.of(NAME, compiled)).getName());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private Path file() throws IOException {
        assertEquals(1, files().size());
        return files().getFirst();
    }

    private static Object identity(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    @Test
    void whatWasCompiledIsReadBack() throws IOException {
        KernelCache cache = new KernelCache(new CacheFolder(folder));
        assertRuns(cache.compiled(NAME, source("one")));
        // Were it compiled again, another file would take the place of this one.
        Object written = identity(file());
        assertRuns(cache.compiled(NAME, source("one")));
        assertEquals(written, identity(file()));
    }

    @Test
    void anotherSourceIsCompiledForItself() throws IOException {
        KernelCache cache = new KernelCache(new CacheFolder(folder));
        cache.compiled(NAME, source("one"));
        cache.compiled(NAME, source("two"));
        assertEquals(2, files().size());
    }

    @Test
    void aDamagedFileIsAsGoodAsNone() throws IOException {
        KernelCache cache = new KernelCache(new CacheFolder(folder));
        cache.compiled(NAME, source("one"));
        byte[] whole = Files.readAllBytes(file());
        byte[] changed = whole.clone();
        changed[whole.length / 2] ^= 1;
        byte[] shortened = Arrays.copyOf(whole, whole.length - 10);
        for (byte[] damaged : List.of(changed, shortened, new byte[0], new byte[] {-1, -1, -1, -1, 0, 0, 0, 0})) {
            Files.write(file(), damaged);
            assertRuns(cache.compiled(NAME, source("one")));
            assertArrayEquals(whole, Files.readAllBytes(file()));
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoError() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertRuns(new KernelCache(new CacheFolder(file.resolve("cache"))).compiled(NAME, source("one")));
    }

    @Test
    void theKeyCoversEveryClassOfTheRuntimeThatGeneratedSourcesName() {
        Grid grid = new Grid(List.of(5, 13));
        // The last is a correlation over so many vectors that it is one of Fourier transforms.
        for (IndexProgram program : List.of(HandMadePrograms.s2s3(grid, 3), HandMadePrograms.s2(grid, 2),
                HandMadePrograms.s2(new Grid(List.of(128, 128)), 60))) {
            String text = JavaBackend.print(Pipeline.schedule(Pipeline.differentiate(program)), Precision.SINGLE).text();
            List<String> named = Pattern.compile("^import (org\\.mcrc\\..*);$", Pattern.MULTILINE).matcher(text).results()
                    .map(match -> match.group(1)).toList();
            assertFalse(named.isEmpty());
            assertEquals(List.of(), named.stream().filter(name ->
                    KernelCache.LINKED.stream().noneMatch(linked -> linked.getName().equals(name))).toList());
        }
    }
}
