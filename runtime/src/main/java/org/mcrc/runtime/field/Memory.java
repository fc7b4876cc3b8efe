package org.mcrc.runtime.field;

import java.util.Locale;
import org.mcrc.runtime.InputError;

/** Refuses what would not fit into memory before it is allocated. */
public final class Memory {

    private Memory() {
    }

    /** The bytes this process can still allocate. */
    public static long available() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }

    /**
     * Refuses more bytes than there are.
     *
     * @param what what needs them, the subject of a sentence: "board.npy"
     * @param bytes how many it needs; negative means more than a long can hold
     * @throws InputError if they are not available
     */
    public static void require(String what, long bytes) {
        if (bytes < 0 || bytes > available()) {
            throw new InputError(
                    what + " would take " + (bytes < 0 ? "more than 8 EB" : text(bytes)) + " of memory, and only "
                            + text(available()) + " are available");
        }
    }

    /** A number of bytes as people read it: {@code 512 B}, {@code 2.1 GB}. */
    public static String text(long bytes) {
        String[] units = {"kB", "MB", "GB", "TB", "PB", "EB"};
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes / 1000.0;
        int unit = 0;
        while (value >= 999.95 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
