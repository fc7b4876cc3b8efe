package org.mcrc.runtime.report;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.mcrc.runtime.InputError;

/**
 * A folder that receives the files of a run. That it can is seen when it is opened, before the run; the files are first
 * written to a temporary folder in it and take their places, one renaming each, when all of them exist. If anything goes wrong
 * before, what was there is as it was.
 */
public final class OutputFolder implements AutoCloseable {

    /** Writes files into the folder that it is given. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Path folder) throws IOException;
    }

    private final Path path;
    private final boolean made;

    private OutputFolder(Path path, boolean made) {
        this.path = path;
        this.made = made;
    }

    /**
     * Opens a folder, which is made if it does not exist.
     *
     * @param files the names of the files that it will receive
     * @throws InputError if they cannot be written there
     */
    public static OutputFolder open(Path path, List<String> files) {
        boolean exists = Files.isDirectory(path);
        if (!exists && Files.exists(path)) {
            throw new InputError("cannot write to " + path + ": it is a file, not a folder", "give another folder with -o");
        }
        for (String file : files) {
            if (Files.isDirectory(path.resolve(file))) {
                throw new InputError("cannot write " + path.resolve(file) + ": there is a folder of this name",
                        "give another folder with -o");
            }
        }
        try {
            Files.createDirectories(path);
            Files.delete(Files.createDirectory(temporary(path)));
        } catch (IOException failure) {
            throw unwritable(path, failure);
        }
        return new OutputFolder(path, !exists);
    }

    private static Path temporary(Path path) {
        return path.resolve(".mcrc-" + Long.toHexString(ThreadLocalRandom.current().nextLong()));
    }

    private static InputError unwritable(Path path, IOException failure) {
        String reason = switch (failure) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "it cannot be made there";
            case FileAlreadyExistsException exists -> exists.getFile() + " is a file, not a folder";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> failure.getMessage();
        };
        return new InputError("cannot write to the folder " + path + ": " + reason, "give another folder with -o");
    }

    public Path path() {
        return path;
    }

    /**
     * Writes all files, then puts them in place.
     *
     * @throws InputError if they cannot be written; then no file of the folder has changed, unless the system refuses one
     *     renaming after another
     */
    public void commit(Content content) {
        Path temporary = temporary(path);
        try {
            Files.createDirectory(temporary);
            try {
                content.writeTo(temporary);
                for (Path file : files(temporary)) {
                    Files.move(file, path.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
                }
            } finally {
                for (Path rest : files(temporary)) {
                    Files.delete(rest);
                }
                Files.delete(temporary);
            }
        } catch (IOException failure) {
            throw unwritable(path, failure);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    /** Removes the folder if it was made by {@link #open} and received nothing. */
    @Override
    public void close() {
        try {
            if (made && files(path).isEmpty()) {
                Files.delete(path);
            }
        } catch (IOException left) {
            // An empty folder that cannot be removed does no harm.
        }
    }
}
