package org.mcrc.compiler.diagnostic;

import java.util.Collection;
import java.util.stream.Collectors;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.source.Span;

/**
 * Prints diagnostics for people:
 *
 * <pre>
 * s2.mcr:4:13: error: there is no vector set 'halfwindw'
 *     4 | vectors R = halfwindw(P)
 *       |             ^~~~~~~~~
 *       did you mean 'halfwindow'?
 * </pre>
 *
 * <p>Long lines are shortened around the place; tabs and control characters are shown as single characters, so that the
 * marks stand below what they mark and nothing in a file reaches a terminal as a command.
 */
public final class DiagnosticRenderer {

    /** The most characters of a line that are shown. */
    private static final int WIDTH = 100;
    /** How many characters before the place are shown of a line that is too long. */
    private static final int BEFORE = 40;

    private static final String INDENT = "    ";

    private DiagnosticRenderer() {}

    /** All of {@code diagnostics}, in their order, each ending with a line feed. */
    public static String render(Collection<Diagnostic> diagnostics) {
        return diagnostics.stream().map(DiagnosticRenderer::render).collect(Collectors.joining());
    }

    /** One diagnostic, several lines, each ending with a line feed. */
    public static String render(Diagnostic diagnostic) {
        StringBuilder text = new StringBuilder();
        Span span = diagnostic.span();
        text.append(heading(span, diagnostic.severity().word(), diagnostic.message()));
        appendExcerpt(text, span);
        diagnostic.hint().ifPresent(hint ->
                text.append(INDENT).append(" ".repeat(gutterWidth(span) + 1)).append(printable(hint)).append('\n'));
        for (Diagnostic.Note note : diagnostic.notes()) {
            text.append(heading(note.span(), "note", note.message()));
            appendExcerpt(text, note.span());
        }
        return text.toString();
    }

    private static String heading(Span span, String word, String message) {
        SourceFile file = span.file();
        String place = file.text().isEmpty() ? file.name() : span.toString();
        return place + ": " + word + ": " + printable(message) + "\n";
    }

    private static int gutterWidth(Span span) {
        return span.file().text().isEmpty() ? 0 : String.valueOf(span.line()).length();
    }

    private static void appendExcerpt(StringBuilder text, Span span) {
        SourceFile file = span.file();
        if (file.text().isEmpty()) {
            return;
        }
        int line = span.line();
        int lineStart = file.startOfLine(line);
        int lineEnd = file.endOfLine(line);
        int start = Math.min(span.startOffset(), lineEnd);
        int end = Math.clamp(span.endOffset(), start, lineEnd);
        int from = lineStart;
        int to = lineEnd;
        if (to - from > WIDTH) {
            from = Math.max(lineStart, Math.min(start - BEFORE, lineEnd - WIDTH));
            to = Math.min(lineEnd, from + WIDTH);
            from = onCharacter(file.text(), from);
            to = onCharacter(file.text(), to);
            end = Math.min(end, to);
        }
        String before = (from > lineStart ? "…" : "") + printable(file.text().substring(from, start));
        String marked = printable(file.text().substring(start, end));
        String after = printable(file.text().substring(end, to)) + (to < lineEnd ? "…" : "");
        String number = String.valueOf(line);
        text.append(INDENT).append(number).append(" | ").append(before).append(marked).append(after).append('\n');
        text.append(INDENT).append(" ".repeat(number.length())).append(" | ")
                .append(" ".repeat(length(before)))
                .append('^')
                .append("~".repeat(Math.max(0, length(marked) - 1)))
                .append('\n');
    }

    private static int onCharacter(String text, int offset) {
        boolean inside = offset > 0 && offset < text.length()
                && Character.isLowSurrogate(text.charAt(offset)) && Character.isHighSurrogate(text.charAt(offset - 1));
        return inside ? offset - 1 : offset;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The text with a space for each tab and a replacement character for each that is not to be printed. */
    private static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            int type = Character.getType(character);
            boolean invisible = type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
            shown.appendCodePoint(character == '\t' ? ' ' : invisible ? '\uFFFD' : character);
        });
        return shown.toString();
    }
}
