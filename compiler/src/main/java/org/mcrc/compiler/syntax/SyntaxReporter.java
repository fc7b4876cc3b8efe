package org.mcrc.compiler.syntax;

import java.util.ArrayList;
import java.util.Comparator;
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
    private final List<Diagnostic> found = new ArrayList<>();

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
        if (!isFull()) {
            found.add(diagnostic);
        }
    }

    /** Whether there is more than is worth reading. */
    boolean isFull() {
        return found.size() == LIMIT;
    }

    /** Hands on what was found; if that is too much, the last that is said is that there is more. */
    void finish() {
        if (!isFull()) {
            found.forEach(diagnostics::report);
            return;
        }
        List<Diagnostic> shown = found.subList(0, LIMIT - 1);
        shown.forEach(diagnostics::report);
        Span last = shown.stream().map(Diagnostic::span)
                .max(Comparator.comparingInt(Span::startOffset).thenComparingInt(Span::endOffset)).orElseThrow();
        diagnostics.report(SyntaxErrors.TOO_MANY_ERRORS, last, "there are too many errors; the rest is not shown");
    }

    /** Hands on nothing but this, which says it all. */
    void finish(Diagnostic diagnostic) {
        diagnostics.report(diagnostic);
    }
}
