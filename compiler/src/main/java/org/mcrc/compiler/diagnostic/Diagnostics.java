package org.mcrc.compiler.diagnostic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.source.Span;

/**
 * Collects what a run of the compiler has to tell its user. Not safe for use by several threads.
 *
 * <p>The same diagnostic reported twice is kept once.
 */
public final class Diagnostics {

    private static final Comparator<Diagnostic> BY_PLACE =
            Comparator.comparingInt((Diagnostic diagnostic) -> diagnostic.span().startOffset())
                    .thenComparingInt(diagnostic -> diagnostic.span().endOffset());

    private final Set<Diagnostic> reported = new LinkedHashSet<>();

    /** Reports {@code diagnostic}. */
    public void report(Diagnostic diagnostic) {
        reported.add(diagnostic);
    }

    /** Reports what is wrong at a place. */
    public void report(DiagnosticKind kind, Span span, String message) {
        report(new Diagnostic(kind, span, message, Optional.empty(), List.of()));
    }

    /** Reports what is wrong at a place, and how it is probably mended. */
    public void report(DiagnosticKind kind, Span span, String message, String hint) {
        report(new Diagnostic(kind, span, message, Optional.of(hint), List.of()));
    }

    /** Reports what is wrong at a place, and how it is probably mended if that is known. */
    public void report(DiagnosticKind kind, Span span, String message, Optional<String> hint) {
        report(new Diagnostic(kind, span, message, hint, List.of()));
    }

    /** Whether an error was reported. */
    public boolean hasErrors() {
        return errorCount() > 0;
    }

    /** The number of errors. */
    public int errorCount() {
        return (int) reported.stream().filter(each -> each.severity() == Severity.ERROR).count();
    }

    /** All diagnostics: files in the order in which they were first reported, in a file by their place. */
    public List<Diagnostic> all() {
        List<Diagnostic> sorted = new ArrayList<>();
        reported.stream().map(each -> each.span().file()).distinct().forEach(file -> reported.stream()
                .filter(each -> each.span().file() == file)
                .sorted(BY_PLACE)
                .forEach(sorted::add));
        return List.copyOf(sorted);
    }
}
