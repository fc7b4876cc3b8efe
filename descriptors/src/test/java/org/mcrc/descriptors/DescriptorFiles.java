package org.mcrc.descriptors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of the library: whatever lies in its folder. */
final class DescriptorFiles {
    /** Tests run in the module's folder, which is the library's. */
    private static final Path FOLDER = Path.of("").toAbsolutePath();

    private DescriptorFiles() {}

    /** All descriptor files, in the order of their names. */
    static List<Path> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".mcr")).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** One of them. */
    static Path named(String name) {
        return FOLDER.resolve(name + ".mcr");
    }
}
