package org.mcrc.runtime.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mcrc.compiler.kernel.Sums;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.field.Extents;

/**
 * A descriptor at a size, as it is written on the command line: {@code s2s3.mcr@64x64,P=31}.
 *
 * @param file the descriptor's file
 * @param size the pixels along each axis
 * @param settings values of params that are not the defaults
 * @param sums how correlations are computed: {@code ,direct} asks for sums where Fourier transforms would be faster
 * @param sketch by how many random combinations of columns matrices are compared, as in a reconstruction: {@code ,sketch=K};
 *     0 where they are compared as they are
 */
public record BenchCase(Path file, Extents size, Map<String, Double> settings, Sums sums, int sketch) {
    private static final String DIRECT = "direct";
    private static final String SKETCH = "sketch";
    private static final Pattern CASE = Pattern.compile("(?<file>.+?\\.mcr)(@(?<size>[^,]*))?(?<settings>(,[^,]*)*)");
    private static final Pattern SETTING = Pattern.compile("(?<name>[^=]+)=(?<value>.+)");

    public BenchCase {
        settings = Map.copyOf(settings);
    }

    /** With correlations as they are fastest. */
    public BenchCase(Path file, Extents size, Map<String, Double> settings) {
        this(file, size, settings, Sums.FASTEST, 0);
    }

    /** With the values of more params; those that it has already are kept. */
    public BenchCase with(Map<String, Double> more) {
        Map<String, Double> all = new LinkedHashMap<>(more);
        all.putAll(settings);
        return new BenchCase(file, size, all, sums, sketch);
    }

    /** The same in another file. */
    public BenchCase in(Path other) {
        return new BenchCase(other, size, settings, sums, sketch);
    }

    /**
     * Reads {@code FILE[@SIZE][,NAME=VALUE]…[,sketch=K][,direct]}.
     *
     * @param size the size where none is said
     * @throws InputError where it is not written like that
     */
    public static BenchCase parse(String text, Extents size) {
        Matcher parts = CASE.matcher(text);
        if (!parts.matches()) {
            throw new InputError("'" + text + "' is no case to measure", "write FILE.mcr@SIZE,NAME=VALUE, as"
                    + " s2s3.mcr@64x64,P=31");
        }
        Map<String, Double> settings = new LinkedHashMap<>();
        Sums sums = Sums.FASTEST;
        for (String setting : parts.group("settings").split(",")) {
            if (setting.strip().equals(DIRECT)) {
                sums = Sums.DIRECT;
            } else if (!setting.isEmpty()) {
                read(setting, text, settings);
            }
        }
        Double sketch = settings.remove(SKETCH);
        if (sketch != null && (sketch < 1 || sketch != Math.rint(sketch))) {
            throw new InputError("'sketch=" + number(sketch) + "' in '" + text + "' is no number of columns",
                    "write sketch=K, as sketch=16");
        }
        return new BenchCase(Path.of(parts.group("file")),
                parts.group("size") == null ? size : Extents.parse(parts.group("size")), settings, sums,
                sketch == null ? 0 : sketch.intValue());
    }

    private static void read(String setting, String text, Map<String, Double> settings) {
        Matcher parts = SETTING.matcher(setting);
        try {
            if (parts.matches()) {
                settings.put(parts.group("name").strip(), Double.valueOf(parts.group("value").strip()));
                return;
            }
        } catch (NumberFormatException none) {
            // Said below.
        }
        throw new InputError("'" + setting + "' in '" + text + "' gives no param a value", "write NAME=VALUE, as P=31");
    }

    /** As it is written on the command line; {@link #parse} reads it back. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>(List.of(file + "@" + size));
        settings.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(setting -> parts.add(setting.getKey() + "=" + number(setting.getValue())));
        if (sketch > 0) {
            parts.add(SKETCH + "=" + sketch);
        }
        if (sums == Sums.DIRECT) {
            parts.add(DIRECT);
        }
        return String.join(",", parts);
    }

    /** A param's value as people write it: integers without a point. */
    public static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? String.valueOf((long) value) : String.valueOf(value);
    }
}
