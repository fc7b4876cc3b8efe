package org.mcrc.compiler.syntax;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.diagnostic.Diagnostic;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.source.Span;
import org.mcrc.grammar.McrLexer;

/**
 * Parses descriptor files.
 *
 * <p>Whatever the text, no exception is thrown: all errors are reported, the first of each broken declaration and one
 * for each word that is none, and the result holds the declarations that are whole.
 */
public final class Parser {

    private final SourceFile source;
    private final SyntaxReporter reporter;
    private final List<Declaration> declarations = new ArrayList<>();
    private final Set<String> brokenNames = new LinkedHashSet<>();
    private Optional<AstBuilder.Header> header = Optional.empty();

    private Parser(SourceFile source, Diagnostics diagnostics) {
        this.source = source;
        this.reporter = new SyntaxReporter(source, diagnostics);
    }

    /** Parses {@code source}; what is wrong with it is reported to {@code diagnostics}. */
    public static ParseResult parse(SourceFile source, Diagnostics diagnostics) {
        return new Parser(source, diagnostics).run();
    }

    private ParseResult run() {
        int noText = firstThatIsNoText(source.text());
        if (noText >= 0) {
            reporter.report(
                    SyntaxErrors.NOT_TEXT, reporter.span(noText, noText + 1), "this is not a text file");
            reporter.finish();
            return result();
        }
        Tokenizer.Result tokenized = Tokenizer.tokenize(source, reporter);
        tokenized.remaining().ifPresent(documentation -> reporter.report(
                SyntaxErrors.STRAY_DOCUMENTATION,
                reporter.span(documentation.start(), documentation.end()),
                "a documentation comment belongs to the declaration that follows, and none follows",
                "start other comments with '//'"));
        if (tokenized.lexemes().isEmpty()) {
            reporter.report(
                    SyntaxErrors.EMPTY_FILE, Span.start(source), "the file declares nothing",
                    "a descriptor file begins with 'descriptor NAME'");
            reporter.finish();
            return result();
        }
        brokenNames.addAll(tokenized.swallowed());
        List<List<Lexeme>> split = DeclarationSplitter.split(tokenized.lexemes(), reporter);
        checkDescriptor(split);
        for (List<Lexeme> words : split) {
            parse(words);
        }
        Lexeme first = split.getFirst().getFirst();
        if (reporter.isFull()) {
            // What the checker would say of a part of the declarations is no help.
            declarations.clear();
        }
        boolean begins = first.isDeclarationKeyword() || first.type() == Lexeme.INVALID;
        if (!begins || reporter.isFull() && first.type() != McrLexer.DESCRIPTOR) {
            reporter.finish(new Diagnostic(
                    SyntaxErrors.NO_DESCRIPTOR, span(first),
                    "this does not look like a descriptor: it does not begin with 'descriptor'",
                    Optional.of("a descriptor file begins with 'descriptor NAME'"), List.of()));
        } else {
            reporter.finish();
        }
        return result();
    }

    /** The first character that no text has, or -1. */
    private static int firstThatIsNoText(String text) {
        for (int offset = 0; offset < text.length(); offset++) {
            char character = text.charAt(offset);
            if (Character.isHighSurrogate(character) && offset + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(offset + 1))) {
                offset++;
            } else if (character == 0 || Character.isSurrogate(character)) {
                return offset;
            }
        }
        return -1;
    }

    private void checkDescriptor(List<List<Lexeme>> split) {
        List<Lexeme> keywords = split.stream().map(List::getFirst)
                .filter(word -> word.type() == McrLexer.DESCRIPTOR).toList();
        Lexeme first = split.getFirst().getFirst();
        if (keywords.isEmpty()) {
            reporter.report(
                    SyntaxErrors.NO_DESCRIPTOR, span(first), "the file does not begin with 'descriptor'",
                    "write 'descriptor NAME' before everything else");
            return;
        }
        if (first.type() != McrLexer.DESCRIPTOR) {
            reporter.report(
                    SyntaxErrors.MISPLACED_DESCRIPTOR, span(keywords.getFirst()),
                    "'descriptor' comes before everything else", "move it to the beginning of the file");
        }
        for (Lexeme other : keywords.subList(1, keywords.size())) {
            reporter.report(new Diagnostic(
                    SyntaxErrors.MISPLACED_DESCRIPTOR, span(other), "a file has one 'descriptor'",
                    Optional.of("put another descriptor into a file of its own"),
                    List.of(new Diagnostic.Note(span(keywords.getFirst()), "this is the first"))));
        }
    }

    private void parse(List<Lexeme> words) {
        Lexeme first = words.getFirst();
        boolean invalid = words.stream().anyMatch(word -> word.type() == Lexeme.INVALID);
        if (!first.isDeclarationKeyword() && !invalid) {
            reporter.report(
                    SyntaxErrors.UNEXPECTED, span(first), "a declaration is expected here, not " + first.quoted(),
                    "a declaration starts with one of " + String.join(", ", Vocabulary.DECLARATIONS));
        }
        Optional<AstBuilder.Parsed> parsed = invalid || !first.isDeclarationKeyword()
                ? Optional.empty()
                : DeclarationParser.parse(words, reporter);
        if (parsed.isEmpty()) {
            if (words.size() > 1 && words.get(1).isIdentifier()) {
                brokenNames.add(words.get(1).text());
            }
            return;
        }
        switch (parsed.get()) {
            case AstBuilder.Header found -> {
                if (header.isEmpty()) {
                    header = Optional.of(found);
                }
            }
            case AstBuilder.Body body -> declarations.add(body.declaration());
        }
    }

    private ParseResult result() {
        AstBuilder.Header present = header.orElseGet(() -> new AstBuilder.Header(nameOfFile(), ""));
        return new ParseResult(
                new DescriptorFile(source, present.name(), present.documentation(), declarations), brokenNames);
    }

    /** The file's name without folders and ending. */
    private Name nameOfFile() {
        String last = source.name().substring(source.name().replace('\\', '/').lastIndexOf('/') + 1);
        int point = last.indexOf('.');
        return new Name(point > 0 ? last.substring(0, point) : last, Span.start(source));
    }

    private Span span(Lexeme lexeme) {
        return reporter.span(lexeme.start(), lexeme.end());
    }
}
