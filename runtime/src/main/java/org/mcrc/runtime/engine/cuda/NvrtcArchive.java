package org.mcrc.runtime.engine.cuda;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.mcrc.runtime.InputError;

/**
 * An archive that is read as it comes: the files that are wanted are written beside where they belong, and take their places
 * only when the whole archive has been found to be as it was published.
 *
 * @param name for messages: its path or address
 * @param size in bytes; negative where that is not known
 */
record NvrtcArchive(String name, long size, PublishedHash published) {
    /** What is taken out, the library last, so that a part is never taken for the whole. */
    static final List<String> FILES = List.of("libnvrtc-builtins.so.12.9", "libnvrtc.so.12");

    private static final int PART_BYTES = 1 << 16;

    /**
     * Reads it to its end.
     *
     * @throws IOException where it cannot be read
     * @throws InputError where it is damaged or another archive, or the files cannot be written
     */
    void install(InputStream archive, Path folder, NvrtcPackage.Progress progress) throws IOException {
        MessageDigest digest = digest();
        Map<String, Path> temporary = new LinkedHashMap<>();
        try {
            InputStream content = new BufferedInputStream(
                    new DigestInputStream(new Counted(archive, size, progress), digest), PART_BYTES);
            unzip(content, folder, temporary);
            // The rest counts for the hash only.
            content.transferTo(OutputStream.nullOutputStream());
            require(HexFormat.of().formatHex(digest.digest()));
            for (String file : FILES) {
                move(temporary.get(file), folder.resolve(file));
            }
        } finally {
            for (Path file : temporary.values()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private MessageDigest digest() {
        try {
            return MessageDigest.getInstance(published.algorithm().orElse("SHA-256"));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void require(String hash) {
        if (published.algorithm().isPresent() && !hash.equals(published.value())) {
            throw new InputError(name + " is damaged: its " + published.algorithm().get() + " is " + hash + ", and "
                    + published.value() + " is published", "try again; if that does not help, take it from elsewhere");
        }
    }

    private void unzip(InputStream content, Path folder, Map<String, Path> temporary) throws IOException {
        try {
            // Not closed: the archive is read on.
            ZipInputStream entries = new ZipInputStream(content);
            while (temporary.size() < FILES.size()) {
                ZipEntry entry = entries.getNextEntry();
                if (entry == null) {
                    throw new InputError(name + " does not hold " + String.join(" and ", FILES),
                            "it is not the archive " + NvrtcPackage.FILE);
                }
                String file = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                if (FILES.contains(file)) {
                    temporary.put(file, create(folder, file));
                    write(entries, temporary.get(file));
                }
            }
        } catch (ZipException damaged) {
            throw new InputError(name + " is damaged: " + damaged.getMessage(), "download it again");
        }
    }

    private static Path create(Path folder, String name) {
        Path file = folder.resolve("." + name + "." + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp");
        try {
            Files.createDirectories(folder);
            return Files.createFile(file);
        } catch (IOException unwritable) {
            throw UnwritableFolder.error("NVRTC", folder, unwritable);
        }
    }

    private static void write(InputStream content, Path file) throws IOException {
        byte[] part = new byte[PART_BYTES];
        try (OutputStream output = Files.newOutputStream(file)) {
            for (int count = content.read(part); count >= 0; count = content.read(part)) {
                try {
                    output.write(part, 0, count);
                } catch (IOException full) {
                    throw UnwritableFolder.error("NVRTC", file.getParent(), full);
                }
            }
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            throw UnwritableFolder.error("NVRTC", to.getParent(), unwritable);
        }
    }

    /** Tells how far it has been read. */
    private static final class Counted extends FilterInputStream {
        private final long size;
        private final NvrtcPackage.Progress progress;
        private long count;

        Counted(InputStream input, long size, NvrtcPackage.Progress progress) {
            super(input);
            this.size = size;
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = super.read(bytes, from, length);
            count += Math.max(read, 0);
            progress.read(count, size);
            return read;
        }
    }
}
