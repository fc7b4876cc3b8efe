package org.mcrc.compiler.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.mcrc.compiler.diagnostic.Diagnostic;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.Span;

/** Reports what the passes of the checker find in one file, and no more than is worth reading. */
final class CheckReporter {

    /** After so many diagnostics the rest is not reported. */
    static final int LIMIT = 100;

    private final Diagnostics diagnostics;
    private int count;
    private Span last;

    CheckReporter(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** Starts a report, which {@link Report#report} completes. */
    Report at(Span span, CheckError error, Object... arguments) {
        return new Report(span, error, arguments);
    }

    /** Reports what has neither hint nor notes. */
    void report(Span span, CheckError error, Object... arguments) {
        at(span, error, arguments).report();
    }

    /** A diagnostic in the making. */
    final class Report {

        private final Span span;
        private final CheckError error;
        private final Object[] arguments;
        private final List<Diagnostic.Note> notes = new ArrayList<>();
        private Supplier<Optional<String>> hint = Optional::empty;

        private Report(Span span, CheckError error, Object[] arguments) {
            this.span = span;
            this.error = error;
            this.arguments = arguments;
        }

        Report hint(String text) {
            hint = () -> Optional.of(text);
            return this;
        }

        Report hint(Supplier<Optional<String>> text) {
            hint = text;
            return this;
        }

        Report note(Span place, String text) {
            notes.add(new Diagnostic.Note(place, text));
            return this;
        }

        void report() {
            count++;
            if (last == null || span.startOffset() > last.startOffset()) {
                last = span;
            }
            if (count < LIMIT) {
                diagnostics.report(
                        new Diagnostic(error.kind(), span, error.message(arguments), hint.get(), notes));
            } else if (count == LIMIT) {
                diagnostics.report(
                        CheckError.TOO_MANY_ERRORS.kind(), last, CheckError.TOO_MANY_ERRORS.message());
            }
        }
    }
}
