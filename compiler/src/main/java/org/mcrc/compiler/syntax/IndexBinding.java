package org.mcrc.compiler.syntax;

import java.util.Objects;
import java.util.Optional;
import org.mcrc.compiler.source.Span;

/**
 * The introduction of an index: {@code x} or {@code r: R}.
 *
 * @param name the index
 * @param set what it ranges over; absent for a pixel index
 * @param span the name and the set
 */
public record IndexBinding(Name name, Optional<SetExpression> set, Span span) {

    public IndexBinding {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(set, "set");
        Objects.requireNonNull(span, "span");
    }

    /** Whether it ranges over the pixels of a grid. */
    public boolean isPixel() {
        return set.isEmpty();
    }
}
