package org.mcrc.runtime.report;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.mcrc.runtime.InputError;

/**
 * A folder that receives the files of a run. That it can is seen before the run, which leaves nothing behind; the files are
 * first written to a temporary folder in it and take their places, one renaming each, when all of them exist. If anything goes
 * wrong before, or the process is ended, what was there is as it was.
 */
public final class OutputFolder {

    /** Writes files into the folder that it is given. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Path folder) throws IOException;
    }

    private final Path path;

    private OutputFolder(Path path) {
        this.path = path;
    }

    /**
     * A folder that need not exist yet.
     *
     * @param files the names of the files that it will receive
     * @throws InputError if they cannot be written there
     */
    public static OutputFolder open(Path path, List<String> files) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new InputError("cannot write to " + path + ": it is a file, not a folder", "give another folder with -o");
        }
        for (String file : files) {
            if (Files.isDirectory(path.resolve(file))) {
                throw new InputError("cannot write " + path.resolve(file) + ": there is a folder of this name",
                        "give another folder with -o");
            }
        }
        try {
            tryOut(path);
        } catch (IOException failure) {
            throw unwritable(path, failure);
        }
        return new OutputFolder(path);
    }

    /** One at a time: runs of one batch have a folder in common, which none of them may remove while another makes its own. */
    private static synchronized void tryOut(Path path) throws IOException {
        List<Path> missing = missing(path);
        try {
            Files.createDirectories(path);
            Files.delete(Files.createDirectory(temporary(path)));
        } finally {
            remove(missing);
        }
    }

    private static synchronized void make(Path path) throws IOException {
        Files.createDirectories(path);
    }

    /** The folders that have to be made for this one to exist, the innermost first. */
    private static List<Path> missing(Path path) {
        List<Path> missing = new ArrayList<>();
        for (Path folder = path.toAbsolutePath(); folder != null && !Files.exists(folder); folder = folder.getParent()) {
            missing.add(folder);
        }
        return missing;
    }

    private static void remove(List<Path> folders) {
        try {
            for (Path folder : folders) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException left) {
            // It is in use by now, or does no harm as an empty folder.
        }
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
        List<Path> missing = missing(path);
        boolean complete = false;
        try {
            make(path);
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
            complete = true;
        } catch (IOException failure) {
            throw unwritable(path, failure);
        } finally {
            if (!complete) {
                remove(missing);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
