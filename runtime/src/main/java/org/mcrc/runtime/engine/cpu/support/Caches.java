package org.mcrc.runtime.engine.cpu.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The sizes of a processor's data caches in bytes.
 *
 * @param first the first level's
 * @param second the second level's, of one processor
 */
record Caches(int first, int second) {
    /** What nearly every processor has at the least: taken where the system does not tell. */
    static final Caches USUAL = new Caches(32 << 10, 256 << 10);

    private static final Path OF_FIRST_PROCESSOR = Path.of("/sys/devices/system/cpu/cpu0/cache");

    /** This machine's. */
    static Caches ofThisMachine() {
        return read(OF_FIRST_PROCESSOR);
    }

    /** Those that Linux describes in a folder with one folder for each cache, or {@link #USUAL}. */
    static Caches read(Path folder) {
        int first = USUAL.first;
        int second = USUAL.second;
        try (Stream<Path> caches = Files.list(folder)) {
            for (Path cache : caches.filter(path -> path.getFileName().toString().startsWith("index")).toList()) {
                String type = Files.readString(cache.resolve("type")).strip();
                String level = Files.readString(cache.resolve("level")).strip();
                if (level.equals("1") && type.equals("Data")) {
                    first = bytes(Files.readString(cache.resolve("size")).strip());
                } else if (level.equals("2")) {
                    second = bytes(Files.readString(cache.resolve("size")).strip());
                }
            }
            return new Caches(first, second);
        } catch (IOException | NumberFormatException notTold) {
            return USUAL;
        }
    }

    /** {@code 32K} or {@code 1M} in bytes. */
    private static int bytes(String size) {
        int shift = switch (size.charAt(size.length() - 1)) {
            case 'K' -> 10;
            case 'M' -> 20;
            default -> 0;
        };
        return Integer.parseInt(shift == 0 ? size : size.substring(0, size.length() - 1)) << shift;
    }
}
