package org.mcrc.compiler.backend;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Gives names out, each once: {@code name}, {@code name_2}, {@code name_3} … */
public final class UniqueNames {
    private final Set<String> used;
    /** The number that was last tried for a name. */
    private final Map<String, Integer> numbers;

    /** @param taken names that are not given out */
    public UniqueNames(Collection<String> taken) {
        this(new HashSet<>(taken), new HashMap<>());
    }

    private UniqueNames(Set<String> used, Map<String, Integer> numbers) {
        this.used = used;
        this.numbers = numbers;
    }

    /** Names that avoid these and are chosen independently from now on. */
    public UniqueNames copy() {
        return new UniqueNames(new HashSet<>(used), new HashMap<>(numbers));
    }

    /** {@code name}, or where that is used the first of its numbered forms that is not. */
    public String fresh(String name) {
        String candidate = name;
        while (!used.add(candidate)) {
            candidate = name + "_" + numbers.merge(name, 2, (last, _) -> last + 1);
        }
        return candidate;
    }
}
