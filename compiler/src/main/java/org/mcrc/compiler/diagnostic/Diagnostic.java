package org.mcrc.compiler.diagnostic;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.mcrc.compiler.source.Span;

/**
 * One thing that the user is told about a place in a descriptor file.
 *
 * @param kind what kind of thing, with its severity
 * @param span the place
 * @param message what is wrong, in the user's terms: one sentence, no full stop
 * @param hint how it is probably mended, such as {@code did you mean 'halfwindow'?}
 * @param notes other places that matter, such as an earlier declaration
 */
public record Diagnostic(
        DiagnosticKind kind, Span span, String message, Optional<String> hint, List<Note> notes) {

    /**
     * Another place that matters.
     *
     * @param span the place
     * @param message what is there
     */
    public record Note(Span span, String message) {

        public Note {
            Objects.requireNonNull(span, "span");
            Objects.requireNonNull(message, "message");
        }
    }

    public Diagnostic {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(span, "span");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(hint, "hint");
        notes = List.copyOf(notes);
    }

    /** How bad it is. */
    public Severity severity() {
        return kind.severity();
    }
}
