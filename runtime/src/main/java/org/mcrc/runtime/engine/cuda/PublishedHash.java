package org.mcrc.runtime.engine.cuda;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The hash that is published beside an archive.
 *
 * @param algorithm as Java names it; nothing where none is published
 * @param value hexadecimal, in small letters
 */
record PublishedHash(Optional<String> algorithm, String value) {
    /** Endings of files' names, the strongest hash first. */
    private static final Map<String, String> ALGORITHMS = new LinkedHashMap<>();

    static {
        ALGORITHMS.put(".sha256", "SHA-256");
        ALGORITHMS.put(".sha1", "SHA-1");
    }

    /** Reads the file whose name is the archive's with an ending; nothing where there is none. */
    @FunctionalInterface
    interface Beside {
        Optional<String> read(String ending) throws IOException, InterruptedException;
    }

    /** The strongest that there is. */
    static PublishedHash find(Beside beside) throws IOException, InterruptedException {
        for (Map.Entry<String, String> each : ALGORITHMS.entrySet()) {
            Optional<String> text = beside.read(each.getKey());
            if (text.isPresent()) {
                // Some write the file's name behind it.
                String value = text.get().strip().split("\\s+", 2)[0].toLowerCase(Locale.ROOT);
                return new PublishedHash(Optional.of(each.getValue()), value);
            }
        }
        return new PublishedHash(Optional.empty(), "");
    }
}
