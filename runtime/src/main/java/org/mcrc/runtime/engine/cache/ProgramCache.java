package org.mcrc.runtime.engine.cache;

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

/**
 * Compiled programs on disk, under a hash of the program as it was bound, with its numbers, and of mcrc itself: who runs the
 * same again is spared the adjoint, the schedule and the printing. What differs in numbers only is no longer the same here,
 * but its kernels are found by what caches these.
 *
 * @param <T> compiled programs
 */
public final class ProgramCache<T> {
    private static final String SUFFIX = ".program";

    private final CacheFolder folder;
    private final byte[] version;
    private final Format<T> format;

    /** How a compiled program becomes bytes. */
    public interface Format<T> {
        void write(DataOutputStream output, T program) throws IOException;

        /** Reads what {@link #write} wrote, to the end of the input. */
        T read(DataInputStream input) throws IOException;
    }

    /** @param version of everything that makes a compiled program of a bound one: {@link #version} */
    public ProgramCache(CacheFolder folder, byte[] version, Format<T> format) {
        this.folder = folder;
        this.version = version.clone();
        this.format = format;
    }

    /**
     * A program from the cache, or compiled now.
     *
     * @param digest of the program as it was bound
     * @param way how it is compiled: the precision, and for what
     */
    public T program(byte[] digest, String way, Supplier<T> compiled) {
        String name = key(digest, way) + SUFFIX;
        return folder.read(name).map(this::program).orElseGet(() -> {
            T program = compiled.get();
            folder.write(name, content(program));
            return program;
        });
    }

    private String key(byte[] program, String way) {
        MessageDigest digest = CacheFolder.digest();
        digest.update(System.getProperty("java.vm.version").getBytes(StandardCharsets.UTF_8));
        digest.update(version);
        digest.update(way.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return HexFormat.of().formatHex(digest.digest(program));
    }

    private byte[] content(T program) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream output = new DataOutputStream(new DeflaterOutputStream(bytes))) {
            format.write(output, program);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private T program(byte[] content) {
        try (DataInputStream input = new DataInputStream(new BufferedInputStream(
                new InflaterInputStream(new ByteArrayInputStream(content))))) {
            return format.read(input);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The check sums of the archives, or of the files of the folders, that these classes come from. */
    public static byte[] version(List<Class<?>> classes) {
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
