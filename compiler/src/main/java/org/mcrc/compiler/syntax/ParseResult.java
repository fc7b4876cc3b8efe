package org.mcrc.compiler.syntax;

import java.util.Objects;
import java.util.Set;

/**
 * What parsing a file gives, whether or not it has errors.
 *
 * @param file the tree of what could be parsed
 * @param brokenNames the names, as far as they could be made out, of declarations that could not be parsed; an unknown
 *     name among these is not worth another error
 */
public record ParseResult(DescriptorFile file, Set<String> brokenNames) {

    public ParseResult {
        Objects.requireNonNull(file, "file");
        brokenNames = Set.copyOf(brokenNames);
    }
}
