package org.mcrc.runtime.engine.cuda;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.mcrc.runtime.engine.cache.CacheFolder;

/** Machine code on disk, under a hash of all that it depends on: the source, the architecture, the compiler, its options. */
final class CubinCache {
    /** What several threads ask for at once is compiled once. */
    private static final Object COMPILING = new Object();

    private final CacheFolder folder;

    CubinCache(CacheFolder folder) {
        this.folder = folder;
    }

    /** The machine code of a source, from the cache or compiled now. */
    Cubin compiled(Nvrtc nvrtc, String name, String source, String architecture) {
        String file = key(nvrtc, source, architecture) + ".cubin";
        synchronized (COMPILING) {
            return folder.read(file).map(CubinCache::cubin).orElseGet(() -> {
                Cubin cubin = nvrtc.compile(name, source, architecture);
                folder.write(file, content(cubin));
                return cubin;
            });
        }
    }

    private static String key(Nvrtc nvrtc, String source, String architecture) {
        MessageDigest digest = CacheFolder.digest();
        for (String part : List.of(nvrtc.version(), String.join(" ", NvrtcAnswer.options(architecture)), source)) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static Cubin cubin(byte[] content) {
        try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(content))) {
            List<KernelResources> kernels = new ArrayList<>();
            for (int count = input.readInt(); count > 0; count--) {
                kernels.add(new KernelResources(input.readUTF(), input.readInt(), input.readInt(), input.readInt(),
                        input.readInt(), input.readInt()));
            }
            return new Cubin(input.readAllBytes(), kernels, List.of());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static byte[] content(Cubin cubin) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream output = new DataOutputStream(bytes)) {
            output.writeInt(cubin.kernels().size());
            for (KernelResources kernel : cubin.kernels()) {
                output.writeUTF(kernel.kernel());
                output.writeInt(kernel.registers());
                output.writeInt(kernel.sharedBytes());
                output.writeInt(kernel.spillStoreBytes());
                output.writeInt(kernel.spillLoadBytes());
                output.writeInt(kernel.stackBytes());
            }
            output.write(cubin.bytes());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
