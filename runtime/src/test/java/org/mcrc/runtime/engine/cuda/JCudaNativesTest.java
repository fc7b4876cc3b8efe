package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.cache.CacheFolder;

class JCudaNativesTest {
    private static final String FILE = "libJNvrtc-12.6.0-linux-x86_64.so";
    private static final FileTime LONG_AGO = FileTime.fromMillis(0);

    @TempDir
    Path cache;

    @Test
    void isWrittenOnce() throws IOException {
        NvrtcFixture.files();
        Path folder = JCudaNatives.extract(cache, "JNvrtc");
        assertEquals(cache.resolve("jcuda-12.6.0"), folder.getParent());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        Files.setLastModifiedTime(folder.resolve(FILE), LONG_AGO);
        assertEquals(folder, JCudaNatives.extract(cache, "JNvrtc"));
        assertEquals(LONG_AGO, Files.getLastModifiedTime(folder.resolve(FILE)));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(folder.resolve(FILE)), files.toList());
        }
        assertNotEquals(folder, JCudaNatives.extract(cache, "JCudaDriver"));
    }

    @Test
    void whatIsNotAsItWasIsWrittenAgain() throws IOException {
        NvrtcFixture.files();
        Path file = JCudaNatives.extract(cache, "JNvrtc").resolve(FILE);
        byte[] content = Files.readAllBytes(file);
        byte[] changed = content.clone();
        changed[content.length / 2] ^= 1;
        Files.write(file, changed);
        JCudaNatives.extract(cache, "JNvrtc");
        assertEquals(-1, Arrays.mismatch(content, Files.readAllBytes(file)));
    }

    @Test
    void whereNothingCanBeWrittenTheUserHearsIt() throws IOException {
        NvrtcFixture.files();
        Path file = Files.createFile(cache.resolve("file"));
        InputError error = assertThrows(InputError.class, () -> JCudaNatives.extract(file, "JNvrtc"));
        assertTrue(error.text().contains("set MCRC_CACHE"), error.text());
    }

    /** What the system has loaded is the file in the user's own folder, and the folder for temporary files is as it was. */
    @Test
    void jcudaLoadsThatFile() throws IOException {
        NvrtcFixture.jcuda();
        List<String> loaded = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.endsWith(FILE)).map(line -> line.substring(line.indexOf('/'))).distinct().toList();
        assertEquals(List.of(JCudaNatives.extract(CacheFolder.root(), "JNvrtc").toRealPath().resolve(FILE).toString()),
                loaded);
        assertFalse(System.getProperty("java.io.tmpdir").contains("jcuda"));
    }
}
