package org.mcrc.compiler.syntax;

import java.util.Objects;
import org.mcrc.compiler.source.Span;

/**
 * The closed interval of {@code in [LO, HI]}.
 *
 * @param low the lower bound
 * @param high the upper bound
 * @param span from bracket to bracket
 */
public record Interval(Expression low, Expression high, Span span) {

    public Interval {
        Objects.requireNonNull(low, "low");
        Objects.requireNonNull(high, "high");
        Objects.requireNonNull(span, "span");
    }
}
