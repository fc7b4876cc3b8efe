package org.mcrc.runtime.engine.cpu;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.runtime.engine.cpu.support.Contraction;
import org.mcrc.runtime.engine.cpu.support.Epilogue;
import org.mcrc.runtime.engine.cpu.support.FoldParts;
import org.mcrc.runtime.engine.cpu.support.Halo;
import org.mcrc.runtime.engine.cpu.support.Lanes;
import org.mcrc.runtime.engine.cpu.support.MatrixProducer;
import org.mcrc.runtime.engine.cpu.support.Producer;
import org.mcrc.runtime.engine.cpu.support.ScalarMath;
import org.mcrc.runtime.engine.cpu.support.SpectralGrid;
import org.mcrc.runtime.engine.cpu.support.VectorMath;
import org.mcrc.runtime.engine.cpu.support.VectorTable;
import org.mcrc.runtime.engine.cpu.support.Workers;

/**
 * Compiled kernels on disk, under a hash of everything they depend on: the source (which holds no value of a numeric
 * parameter), and the Java that compiled it. A file is written under another name and renamed, so that what is found is
 * whole; a cache that cannot be written or read is as good as none.
 */
public final class KernelCache {
    private static final int DIGEST_BYTES = 32;

    /** What generated classes are linked with: kernels that were compiled against another version of one are others. */
    static final List<Class<?>> LINKED = List.of(CpuKernels.class, KernelMemory.class, Contraction.class, Producer.class,
            MatrixProducer.class, Epilogue.class, FoldParts.class, Halo.class, Lanes.class, ScalarMath.class,
            SpectralGrid.class, VectorMath.class, VectorTable.class, Workers.class);

    private final Path folder;

    /** @param folder where the compiled kernels are kept; made when the first is */
    public KernelCache(Path folder) {
        this.folder = folder;
    }

    /** The user's cache: {@code MCRC_CACHE}, else {@code mcrc} in the system's folder for caches. */
    public static KernelCache standard() {
        String own = System.getenv("MCRC_CACHE");
        if (own != null && !own.isBlank()) {
            return new KernelCache(Path.of(own));
        }
        String system = System.getenv("XDG_CACHE_HOME");
        Path caches = system != null && !system.isBlank() ? Path.of(system)
                : Path.of(System.getProperty("user.home"), ".cache");
        return new KernelCache(caches.resolve("mcrc").resolve("kernels"));
    }

    /** The class file of a generated source, from the cache or compiled now. */
    public byte[] compiled(String className, String source) {
        Path file = folder.resolve(key(source) + ".kernels");
        Map<String, byte[]> classes = read(file);
        if (classes == null) {
            classes = KernelCompiler.compile(className, source);
            write(file, classes);
        }
        return classes.get(className);
    }

    private static String key(String source) {
        MessageDigest digest = digest();
        digest.update(System.getProperty("java.vm.version").getBytes(StandardCharsets.UTF_8));
        LINKED.forEach(linked -> digest.update(classFile(linked)));
        return HexFormat.of().formatHex(digest.digest(source.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] classFile(Class<?> linked) {
        try (InputStream file = linked.getResourceAsStream(linked.getSimpleName() + ".class")) {
            return file.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Map<String, byte[]> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            // A file that is not as it was written, whoever shortened or changed it, is as good as none.
            byte[] digest = input.readNBytes(DIGEST_BYTES);
            byte[] content = input.readAllBytes();
            return MessageDigest.isEqual(digest, digest().digest(content)) ? classes(content) : null;
        } catch (IOException unreadable) {
            return null;
        }
    }

    private static Map<String, byte[]> classes(byte[] content) throws IOException {
        try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(content))) {
            Map<String, byte[]> classes = new LinkedHashMap<>();
            for (int count = input.readInt(); count > 0; count--) {
                String name = input.readUTF();
                classes.put(name, input.readNBytes(input.readInt()));
            }
            return classes;
        }
    }

    private void write(Path file, Map<String, byte[]> classes) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream output = new DataOutputStream(bytes);
            output.writeInt(classes.size());
            for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
                output.writeUTF(entry.getKey());
                output.writeInt(entry.getValue().length);
                output.write(entry.getValue());
            }
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, "kernels", ".tmp");
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            whole.write(digest().digest(bytes.toByteArray()));
            bytes.writeTo(whole);
            Files.write(temporary, whole.toByteArray());
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            // Without a cache the next run compiles again: nothing is lost but the seconds that it takes.
            return;
        }
    }
}
