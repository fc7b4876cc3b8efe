package org.mcrc.compiler.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.source.Span;

class DiagnosticsTest {

    private static final DiagnosticKind UNKNOWN = DiagnosticKind.error("unknown-name");
    private static final DiagnosticKind UNUSED = DiagnosticKind.warning("unused-name");

    private final SourceFile file = SourceFile.of(
            "s2.mcr", "descriptor s2\n\tvectors R = halfwindw(P)\nfield 𝔸\u001b[31m x\n");

    private Span span(String text) {
        int start = file.text().indexOf(text);
        return new Span(file, start, start + text.length());
    }

    @Test
    void rendersPlaceMessageLineAndHint() {
        Diagnostics diagnostics = new Diagnostics();
        diagnostics.report(
                UNKNOWN, span("halfwindw"), "there is no vector set 'halfwindw'",
                Suggestions.didYouMean("halfwindw", List.of("halfwindow")));
        assertEquals(
                """
                s2.mcr:2:14: error: there is no vector set 'halfwindw'
                    2 |  vectors R = halfwindw(P)
                      |              ^~~~~~~~~
                      did you mean 'halfwindow'?
                """,
                DiagnosticRenderer.render(diagnostics.all()));
    }

    @Test
    void rendersNotesWithTheirOwnPlace() {
        Diagnostic diagnostic = new Diagnostic(
                UNUSED, span("R"), "'R' is never used", Optional.empty(),
                List.of(new Diagnostic.Note(span("s2"), "of this descriptor")));
        assertEquals(
                """
                s2.mcr:2:10: warning: 'R' is never used
                    2 |  vectors R = halfwindw(P)
                      |          ^
                s2.mcr:1:12: note: of this descriptor
                    1 | descriptor s2
                      |            ^~
                """,
                DiagnosticRenderer.render(diagnostic));
    }

    @Test
    void letsNothingOfAFileReachTheTerminalAsACommand() {
        Diagnostics diagnostics = new Diagnostics();
        diagnostics.report(UNKNOWN, span("x\n"), "what is '\u001b[31m'");
        assertEquals(
                """
                s2.mcr:3:14: error: what is '\uFFFD[31m'
                    3 | field 𝔸\uFFFD[31m x
                      |              ^
                """,
                DiagnosticRenderer.render(diagnostics.all()));
    }

    @Test
    void marksOnlyTheFirstOfSeveralLines() {
        Diagnostics diagnostics = new Diagnostics();
        diagnostics.report(UNKNOWN, new Span(file, 11, file.text().length()), "all of this");
        assertEquals(
                """
                s2.mcr:1:12: error: all of this
                    1 | descriptor s2
                      |            ^~
                """,
                DiagnosticRenderer.render(diagnostics.all()));
    }

    @Test
    void sortsByPlaceAndKeepsTheSameDiagnosticOnce() {
        Diagnostics diagnostics = new Diagnostics();
        assertFalse(diagnostics.hasErrors());
        diagnostics.report(UNUSED, span("R"), "second");
        assertFalse(diagnostics.hasErrors());
        diagnostics.report(UNKNOWN, span("s2"), "first");
        diagnostics.report(UNUSED, span("R"), "second");
        assertTrue(diagnostics.hasErrors());
        assertEquals(List.of("first", "second"), diagnostics.all().stream().map(Diagnostic::message).toList());
    }
}
