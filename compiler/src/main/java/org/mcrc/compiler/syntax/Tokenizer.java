package org.mcrc.compiler.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.source.Span;
import org.mcrc.grammar.McrLexer;

/**
 * Cuts a file into words and reports what is none.
 *
 * <p>Where it is clear what was meant, as with {@code &&} or {@code ≤}, the word that was meant stands in the result,
 * so that the rest of the declaration is checked too.
 */
final class Tokenizer {

    /** What stands for something of this language elsewhere, with how it is written here. */
    private static final Map<String, Integer> FOREIGN = Map.ofEntries(
            Map.entry("&&", McrLexer.AND), Map.entry("∧", McrLexer.AND),
            Map.entry("||", McrLexer.OR), Map.entry("∨", McrLexer.OR),
            Map.entry("!", McrLexer.NOT), Map.entry("¬", McrLexer.NOT),
            Map.entry("**", McrLexer.POWER),
            Map.entry("%", McrLexer.MOD),
            Map.entry("<>", McrLexer.NOT_EQUAL), Map.entry("!==", McrLexer.NOT_EQUAL),
            Map.entry("≠", McrLexer.NOT_EQUAL),
            Map.entry("=<", McrLexer.LESS_OR_EQUAL), Map.entry("≤", McrLexer.LESS_OR_EQUAL),
            Map.entry("=>", McrLexer.GREATER_OR_EQUAL), Map.entry("≥", McrLexer.GREATER_OR_EQUAL),
            Map.entry("===", McrLexer.EQUAL),
            Map.entry(":=", McrLexer.ASSIGN),
            Map.entry("...", McrLexer.RANGE), Map.entry("…", McrLexer.RANGE),
            Map.entry("−", McrLexer.MINUS), Map.entry("–", McrLexer.MINUS),
            Map.entry("×", McrLexer.TIMES), Map.entry("·", McrLexer.TIMES), Map.entry("∙", McrLexer.TIMES),
            Map.entry("÷", McrLexer.OVER),
            Map.entry("∈", McrLexer.IN),
            Map.entry("′", McrLexer.PRIMES), Map.entry("’", McrLexer.PRIMES));

    /** A comment of a number alone behind an operand, as in {@code 31 // 2}. */
    private static final Pattern DIVISION = Pattern.compile("[ \\t]*(//[ \\t]*(\\d+))[ \\t)\\],]*(?=[\\r\\n]|$)");

    private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}\\p{Nd}_]*");

    private final SourceFile source;
    private final SyntaxReporter reporter;
    private final List<Lexeme> lexemes = new ArrayList<>();
    private final Set<String> swallowed = new TreeSet<>();
    private final StringBuilder documentation = new StringBuilder();
    private int documentationStart = -1;
    private int documentationEnd;

    private Tokenizer(SourceFile source, SyntaxReporter reporter) {
        this.source = source;
        this.reporter = reporter;
    }

    /**
     * The words of a file.
     *
     * @param lexemes the words, in order
     * @param remaining the documentation comment after the last word
     * @param swallowed the words inside a comment that has no end: probably declarations are among them
     */
    record Result(List<Lexeme> lexemes, Optional<Lexeme.Documentation> remaining, Set<String> swallowed) {}

    static Result tokenize(SourceFile source, SyntaxReporter reporter) {
        return new Tokenizer(source, reporter).run();
    }

    private Result run() {
        McrLexer lexer = new McrLexer(CharStreams.fromString(source.text(), source.name()));
        lexer.removeErrorListeners();
        int[] offsets = offsets(source.text());
        int lastLine = 0;
        for (Token token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
            int start = offsets == null ? token.getStartIndex() : offsets[token.getStartIndex()];
            int end = offsets == null ? token.getStopIndex() + 1 : offsets[token.getStopIndex() + 1];
            String text = source.text().substring(start, end);
            if (token.getType() == McrLexer.DOCUMENTATION) {
                document(text, start, end);
                continue;
            }
            int line = source.lineOf(start);
            add(new Lexeme(token.getType(), text, start, end, line != lastLine, takeDocumentation()));
            lastLine = source.lineOf(end - 1);
        }
        lexemes.stream().filter(Lexeme::endsOperand).forEach(this::warnOfDivision);
        return new Result(List.copyOf(lexemes), takeDocumentation(), swallowed);
    }

    /** In Python {@code //} divides, and what begins a comment here would go unnoticed. */
    private void warnOfDivision(Lexeme lexeme) {
        Matcher comment = DIVISION.matcher(source.text()).region(lexeme.end(), source.text().length());
        if (comment.lookingAt()) {
            reporter.report(
                    SyntaxErrors.DIVISION_AS_COMMENT,
                    reporter.span(comment.start(1), comment.end(1)),
                    "this is a comment: '//' does not divide",
                    "the integer division is written 'div " + comment.group(2) + "'");
        }
    }

    /** The UTF-16 offset of each code point and of the end, or null where the two counts are the same. */
    private static int[] offsets(String text) {
        int count = text.codePointCount(0, text.length());
        if (count == text.length()) {
            return null;
        }
        int[] offsets = new int[count + 1];
        for (int index = 0, offset = 0; index < count; index++) {
            offsets[index] = offset;
            offset += Character.charCount(text.codePointAt(offset));
        }
        offsets[count] = text.length();
        return offsets;
    }

    private void document(String text, int start, int end) {
        if (documentationStart < 0) {
            documentationStart = start;
        } else {
            documentation.append('\n');
        }
        documentationEnd = end;
        String line = text.substring("///".length());
        documentation.append((line.startsWith(" ") ? line.substring(1) : line).stripTrailing());
    }

    private Optional<Lexeme.Documentation> takeDocumentation() {
        if (documentationStart < 0) {
            return Optional.empty();
        }
        Lexeme.Documentation taken =
                new Lexeme.Documentation(documentation.toString(), documentationStart, documentationEnd);
        documentation.setLength(0);
        documentationStart = -1;
        return Optional.of(taken);
    }

    private void add(Lexeme lexeme) {
        switch (lexeme.type()) {
            case McrLexer.UNTERMINATED_COMMENT -> {
                reporter.report(
                        SyntaxErrors.UNTERMINATED_COMMENT,
                        reporter.span(lexeme.start(), lexeme.start() + 2),
                        "this comment has no end",
                        "end it with '*/'");
                Matcher words = WORD.matcher(lexeme.text());
                while (words.find()) {
                    swallowed.add(words.group());
                }
                lexemes.add(lexeme.withType(Lexeme.INVALID));
            }
            case McrLexer.UNTERMINATED_STRING -> {
                reporter.report(
                        SyntaxErrors.UNTERMINATED_STRING,
                        span(lexeme),
                        "this file name has no closing quote",
                        "end it with '\"'");
                lexemes.add(lexeme.withType(Lexeme.INVALID));
            }
            case McrLexer.HASH_COMMENT -> reporter.report(
                    SyntaxErrors.UNKNOWN_CHARACTER,
                    reporter.span(lexeme.start(), lexeme.start() + 1),
                    "'#' has no meaning",
                    "a comment starts with '//'");
            case McrLexer.MALFORMED_NAME -> {
                reporter.report(
                        SyntaxErrors.MALFORMED_NAME,
                        span(lexeme),
                        "a name starts with a letter, not with '_'");
                lexemes.add(lexeme.withType(McrLexer.IDENTIFIER));
            }
            case McrLexer.FOREIGN_OPERATOR, McrLexer.OTHER -> addForeign(lexeme);
            case McrLexer.INTEGER, McrLexer.DECIMAL -> addNumber(lexeme);
            case McrLexer.POINT -> addPoint(lexeme);
            default -> lexemes.add(lexeme);
        }
    }

    private void addForeign(Lexeme lexeme) {
        Integer meant = FOREIGN.get(lexeme.text());
        if (meant != null) {
            String word = McrLexer.VOCABULARY.getLiteralName(meant);
            reporter.report(
                    SyntaxErrors.UNKNOWN_CHARACTER,
                    span(lexeme),
                    lexeme.quoted() + " has no meaning",
                    "write " + (word == null ? "\"'\" for a derivative" : word));
            lexemes.add(lexeme.withType(meant));
            return;
        }
        if (lexeme.text().equals(";")) {
            reporter.report(
                    SyntaxErrors.UNKNOWN_CHARACTER,
                    span(lexeme),
                    "';' has no meaning",
                    "nothing ends a declaration: leave it out");
            return;
        }
        Lexeme previous = lexemes.isEmpty() ? null : lexemes.getLast();
        lexemes.add(lexeme);
        if (previous != null && previous.type() == Lexeme.INVALID && previous.end() == lexeme.start()) {
            return;
        }
        reporter.report(
                SyntaxErrors.UNKNOWN_CHARACTER, span(lexeme), character(lexeme.text()) + " has no meaning",
                switch (lexeme.text()) {
                    case "²", "³" -> Optional.of("write '^2' or '^3'");
                    case "“", "”", "„" -> Optional.of("write '\"'");
                    case "√" -> Optional.of("write 'sqrt(…)'");
                    case "∑" -> Optional.of("write 'sum[…](…)'");
                    default -> Optional.empty();
                });
    }

    private static String character(String text) {
        int codePoint = text.codePointAt(0);
        boolean visible = switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE,
                    Character.UNASSIGNED, Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> false;
            default -> true;
        };
        return visible ? "'" + text + "'" : String.format("the character U+%04X", codePoint);
    }

    /** A number directly after a point is the component of a vector, or lacks the digits before the point. */
    private void addNumber(Lexeme lexeme) {
        if (!lexemes.isEmpty()) {
            Lexeme point = lexemes.getLast();
            boolean operandBefore = lexemes.size() > 1 && lexemes.get(lexemes.size() - 2).endsOperand();
            if (point.type() == McrLexer.POINT && point.end() == lexeme.start() && !operandBefore) {
                reporter.report(
                        SyntaxErrors.MALFORMED_NUMBER,
                        reporter.span(point.start(), lexeme.end()),
                        "a number does not start with a point",
                        "write '0." + Lexeme.shortened(lexeme.text()) + "'");
                lexemes.removeLast();
            }
        }
        lexemes.add(lexeme);
    }

    /** A point directly after a number that is no component is not part of it. */
    private void addPoint(Lexeme lexeme) {
        if (!lexemes.isEmpty()) {
            Lexeme number = lexemes.getLast();
            boolean follows = number.end() == lexeme.start()
                    && (number.type() == McrLexer.INTEGER || number.type() == McrLexer.DECIMAL);
            boolean component = lexemes.size() > 1 && lexemes.get(lexemes.size() - 2).type() == McrLexer.POINT;
            if (follows && !component) {
                int next = lexeme.end() < source.text().length() ? source.text().codePointAt(lexeme.end()) : ' ';
                String written = Lexeme.shortened(number.text());
                reporter.report(
                        SyntaxErrors.MALFORMED_NUMBER,
                        reporter.span(number.start(), lexeme.end()),
                        Character.isDigit(next) ? "a number has one point only" : "a number does not end in a point",
                        number.type() == McrLexer.INTEGER
                                ? "write '" + written + "' or '" + written + ".0'"
                                : "write '" + written + "'");
                if (Character.isLetterOrDigit(next)) {
                    lexemes.add(lexeme.withType(Lexeme.INVALID));
                }
                return;
            }
        }
        lexemes.add(lexeme);
    }

    private Span span(Lexeme lexeme) {
        return reporter.span(lexeme.start(), lexeme.end());
    }
}
