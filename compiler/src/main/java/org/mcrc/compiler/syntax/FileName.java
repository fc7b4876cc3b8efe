package org.mcrc.compiler.syntax;

import java.util.Objects;
import org.mcrc.compiler.source.Span;

/**
 * The name of a file, without its quotes, relative to the file that names it.
 *
 * @param text the name, as written: there are no escapes
 * @param span where it stands, quotes included
 */
public record FileName(String text, Span span) {

    public FileName {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(span, "span");
    }
}
