package org.mcrc.compiler.syntax;

import java.util.List;
import java.util.Optional;
import org.mcrc.compiler.diagnostic.Diagnostic;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.source.Span;

/** Reports the syntax errors of one file, and no more than are worth reading. */
final class SyntaxReporter {

    /** After so many errors the rest is not reported: the file is hardly a descriptor. */
    static final int LIMIT = 100;

    private final SourceFile source;
    private final Diagnostics diagnostics;
    private int count;

    SyntaxReporter(SourceFile source, Diagnostics diagnostics) {
        this.source = source;
        this.diagnostics = diagnostics;
    }

    Span span(int start, int end) {
        return new Span(source, start, end);
    }

    void report(DiagnosticKind kind, Span span, String message) {
        report(new Diagnostic(kind, span, message, Optional.empty(), List.of()));
    }

    void report(DiagnosticKind kind, Span span, String message, String hint) {
        report(new Diagnostic(kind, span, message, Optional.of(hint), List.of()));
    }

    void report(DiagnosticKind kind, Span span, String message, Optional<String> hint) {
        report(new Diagnostic(kind, span, message, hint, List.of()));
    }

    void report(Diagnostic diagnostic) {
        count++;
        if (count < LIMIT) {
            diagnostics.report(diagnostic);
        } else if (count == LIMIT) {
            diagnostics.report(
                    SyntaxErrors.TOO_MANY_ERRORS, diagnostic.span(),
                    "there are too many errors; the rest is not shown");
        }
    }
}
