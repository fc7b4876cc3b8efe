package org.mcrc.runtime.engine.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * A folder of files under keys. A file is written under another name and renamed, and begins with the hash of its content,
 * so that what is found is whole; a folder that cannot be written or read is as good as an empty one.
 */
public final class CacheFolder {
    private static final int DIGEST_BYTES = 32;

    private final Path folder;

    /** @param folder made when the first file is */
    public CacheFolder(Path folder) {
        this.folder = folder;
    }

    /** The user's, of kernels. */
    public static CacheFolder standard() {
        String own = System.getenv("MCRC_CACHE");
        return new CacheFolder(own != null && !own.isBlank() ? Path.of(own) : root().resolve("kernels"));
    }

    /** For all that is kept between runs: {@code MCRC_CACHE}, else {@code mcrc} in the system's folder for caches. */
    public static Path root() {
        String own = System.getenv("MCRC_CACHE");
        if (own != null && !own.isBlank()) {
            return Path.of(own);
        }
        String system = System.getenv("XDG_CACHE_HOME");
        Path caches = system != null && !system.isBlank() ? Path.of(system)
                : Path.of(System.getProperty("user.home"), ".cache");
        return caches.resolve("mcrc");
    }

    /** The hash for keys and contents: SHA-256. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What was written under a name. */
    public Optional<byte[]> read(String name) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            byte[] whole = Files.readAllBytes(file);
            byte[] content = Arrays.copyOfRange(whole, Math.min(DIGEST_BYTES, whole.length), whole.length);
            // A file that is not as it was written, whoever shortened or changed it, is as good as none.
            return MessageDigest.isEqual(Arrays.copyOf(whole, DIGEST_BYTES), digest().digest(content))
                    ? Optional.of(content) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Writes a file, replacing one of that name. */
    public void write(String name, byte[] content) {
        try {
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, "kernels", ".tmp");
            byte[] whole = Arrays.copyOf(digest().digest(content), DIGEST_BYTES + content.length);
            System.arraycopy(content, 0, whole, DIGEST_BYTES, content.length);
            Files.write(temporary, whole);
            Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            // Without a cache the next run compiles again: nothing is lost but the seconds that it takes.
            return;
        }
    }
}
