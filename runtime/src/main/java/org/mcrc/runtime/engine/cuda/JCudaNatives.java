package org.mcrc.runtime.engine.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import jcuda.JCudaVersion;
import jcuda.LibUtils;
import org.mcrc.runtime.engine.cache.CacheFolder;
import org.mcrc.runtime.field.AtomicFile;

/**
 * JCuda's native libraries. Its own loader writes them under fixed names into the system's folder for temporary files, where
 * everyone may write, and loads whatever it finds there under these names. So they are written by this class, into a
 * folder of the user's own that is named after their content, and the loader is shown that folder instead.
 */
final class JCudaNatives {
    private static final String TEMPORARY = "java.io.tmpdir";
    private static final int HASH_BYTES = 8;

    private JCudaNatives() {
    }

    /**
     * Makes a class of JCuda ready for use.
     *
     * @param library the name that JCuda has for the library of that class: {@code JCudaDriver}
     * @throws LinkageError where what the library itself needs is missing
     */
    static synchronized void initialize(Class<?> type, String library) {
        Path folder = extract(CacheFolder.root(), library);
        // The loader asks for the property when it runs; the JDK itself, which makes all other temporary files, has asked
        // when it was started, and java.library.path likewise: that one cannot be changed any more.
        String before = System.getProperty(TEMPORARY);
        System.setProperty(TEMPORARY, folder.toString());
        try {
            MethodHandles.lookup().ensureInitialized(type);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            System.setProperty(TEMPORARY, before);
        }
    }

    /**
     * The folder that holds a library, which is written where it is not there already, or not as it should be.
     *
     * @throws org.mcrc.runtime.InputError where it cannot be written
     */
    static Path extract(Path cache, String library) {
        String file = LibUtils.createLibraryFileName(
                LibUtils.createPlatformLibraryName(library + "-" + JCudaVersion.get()));
        byte[] content = content("/lib/" + file);
        byte[] hash = Arrays.copyOf(CacheFolder.digest().digest(content), HASH_BYTES);
        Path folder = cache.resolve("jcuda-" + JCudaVersion.get()).resolve(HexFormat.of().formatHex(hash));
        Path target = folder.resolve(file);
        try {
            if (!Files.isRegularFile(target) || Files.size(target) != content.length
                    || !Arrays.equals(Files.readAllBytes(target), content)) {
                Files.createDirectories(folder);
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
                AtomicFile.replace(target, output -> output.write(content));
            }
            return folder.toAbsolutePath();
        } catch (IOException unwritable) {
            throw UnwritableFolder.error("JCuda's library", folder, unwritable);
        }
    }

    private static byte[] content(String resource) {
        try (InputStream input = LibUtils.class.getResourceAsStream(resource)) {
            if (input == null) {
                throw new IllegalStateException("JCuda has no library " + resource);
            }
            return input.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
