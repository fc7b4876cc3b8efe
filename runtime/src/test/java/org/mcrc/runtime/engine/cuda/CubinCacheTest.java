package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.runtime.engine.cache.CacheFolder;

class CubinCacheTest {
    private static final String SOURCE =
            "extern \"C\" __global__ void one(float *a) { a[threadIdx.x] = 1; }\n"
            + "extern \"C\" __global__ void two(float *a) { __shared__ float b[9]; b[a[0] > 0] = a[1]; a[2] = b[1]; }\n";

    private static final String OTHER = SOURCE.replace("= 1", "= 2");

    @TempDir
    Path folder;

    @Test
    void nothingIsCompiledTwice() throws IOException {
        Nvrtc nvrtc = NvrtcFixture.nvrtc();
        CubinCache cache = new CubinCache(new CacheFolder(folder));
        Cubin compiled = cache.compiled(nvrtc, "program", SOURCE, "sm_90");
        assertEquals(2, compiled.kernels().size());
        assertEquals(1, files().size());
        Cubin again = cache.compiled(nvrtc, "program", SOURCE, "sm_90");
        assertArrayEquals(compiled.bytes(), again.bytes());
        assertEquals(compiled.kernels(), again.kernels());
        // Who finds the code of another program under its key has compiled nothing.
        Path file = files().getFirst();
        byte[] stored = Files.readAllBytes(file);
        Files.delete(file);
        cache.compiled(nvrtc, "other", OTHER, "sm_80");
        Files.write(files().getFirst(), stored);
        assertArrayEquals(compiled.bytes(), cache.compiled(nvrtc, "other", OTHER, "sm_80").bytes());
        Files.write(files().getFirst(), new byte[] {1, 2, 3});
        assertArrayEquals(nvrtc.compile("other", OTHER, "sm_80").bytes(),
                cache.compiled(nvrtc, "other", OTHER, "sm_80").bytes());
    }

    @Test
    void sourceAndArchitectureAreTheKey() throws IOException {
        Nvrtc nvrtc = NvrtcFixture.nvrtc();
        CubinCache cache = new CubinCache(new CacheFolder(folder));
        cache.compiled(nvrtc, "program", SOURCE, "sm_90");
        cache.compiled(nvrtc, "another name", SOURCE, "sm_90");
        assertEquals(1, files().size());
        cache.compiled(nvrtc, "program", SOURCE, "sm_80");
        cache.compiled(nvrtc, "program", SOURCE + "\n", "sm_90");
        assertEquals(3, files().size());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
