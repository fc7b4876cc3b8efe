package org.mcrc.compiler.syntax;

import java.util.Objects;
import org.mcrc.compiler.source.Span;

/**
 * A name where it is introduced, or the name of what is called or subscripted.
 *
 * @param text the name
 * @param span where it stands
 */
public record Name(String text, Span span) {

    public Name {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(span, "span");
    }

    @Override
    public String toString() {
        return text;
    }
}
