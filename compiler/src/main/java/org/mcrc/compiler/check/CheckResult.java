package org.mcrc.compiler.check;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.DescriptorFile;

/**
 * What checking a file gives.
 *
 * @param file the file that was checked
 * @param valid whether neither it nor a file that it includes has an error, syntax errors counted; only then is it
 *     worth binding
 * @param declarations the declarations that introduce names, by name, the first of each
 * @param order the names of {@code declarations} so that each comes after all that it refers to; complete only if there
 *     is no recursion
 * @param used the included descriptors, by the names that {@code use} gives them, in the file's order; those that could
 *     not be read are left out
 */
public record CheckResult(
        DescriptorFile file,
        boolean valid,
        Map<String, Declaration.Named> declarations,
        List<String> order,
        Map<String, CheckResult> used) {

    public CheckResult {
        Objects.requireNonNull(file, "file");
        declarations = Collections.unmodifiableMap(new LinkedHashMap<>(declarations));
        order = List.copyOf(order);
        used = Collections.unmodifiableMap(new LinkedHashMap<>(used));
    }
}
