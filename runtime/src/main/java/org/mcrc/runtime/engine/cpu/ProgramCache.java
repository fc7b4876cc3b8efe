package org.mcrc.runtime.engine.cpu;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.compiler.program.ManifestBytes;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cache.CacheFolder;

/**
 * Compiled programs on disk, under a hash of the program as it was bound, with its numbers, and of mcrc itself: who runs the
 * same again is spared the adjoint, the schedule and the printing. What differs in numbers only is no longer the same here,
 * but its kernels are found by {@link KernelCache}.
 */
final class ProgramCache {
    private static final String SUFFIX = ".program";

    private final CacheFolder folder;
    private final byte[] version;

    /** @param version of everything that makes a compiled program of a bound one: {@link #version} */
    ProgramCache(CacheFolder folder, byte[] version) {
        this.folder = folder;
        this.version = version.clone();
    }

    /**
     * A program from the cache, or compiled now.
     *
     * @param digest of the program as it was bound
     */
    CpuProgram program(byte[] digest, Precision precision, Supplier<CpuProgram> compiled) {
        String name = key(digest, precision) + SUFFIX;
        return folder.read(name).map(ProgramCache::program).orElseGet(() -> {
            CpuProgram program = compiled.get();
            folder.write(name, content(program));
            return program;
        });
    }

    private String key(byte[] program, Precision precision) {
        MessageDigest digest = CacheFolder.digest();
        digest.update(System.getProperty("java.vm.version").getBytes(StandardCharsets.UTF_8));
        digest.update(version);
        digest.update((byte) precision.ordinal());
        return HexFormat.of().formatHex(digest.digest(program));
    }

    private static byte[] content(CpuProgram program) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream output = new DataOutputStream(new DeflaterOutputStream(bytes))) {
            ManifestBytes.write(output, program.manifest());
            output.writeInt(program.bytes().length);
            output.write(program.bytes());
            output.write(program.source().getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static CpuProgram program(byte[] content) {
        try (DataInputStream input = new DataInputStream(new BufferedInputStream(
                new InflaterInputStream(new ByteArrayInputStream(content))))) {
            Manifest manifest = ManifestBytes.read(input);
            byte[] bytes = input.readNBytes(input.readInt());
            return new CpuProgram(manifest, new String(input.readAllBytes(), StandardCharsets.UTF_8), bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The check sums of the archives, or of the files of the folders, that these classes come from. */
    static byte[] version(List<Class<?>> classes) {
        MessageDigest digest = CacheFolder.digest();
        for (Class<?> each : classes) {
            CodeSource source = each.getProtectionDomain().getCodeSource();
            try (Stream<Path> files = Files.walk(Path.of(source.getLocation().toURI()))) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    byte[] content = Files.readAllBytes(file);
                    CRC32C sum = new CRC32C();
                    sum.update(content);
                    digest.update((file.getFileName() + " " + content.length + " " + sum.getValue() + "\n")
                            .getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException | java.net.URISyntaxException unreadable) {
                throw new IllegalStateException("cannot read mcrc's own classes at " + source.getLocation(), unreadable);
            }
        }
        return digest.digest();
    }
}
