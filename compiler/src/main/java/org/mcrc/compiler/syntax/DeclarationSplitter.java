package org.mcrc.compiler.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mcrc.compiler.diagnostic.Suggestions;
import org.mcrc.grammar.McrLexer;

/**
 * Splits the words of a file into declarations.
 *
 * <p>A declaration starts at its keyword. Where a keyword evidently is meant as a name ({@code param field = 3}) it
 * starts none, and where a word evidently is meant as a keyword ({@code ouput S = …}) it does, so that one error is not
 * taken for several.
 */
final class DeclarationSplitter {

    /** The clauses that can start a line and are followed by a name and what follows names. */
    private static final List<String> CLAUSES = List.of("solve", "weight", "derivative", "where", "factor");

    /** What begins a declaration elsewhere. */
    private static final Map<String, String> FOREIGN = Map.of("def", "function", "const", "param", "var", "let");

    /** The most words of a name's indices or parameters that are looked through. */
    private static final int LONGEST_HEAD = 100;

    private static final List<String> WORDS =
            Stream.of(Vocabulary.DECLARATIONS, CLAUSES).flatMap(List::stream).toList();

    private final List<Lexeme> lexemes;
    private final SyntaxReporter reporter;
    private final List<List<Lexeme>> declarations = new ArrayList<>();
    private List<Lexeme> current = new ArrayList<>();
    private int openBrackets;
    /** Whether the current declaration has a part in which names are given values. */
    private boolean givesValues;

    private DeclarationSplitter(List<Lexeme> lexemes, SyntaxReporter reporter) {
        this.lexemes = lexemes;
        this.reporter = reporter;
    }

    /** The words of each declaration, the first of them its keyword; words before the first keyword come first. */
    static List<List<Lexeme>> split(List<Lexeme> lexemes, SyntaxReporter reporter) {
        return new DeclarationSplitter(lexemes, reporter).run();
    }

    private List<List<Lexeme>> run() {
        for (int index = 0; index < lexemes.size(); index++) {
            Lexeme lexeme = lexemes.get(index);
            if (lexeme.isDeclarationKeyword() && startsDeclaration(index)) {
                begin(lexeme);
            } else if (isMisspelledKeyword(index)) {
                addMisspelled(lexeme);
            } else if (lacksKeyword(index)) {
                addWithoutKeyword(index);
            } else {
                lexeme.documentation().filter(_ -> !current.isEmpty()).ifPresent(this::reportStray);
                current.add(lexeme);
                openBrackets += lexeme.isOpening() ? 1 : lexeme.isClosing() ? -1 : 0;
                givesValues |= lexeme.type() == McrLexer.SOLVE || lexeme.type() == McrLexer.WITH;
            }
        }
        finish();
        return declarations;
    }

    private void begin(Lexeme keyword) {
        finish();
        current.add(keyword);
    }

    private void finish() {
        if (!current.isEmpty()) {
            declarations.add(current);
            current = new ArrayList<>();
            openBrackets = 0;
            givesValues = false;
        }
    }

    private void reportStray(Lexeme.Documentation documentation) {
        reporter.report(
                SyntaxErrors.STRAY_DOCUMENTATION,
                reporter.span(documentation.start(), documentation.end()),
                "a documentation comment belongs to the declaration that follows, and this one is inside of one",
                "start other comments with '//'");
    }

    private Optional<Lexeme> at(int index) {
        return index < lexemes.size() ? Optional.of(lexemes.get(index)) : Optional.empty();
    }

    private boolean startsDeclaration(int index) {
        Lexeme keyword = lexemes.get(index);
        Optional<Lexeme> next = at(index + 1);
        boolean looksRight = next.isPresent() && switch (keyword.type()) {
            case McrLexer.MULTIGRID -> next.get().type() == McrLexer.COARSEST;
            case McrLexer.SLICES -> next.get().isIdentifier() || next.get().type() == McrLexer.INTEGER;
            default -> next.get().isIdentifier() || next.get().isReservedWord() && !next.get().startsLine();
        };
        boolean afterKeyword = index > 0 && lexemes.get(index - 1).isDeclarationKeyword() && current.size() == 1;
        if (afterKeyword && !keyword.startsLine()) {
            return looksRight && !isHeadEnd(index + 1);
        }
        return looksRight || keyword.startsLine() || next.isEmpty();
    }

    /** Whether what stands at {@code index} can follow the name in a declaration. */
    private boolean isHeadEnd(int index) {
        return at(index).map(lexeme -> lexeme.startsLine() || lexeme.isDeclarationKeyword() || switch (lexeme.type()) {
            case McrLexer.ASSIGN, McrLexer.OPEN_BRACKET, McrLexer.OPEN_PARENTHESIS, McrLexer.IN, McrLexer.FROM,
                    McrLexer.RANK, McrLexer.BOUNDARY -> true;
            default -> false;
        }).orElse(true);
    }

    /** Two names in a row, the second followed by what follows a declared name: the first should be a keyword. */
    private boolean isMisspelledKeyword(int index) {
        Lexeme lexeme = lexemes.get(index);
        if (lexeme.type() != McrLexer.IDENTIFIER || at(index + 1).isEmpty()) {
            return false;
        }
        Lexeme next = lexemes.get(index + 1);
        boolean afterComplete = index == 0 || lexemes.get(index - 1).endsOperand() || current.isEmpty();
        boolean beforeName = next.type() == McrLexer.COARSEST
                || next.isIdentifier() && !next.startsLine() && isHeadEnd(index + 2);
        return afterComplete
                && beforeName
                && (lexeme.startsLine() || Suggestions.nearest(lexeme.text(), WORDS).isPresent());
    }

    private void addMisspelled(Lexeme lexeme) {
        Optional<String> meant = Optional.ofNullable(FOREIGN.get(lexeme.text()))
                .or(() -> Suggestions.nearest(lexeme.text(), WORDS));
        reporter.report(
                SyntaxErrors.UNKNOWN_DECLARATION,
                reporter.span(lexeme.start(), lexeme.end()),
                meant.filter(CLAUSES::contains).isPresent()
                        ? lexeme.quoted() + " is not known here"
                        : "there is no declaration " + lexeme.quoted(),
                meant.map(word -> "did you mean '" + word + "'?").or(() -> Optional.of(
                        "a declaration starts with one of " + String.join(", ", Vocabulary.DECLARATIONS))));
        Lexeme mended = lexeme.withType(meant.map(DeclarationSplitter::typeOf).orElse(Lexeme.INVALID));
        if (meant.filter(CLAUSES::contains).isPresent()) {
            current.add(mended);
        } else {
            begin(mended);
        }
    }

    /** Whether a name at the start of a line is given a value, and no declaration to which that may belong is open. */
    private boolean lacksKeyword(int index) {
        Lexeme name = lexemes.get(index);
        return name.type() == McrLexer.IDENTIFIER && name.startsLine() && openBrackets <= 0 && !givesValues
                && (current.isEmpty() || current.size() > 1 && lexemes.get(index - 1).endsOperand())
                && at(behindBrackets(index + 1)).filter(word -> word.type() == McrLexer.ASSIGN).isPresent();
    }

    /** The first word behind a pair of brackets that opens at {@code index}; that word itself where none does. */
    private int behindBrackets(int index) {
        int depth = 0;
        for (int position = index; position < Math.min(index + LONGEST_HEAD, lexemes.size()); position++) {
            Lexeme word = lexemes.get(position);
            depth += word.isOpening() ? 1 : word.isClosing() ? -1 : 0;
            if (depth == 0) {
                return word.isClosing() ? position + 1 : position;
            }
        }
        return lexemes.size();
    }

    private void addWithoutKeyword(int index) {
        Lexeme name = lexemes.get(index);
        String shown = Lexeme.shortened(name.text());
        reporter.report(
                SyntaxErrors.UNKNOWN_DECLARATION,
                reporter.span(name.start(), name.end()),
                "'" + shown + "' is declared without a keyword",
                switch (lexemes.get(index + 1).type()) {
                    case McrLexer.OPEN_BRACKET -> "write 'output " + shown + "[…] = …', or 'let' where it is no part of"
                            + " the descriptor itself";
                    case McrLexer.OPEN_PARENTHESIS -> "write 'function " + shown + "(…) = …'";
                    default -> "write 'param " + shown + " = …', or 'let' where it depends on a field";
                });
        begin(name.withType(Lexeme.INVALID));
        current.add(name);
    }

    private static int typeOf(String word) {
        String literal = "'" + word + "'";
        for (int type = 1; type <= McrLexer.VOCABULARY.getMaxTokenType(); type++) {
            if (literal.equals(McrLexer.VOCABULARY.getLiteralName(type))) {
                return type;
            }
        }
        throw new IllegalArgumentException("no word of the grammar: " + word);
    }
}
