package org.mcrc.compiler.diagnostic;

/**
 * A kind of diagnostic, a constant beside the pass that raises it.
 *
 * @param id a stable name, lower-case words joined by hyphens, such as {@code unknown-name}
 * @param severity how bad every diagnostic of the kind is
 */
public record DiagnosticKind(String id, Severity severity) {

    public DiagnosticKind {
        if (!id.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException("not an id: " + id);
        }
    }

    /** A kind of error. */
    public static DiagnosticKind error(String id) {
        return new DiagnosticKind(id, Severity.ERROR);
    }

    /** A kind of warning. */
    public static DiagnosticKind warning(String id) {
        return new DiagnosticKind(id, Severity.WARNING);
    }
}
