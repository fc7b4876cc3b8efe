package org.mcrc.compiler.syntax;

import java.util.List;
import java.util.Objects;
import org.mcrc.compiler.source.SourceFile;

/**
 * A descriptor file.
 *
 * @param source the file
 * @param name the descriptor's name; where {@code descriptor} is missing or broken, one made from the file's name
 * @param documentation the documentation comment of {@code descriptor}, empty if there is none
 * @param declarations the other declarations, in the file's order, those that could not be parsed left out
 */
public record DescriptorFile(SourceFile source, Name name, String documentation, List<Declaration> declarations) {

    public DescriptorFile {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(documentation, "documentation");
        declarations = List.copyOf(declarations);
    }
}
