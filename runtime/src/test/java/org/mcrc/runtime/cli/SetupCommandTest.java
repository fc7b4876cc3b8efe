package org.mcrc.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.runtime.engine.cuda.NvrtcPackage;
import picocli.CommandLine;

class SetupCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void saysWhatItDidAndDoesItOnce() throws IOException {
        Path archive = folder.resolve("archive.jar");
        try (ZipOutputStream output = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (String name : List.of("libnvrtc.so.12", "libnvrtc-builtins.so.12.9")) {
                output.putNextEntry(new ZipEntry("org/bytedeco/cuda/linux-x86_64/" + name));
                output.write(new byte[1500]);
            }
        }
        NvrtcPackage nvrtc = new NvrtcPackage(folder.resolve("cache"));
        assertEquals(0, install(nvrtc, "--from", archive.toString()));
        assertEquals("reading " + archive + ", of which two files are kept\n"
                + "no hash is published beside it, with which it could be compared\n"
                + folder.resolve("cache/libnvrtc-builtins.so.12.9") + ": 1.5 kB\n"
                + folder.resolve("cache/libnvrtc.so.12") + ": 1.5 kB\n"
                + "NVRTC is NVIDIA's, whose conditions for it are at https://docs.nvidia.com/cuda/eula\n", out.toString());
        out.getBuffer().setLength(0);
        Files.delete(archive);
        assertEquals(0, install(nvrtc, "--from", archive.toString()));
        assertEquals("NVRTC is there already: " + folder.resolve("cache/libnvrtc.so.12") + "\n", out.toString());
    }

    private int install(NvrtcPackage nvrtc, String... arguments) {
        SetupCommand.Cuda command = new SetupCommand.Cuda();
        new CommandLine(command).setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).parseArgs(arguments);
        return command.install(nvrtc);
    }

    @Test
    void asksWhatToSetUp() {
        assertEquals(2, Main.run(new PrintWriter(out), new PrintWriter(err), "setup"));
        assertTrue(err.toString().startsWith("error: WHAT is missing: one of cuda"), err.toString());
        assertEquals(0, Main.run(new PrintWriter(out), new PrintWriter(err), "setup", "cuda", "--help"));
        assertTrue(out.toString().contains("--repository=URL"), out.toString());
    }
}
