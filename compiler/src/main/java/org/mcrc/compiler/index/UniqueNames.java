package org.mcrc.compiler.index;

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

    /** Names for new tensors of a program: those of its fields, data and targets are taken as those of its definitions are. */
    public static UniqueNames in(IndexProgram program) {
        UniqueNames names = new UniqueNames(program.definitionsByName().keySet());
        program.fields().forEach(field -> names.used.add(field.name()));
        program.data().forEach(data -> names.used.add(data.tensor().name()));
        program.targets().forEach(target -> names.used.add(target.name()));
        return names;
    }

    /** Names that avoid these and are chosen independently from now on. */
    public UniqueNames copy() {
        return new UniqueNames(new HashSet<>(used), new HashMap<>(numbers));
    }

    /** {@code name}, or where that is used the first of its numbered forms that is not. */
    public String fresh(String name) {
        return used.add(name) ? name : numbered(name, 2);
    }

    /** The name of a part: {@code whole_1}, {@code whole_2} … */
    public String part(String whole) {
        return numbered(whole, 1);
    }

    private String numbered(String name, int first) {
        String candidate;
        do {
            candidate = name + "_" + numbers.merge(name, first, (last, _) -> last + 1);
        } while (!used.add(candidate));
        return candidate;
    }
}
