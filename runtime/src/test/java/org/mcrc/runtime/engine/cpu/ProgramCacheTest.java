package org.mcrc.runtime.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.ProgramDigest;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.compiler.program.ManifestBytes;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cache.CacheFolder;
import org.mcrc.runtime.engine.cuda.CudaProgram;

class ProgramCacheTest {
    private static final byte[] VERSION = {1, 2, 3};
    private static final IndexProgram PROGRAM = HandMadePrograms.s2s3(new Grid(List.of(5, 13)), 2);

    @TempDir
    Path folder;

    private final AtomicInteger compilations = new AtomicInteger();

    private CpuProgram program(byte[] version, IndexProgram program, Precision precision) {
        return CpuProgram.cache(new CacheFolder(folder), version).program(ProgramDigest.of(program), precision.name(), () -> {
            compilations.incrementAndGet();
            return CpuProgram.of(Pipeline.schedule(Pipeline.differentiate(program)), precision);
        });
    }

    @Test
    void whatIsReadBackIsWhatWasCompiled() {
        CpuProgram compiled = program(VERSION, PROGRAM, Precision.DOUBLE);
        CpuProgram read = program(VERSION, PROGRAM, Precision.DOUBLE);
        assertEquals(1, compilations.get());
        assertEquals(compiled.manifest().toJson(), read.manifest().toJson());
        assertEquals(compiled.source(), read.source());
        assertArrayEquals(compiled.bytes(), read.bytes());
        try (var engine = read.engine(1)) {
            assertNotNull(engine.signature().field("M"));
        }
    }

    @Test
    void whatIsLaunchedOnADeviceIsReadBackToo() throws IOException {
        Manifest manifest = CudaProgram.of(Pipeline.schedule(Pipeline.differentiate(PROGRAM)), Precision.MIXED, true).manifest();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ManifestBytes.write(new DataOutputStream(bytes), manifest);
        Manifest read = ManifestBytes.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertEquals(manifest.toJson(), read.toJson());
        assertEquals(manifest.toJson(), Manifest.fromJson(manifest.toJson()).toJson());
    }

    @Test
    void anotherProgramPrecisionOrVersionIsCompiledForItself() {
        program(VERSION, PROGRAM, Precision.DOUBLE);
        program(VERSION, PROGRAM, Precision.SINGLE);
        program(new byte[] {1, 2, 4}, PROGRAM, Precision.DOUBLE);
        program(VERSION, HandMadePrograms.s2s3(new Grid(List.of(5, 13)), 3), Precision.DOUBLE);
        assertEquals(4, compilations.get());
    }
}
