package org.mcrc.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.engine.cpu.CpuProgram;

/** {@code mcrc compile --target cuda} on a computer without a GPU, with the compiler that the build has unpacked. */
class CompileForGpusTest {
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};
    private static final String HOME = "mcrc.home";

    @TempDir
    private Path folder;

    private String home;
    private final StringWriter messages = new StringWriter();

    @BeforeEach
    void theLauncherSaysWhereItIs() {
        home = System.getProperty(HOME);
        System.setProperty(HOME, Path.of("..").toAbsolutePath().normalize().toString());
    }

    @AfterEach
    void asItWas() {
        if (home == null) {
            System.clearProperty(HOME);
        } else {
            System.setProperty(HOME, home);
        }
    }

    private int compile(String... options) {
        String[] all = {"compile", "../descriptors/s2s3.mcr", "--size", "32x32", "--set", "P=3", "-o", folder.toString()};
        String[] arguments = Arrays.copyOf(all, all.length + options.length);
        System.arraycopy(options, 0, arguments, all.length, options.length);
        return Main.run(new PrintWriter(messages, true), new PrintWriter(messages, true), arguments);
    }

    private byte[] first(String file) throws IOException {
        return Arrays.copyOf(Files.readAllBytes(folder.resolve(file)), ELF.length);
    }

    @Test
    void writesSourceMachineCodeAndManifest() throws IOException {
        assertEquals(0, compile("--target", "cuda", "--arch", "sm_90"), messages::toString);
        assertArrayEquals(ELF, first("s2s3.cubin"));
        String source = Files.readString(folder.resolve("s2s3.cu"));
        // CUDA's compilers take it as it is.
        assertTrue(source.startsWith("// Kernels of the descriptor s2s3"), source);
        Manifest manifest = Manifest.fromJson(Files.readString(folder.resolve("s2s3.json")));
        assertEquals("s2s3.cu", manifest.cuda().kernelFile());
        assertFalse(Files.exists(folder.resolve("s2s3.java")));
    }

    @Test
    void oneManifestServesBothBackends() throws IOException {
        assertEquals(0, compile("--target", "cpu,cuda"), messages::toString);
        CpuProgram cpu = CpuProgram.read(folder.resolve("s2s3.json"));
        cpu.engine(1).close();
        assertFalse(cpu.manifest().cuda().phases().get("gradient").isEmpty());
        assertTrue(Files.exists(folder.resolve("s2s3.cu")));
    }

    @Test
    void severalArchitecturesHaveFilesOfTheirOwn() throws IOException {
        assertEquals(0, compile("--target", "cuda", "--arch", "sm_75,sm_120"), messages::toString);
        assertArrayEquals(ELF, first("s2s3.sm_75.cubin"));
        assertArrayEquals(ELF, first("s2s3.sm_120.cubin"));
    }

    @Test
    void anArchitectureThatThereIsNotIsRefusedWithThoseThatThereAre() {
        assertEquals(2, compile("--target", "cuda", "--arch", "sm_90,sm_1"));
        assertArrayEquals(new String[0], folder.toFile().list());
        assertTrue(messages.toString().contains("no compiler for the architecture 'sm_1'"), messages.toString());
        assertTrue(messages.toString().contains("sm_90"), messages.toString());
    }

    @Test
    void mixedPrecisionNeedsTensorCores() {
        assertEquals(2, compile("--target", "cuda", "--arch", "sm_75", "--precision", "mixed"));
        assertTrue(messages.toString().contains("mixed precision needs the tensor cores"), messages.toString());
    }
}
