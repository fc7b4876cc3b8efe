package org.mcrc.runtime.engine.cache;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mcrc.runtime.field.AtomicFile;

/**
 * A folder of files under keys. A file is written under another name and renamed, and begins with the hash of its content,
 * so that what is found is whole; a folder that cannot be written or read is as good as an empty one.
 */
public final class CacheFolder {
    private static final int DIGEST_BYTES = 32;

    /** Some thousand programs. */
    private static final long MOST_BYTES = 256L << 20;

    /** The names of files that this class has written: a hash and what it is of. */
    private static final String FILES = "*.{kernels,program,cubin}";

    private final Path folder;
    private final long mostBytes;

    /** @param folder made when the first file is */
    public CacheFolder(Path folder) {
        this(folder, MOST_BYTES);
    }

    /** @param mostBytes of all files together */
    CacheFolder(Path folder, long mostBytes) {
        this.folder = folder;
        this.mostBytes = mostBytes;
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
            use(file);
            byte[] content = Arrays.copyOfRange(whole, Math.min(DIGEST_BYTES, whole.length), whole.length);
            // A file that is not as it was written, whoever shortened or changed it, is as good as none.
            return MessageDigest.isEqual(Arrays.copyOf(whole, DIGEST_BYTES), digest().digest(content))
                    ? Optional.of(content) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Notes that a file was used now. */
    private static void use(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (IOException readOnly) {
            // A cache that can only be read is never trimmed either.
            return;
        }
    }

    /** Writes a file, replacing one of that name. Where all files become more than allowed, those not used for longest go. */
    public void write(String name, byte[] content) {
        try {
            Files.createDirectories(folder);
            AtomicFile.replace(folder.resolve(name), output -> {
                output.write(digest().digest(content));
                output.write(content);
            });
            trim();
        } catch (IOException unwritable) {
            // Without a cache the next run compiles again: nothing is lost but the seconds that it takes.
            return;
        }
    }

    /** A file of this class, its length, and when it was last used. */
    private record Kept(Path path, long bytes, FileTime used) {
    }

    private void trim() throws IOException {
        List<Kept> kept = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, FILES)) {
            for (Path file : files) {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                kept.add(new Kept(file, attributes.size(), attributes.lastModifiedTime()));
            }
        } catch (NoSuchFileException goneMeanwhile) {
            // Another process trims: that is enough.
            return;
        }
        long bytes = kept.stream().mapToLong(Kept::bytes).sum();
        kept.sort(Comparator.comparing(Kept::used));
        for (Kept each : kept) {
            if (bytes <= mostBytes) {
                return;
            }
            Files.deleteIfExists(each.path());
            bytes -= each.bytes();
        }
    }
}
