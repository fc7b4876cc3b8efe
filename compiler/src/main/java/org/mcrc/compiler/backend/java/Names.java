package org.mcrc.compiler.backend.java;

import com.palantir.javapoet.NameAllocator;

/** Java names for what programs call by names with dots, signs and primes: as close as Java allows, and unique. */
final class Names {
    private final NameAllocator allocator;

    Names() {
        this(new NameAllocator());
    }

    private Names(NameAllocator allocator) {
        this.allocator = allocator;
    }

    /** Names that avoid these and are chosen independently from now on: for the locals of one method. */
    Names copy() {
        return new Names(allocator.clone());
    }

    /** The name of {@code key}, chosen at the first call to resemble {@code suggestion}. */
    String of(Object key, String suggestion) {
        try {
            return allocator.get(key);
        } catch (IllegalArgumentException unknown) {
            return allocator.newName(clean(suggestion), key);
        }
    }

    /** A new name that resembles {@code suggestion}. */
    String fresh(String suggestion) {
        return allocator.newName(clean(suggestion));
    }

    private static String clean(String suggestion) {
        String cleaned = suggestion.replace("*", "_target").replace("'", "_").replaceAll("[^\\p{L}\\p{N}_]", "_");
        return cleaned.isEmpty() || Character.isDigit(cleaned.charAt(0)) ? "_" + cleaned : cleaned;
    }
}
