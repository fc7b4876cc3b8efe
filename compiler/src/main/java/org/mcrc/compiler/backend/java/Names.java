package org.mcrc.compiler.backend.java;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.SourceVersion;
import org.mcrc.compiler.index.UniqueNames;

/** Java names for what programs call by names with dots, signs and primes: as close as Java allows, and unique. */
final class Names {
    private final UniqueNames given;
    private final Map<Object, String> ofKeys;

    Names() {
        this(new UniqueNames(List.of()), new HashMap<>());
    }

    private Names(UniqueNames given, Map<Object, String> ofKeys) {
        this.given = given;
        this.ofKeys = ofKeys;
    }

    /** Names that avoid these and are chosen independently from now on: for the locals of one method. */
    Names copy() {
        return new Names(given.copy(), new HashMap<>(ofKeys));
    }

    /** The name of {@code key}, chosen at the first call to resemble {@code suggestion}. */
    String of(Object key, String suggestion) {
        return ofKeys.computeIfAbsent(key, _ -> fresh(suggestion));
    }

    /** A new name that resembles {@code suggestion}. */
    String fresh(String suggestion) {
        return given.fresh(clean(suggestion));
    }

    private static String clean(String suggestion) {
        String cleaned = suggestion.replace("*", "_target").replace("'", "_prime").replaceAll("[^\\p{L}\\p{N}_]", "_");
        return cleaned.isEmpty() || Character.isDigit(cleaned.charAt(0)) || SourceVersion.isKeyword(cleaned)
                ? "_" + cleaned : cleaned;
    }
}
