package org.mcrc.runtime.engine.cpu;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.runtime.engine.cache.CacheFolder;
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
 * parameter), and the Java that compiled it.
 */
public final class KernelCache {
    /** What generated classes are linked with: kernels that were compiled against another version of one are others. */
    static final List<Class<?>> LINKED = List.of(CpuKernels.class, KernelMemory.class, Contraction.class, Producer.class,
            MatrixProducer.class, Epilogue.class, FoldParts.class, Halo.class, Lanes.class, ScalarMath.class,
            SpectralGrid.class, VectorMath.class, VectorTable.class, Workers.class);

    private final CacheFolder folder;

    KernelCache(CacheFolder folder) {
        this.folder = folder;
    }

    /** The user's. */
    public static KernelCache standard() {
        return new KernelCache(CacheFolder.standard());
    }

    /** The class file of a generated source, from the cache or compiled now. */
    public byte[] compiled(String className, String source) {
        String name = key(source) + ".kernels";
        return folder.read(name).map(KernelCache::classes).orElseGet(() -> {
            Map<String, byte[]> classes = KernelCompiler.compile(className, source);
            folder.write(name, content(classes));
            return classes;
        }).get(className);
    }

    private static String key(String source) {
        MessageDigest digest = CacheFolder.digest();
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

    private static Map<String, byte[]> classes(byte[] content) {
        try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(content))) {
            Map<String, byte[]> classes = new LinkedHashMap<>();
            for (int count = input.readInt(); count > 0; count--) {
                String name = input.readUTF();
                classes.put(name, input.readNBytes(input.readInt()));
            }
            return classes;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static byte[] content(Map<String, byte[]> classes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream output = new DataOutputStream(bytes)) {
            output.writeInt(classes.size());
            for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
                output.writeUTF(entry.getKey());
                output.writeInt(entry.getValue().length);
                output.write(entry.getValue());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
