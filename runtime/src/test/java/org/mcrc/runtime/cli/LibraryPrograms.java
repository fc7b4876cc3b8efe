package org.mcrc.runtime.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mcrc.compiler.index.IndexProgram;

/** The descriptors that come with mcrc, at sizes for which they were written. */
public final class LibraryPrograms {
    private static final Path FOLDER = Path.of("../descriptors");

    private LibraryPrograms() {}

    /** The names of all. */
    public static List<String> names() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".mcr"))
                    .map(name -> name.substring(0, name.length() - ".mcr".length())).sorted().toList();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** A descriptor for two phases on 64 x 64 pixels. */
    public static IndexProgram bound(String name) {
        return bound(name, List.of(64, 64), Map.of());
    }

    /** The same on other grids and with other params. */
    public static IndexProgram bound(String name, List<Integer> extents, Map<String, Double> params) {
        PrintWriter messages = new PrintWriter(new StringWriter());
        return DescriptorLoader.load(FOLDER.resolve(name + ".mcr"), messages).bind(extents, 2, params, messages).program();
    }
}
