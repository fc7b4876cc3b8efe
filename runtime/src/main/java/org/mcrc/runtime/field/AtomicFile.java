package org.mcrc.runtime.field;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.mcrc.runtime.InputError;

/**
 * Writes a file as a whole or not at all: the content goes to a temporary file in the same folder, which then takes the
 * file's place in one step. Whatever goes wrong on the way, a file that existed before is as it was.
 */
public final class AtomicFile {

    /** What is to be written. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream output) throws IOException;
    }

    private AtomicFile() {
    }

    public static void write(Path path, String text) {
        write(path, output -> output.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Writes the file, replacing one that exists. The stream passed to {@code content} is buffered and is closed by
     * this method. A device or pipe ({@code /dev/stdout}) is written directly.
     *
     * @throws InputError if the file cannot be written there
     */
    public static void write(Path path, Content content) {
        requireWritable(path);
        try {
            if (isDevice(path)) {
                try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(path))) {
                    content.writeTo(output);
                }
            } else {
                replace(target(path), content);
            }
        } catch (IOException failure) {
            throw unwritable(path, failure);
        }
    }

    /**
     * Refuses a file that cannot be written, before any work is spent on its content or another file is written.
     *
     * @throws InputError if it cannot be written there
     */
    public static void requireWritable(Path path) {
        if (Files.isDirectory(path)) {
            throw new InputError(path + " is a folder, so that no file of this name can be written",
                    "give the name of a file in it");
        }
        if (isDevice(path)) {
            return;
        }
        try {
            Path target = target(path);
            requireFolder(path, target.getParent());
            if (Files.exists(target) && !Files.isWritable(target)) {
                throw new InputError("cannot write " + path + ": the file is write-protected",
                        "take another name, or make it writable with chmod u+w");
            }
        } catch (IOException failure) {
            throw unwritable(path, failure);
        }
    }

    /**
     * The same for files that are written together, each of which needs a name of its own.
     *
     * @throws InputError if one cannot be written, or two are one file
     */
    public static void requireWritable(List<Path> paths) {
        Map<Path, Path> names = new HashMap<>();
        for (Path path : paths) {
            requireWritable(path);
            try {
                Path other = isDevice(path) ? null : names.put(target(path), path);
                if (other != null) {
                    throw new InputError(path + " is to be written twice, with different content",
                            "give each result a file of its own");
                }
            } catch (IOException failure) {
                throw unwritable(path, failure);
            }
        }
    }

    private static boolean isDevice(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path);
    }

    /** What is written: a symbolic link stays one, and what it points to is replaced. */
    private static Path target(Path path) throws IOException {
        return Files.exists(path) ? path.toRealPath() : path.toAbsolutePath().normalize();
    }

    /** Refuses a folder in which no file can be written, before any work is spent on the content. */
    private static void requireFolder(Path path, Path folder) {
        if (!Files.exists(folder)) {
            throw new InputError("cannot write " + path + ": the folder " + folder + " does not exist",
                    "make it first, with mkdir -p " + folder);
        }
        if (!Files.isDirectory(folder)) {
            throw new InputError("cannot write " + path + ": " + folder + " is a file, not a folder");
        }
        if (!Files.isWritable(folder)) {
            throw new InputError("cannot write " + path + ": no permission to write in the folder " + folder,
                    "take another folder, or make it writable with chmod u+w");
        }
    }

    /**
     * The same for a file in a folder of mcrc's own, where there is nothing to be told to the user.
     *
     * @param target a file, or what is to become one, in a folder that exists
     */
    public static void replace(Path target, Content content) throws IOException {
        // Not Files.createTempFile: its files are readable by the owner only and would stay so after the renaming.
        Path temporary = target.resolveSibling(
                "." + target.getFileName() + "." + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp");
        boolean renamed = false;
        try {
            try (FileChannel channel =
                            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream output = new BufferedOutputStream(withoutClosing(channel), 1 << 16)) {
                content.writeTo(output);
                output.flush();
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            renamed = true;
        } finally {
            if (!renamed) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /**
     * A stream on the channel that leaves it open: the content may close its stream before the bytes are forced to
     * disk.
     */
    private static OutputStream withoutClosing(FileChannel channel) {
        return new FilterOutputStream(Channels.newOutputStream(channel)) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }

    private static InputError unwritable(Path path, IOException failure) {
        return switch (failure) {
            case AccessDeniedException denied -> new InputError("cannot write " + path + ": permission denied");
            // Without a reason its message is nothing but the temporary file's name.
            case FileSystemException system -> new InputError("cannot write " + path + ": "
                    + (system.getReason() == null ? "no file can be made there" : system.getReason()));
            default -> new InputError("cannot write " + path + ": " + failure.getMessage());
        };
    }
}
