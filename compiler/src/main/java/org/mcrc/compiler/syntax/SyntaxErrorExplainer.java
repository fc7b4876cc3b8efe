package org.mcrc.compiler.syntax;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.antlr.v4.runtime.Token;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.diagnostic.Suggestions;
import org.mcrc.compiler.source.Span;
import org.mcrc.grammar.McrLexer;

/**
 * Says what is wrong at the word of a declaration at which the parser gave up, in the user's terms.
 *
 * <p>The parser knows only which words could have followed. What was probably meant is made out from the words around
 * the place: the first of the explanations below that fits is the one that is given.
 */
final class SyntaxErrorExplainer {

    private static final Map<String, String> FORMS = Map.ofEntries(
            Map.entry("descriptor", "descriptor NAME"),
            Map.entry("param", "param NAME = EXPRESSION"),
            Map.entry("field", "field NAME"),
            Map.entry("data", "data NAME[i: SET] from \"FILE.npy\""),
            Map.entry("vectors", "vectors NAME = SET"),
            Map.entry("function", "function NAME(z) = EXPRESSION"),
            Map.entry("multigrid", "multigrid coarsest EXPRESSION"),
            Map.entry("slices", "slices all, or slices 1, 3"),
            Map.entry("let", "let NAME[x, i: SET] = EXPRESSION"),
            Map.entry("output", "output NAME[i: SET] = EXPRESSION"),
            Map.entry("report", "report NAME[i: SET] = EXPRESSION"),
            Map.entry("penalty", "penalty NAME = EXPRESSION weight EXPRESSION"),
            Map.entry("loss", "loss l2"),
            Map.entry("use", "use NAME from \"FILE.mcr\""));

    private static final List<String> INFIX_WORDS = Stream.concat(
                    Stream.of("then", "else", "and", "or", "div", "mod", "in"), Vocabulary.CLAUSES.stream())
            .toList();

    private final List<Lexeme> words;
    private final int index;
    private final Set<Integer> expected;
    private final SyntaxReporter reporter;

    /** The word at which the parser gave up; absent at the end of the declaration. */
    private final Optional<Lexeme> offending;
    /** The word before it. The keyword is always accepted, so there is one. */
    private final Lexeme previous;
    /** The innermost bracket that is open there, as an index of {@code words}, or -1. */
    private final int bracket;

    private SyntaxErrorExplainer(
            List<Lexeme> words, int index, Set<Integer> expected, SyntaxReporter reporter) {
        this.words = words;
        this.index = index;
        this.expected = expected;
        this.reporter = reporter;
        this.offending = index < words.size() ? Optional.of(words.get(index)) : Optional.empty();
        this.previous = words.get(index - 1);
        this.bracket = openBracket();
    }

    /**
     * Reports the error.
     *
     * @param words the words of the declaration
     * @param index the word at which the parser gave up, at least 1; the number of words at the end
     * @param expected the types of the words that could have stood there, as far as known
     */
    static void explain(List<Lexeme> words, int index, Set<Integer> expected, SyntaxReporter reporter) {
        SyntaxErrorExplainer explainer = new SyntaxErrorExplainer(words, index, expected, reporter);
        boolean explained = explainer.explainHead()
                || explainer.explainReduction()
                || explainer.explainReservedWord()
                || explainer.explainWord()
                || explainer.explainMissingOperand()
                || explainer.explainMissingOperator();
        if (!explained) {
            explainer.explainUnexpected();
        }
    }

    private int openBracket() {
        Deque<Integer> open = new ArrayDeque<>();
        for (int position = 0; position < index; position++) {
            if (words.get(position).isOpening()) {
                open.push(position);
            } else if (words.get(position).isClosing() && !open.isEmpty()) {
                open.pop();
            }
        }
        return open.isEmpty() ? -1 : open.peek();
    }

    /** The bracket that the closing one at {@code position} closes. */
    private int opening(int position) {
        int depth = 0;
        for (int candidate = position; candidate >= 0; candidate--) {
            depth += words.get(candidate).isClosing() ? 1 : words.get(candidate).isOpening() ? -1 : 0;
            if (depth == 0) {
                return candidate;
            }
        }
        return 0;
    }

    private int type() {
        return offending.map(Lexeme::type).orElse(Token.EOF);
    }

    private boolean report(DiagnosticKind kind, Span span, String message, String hint) {
        reporter.report(kind, span, message, hint);
        return true;
    }

    private boolean report(DiagnosticKind kind, Span span, String message) {
        reporter.report(kind, span, message);
        return true;
    }

    private Span span(Lexeme lexeme) {
        return reporter.span(lexeme.start(), lexeme.end());
    }

    /** The offending word, or the last one where the declaration ends too early. */
    private Span place() {
        return span(offending.orElse(previous));
    }

    private String form() {
        return "the form is: " + FORMS.get(keyword());
    }

    private String keyword() {
        String literal = McrLexer.VOCABULARY.getLiteralName(words.getFirst().type());
        return literal.substring(1, literal.length() - 1);
    }

    /** Errors between the keyword and the expression. */
    private boolean explainHead() {
        Lexeme first = words.getFirst();
        if (index == 1) {
            return switch (first.type()) {
                case McrLexer.MULTIGRID -> report(
                        SyntaxErrors.INCOMPLETE_DECLARATION, place(),
                        "'multigrid' lacks the smallest extent that a level may have", form());
                case McrLexer.SLICES -> report(
                        SyntaxErrors.INCOMPLETE_DECLARATION, place(), "'slices' lacks its axes", form());
                case McrLexer.LOSS -> report(
                        SyntaxErrors.INCOMPLETE_DECLARATION, place(),
                        "'loss' lacks its kind: l2, sse, mse, rms or l1", form());
                default -> explainName();
            };
        }
        boolean headOnly = bracket < 0 && words.subList(1, index).stream().noneMatch(word -> switch (word.type()) {
            case McrLexer.ASSIGN, McrLexer.FROM, McrLexer.COARSEST -> true;
            default -> false;
        });
        if (explainClause()) {
            return true;
        }
        if (!headOnly) {
            return false;
        }
        return switch (first.type()) {
            case McrLexer.PARAM, McrLexer.VECTORS, McrLexer.LET, McrLexer.OUTPUT, McrLexer.REPORT,
                    McrLexer.PENALTY -> explainMissingValue();
            case McrLexer.FUNCTION -> explainFunctionHead();
            case McrLexer.DATA, McrLexer.USE -> report(
                    SyntaxErrors.INCOMPLETE_DECLARATION, place(), "'from' and a file are missing here", form());
            case McrLexer.DESCRIPTOR -> report(
                    SyntaxErrors.UNEXPECTED, place(),
                    "nothing follows the descriptor's name but declarations, not " + described(),
                    "a declaration starts with one of " + String.join(", ", Vocabulary.DECLARATIONS));
            case McrLexer.SLICES -> report(SyntaxErrors.UNEXPECTED, place(),
                    offending.isPresent() ? described() + " is not expected here" : "an axis is missing here", form());
            default -> false;
        };
    }

    private boolean explainName() {
        String keyword = keyword();
        boolean range = type() == McrLexer.IN
                && index + 1 < words.size() && words.get(index + 1).type() == McrLexer.OPEN_BRACKET;
        if (!range && offending.isPresent() && offending.get().isReservedWord()) {
            return explainReservedWord();
        }
        boolean bare = offending.isEmpty() || range || switch (type()) {
            case McrLexer.ASSIGN, McrLexer.OPEN_BRACKET, McrLexer.OPEN_PARENTHESIS, McrLexer.FROM -> true;
            default -> false;
        };
        return report(
                SyntaxErrors.MISSING_NAME,
                bare ? span(previous) : place(),
                bare ? "this '" + keyword + "' lacks its name"
                        : "'" + keyword + "' is followed by a name, not by " + described(),
                form());
    }

    private boolean explainMissingValue() {
        String keyword = keyword();
        boolean array = keyword.equals("let") || keyword.equals("output") || keyword.equals("report");
        Lexeme name = words.get(1);
        if (type() == McrLexer.OPEN_PARENTHESIS && index == 2 && array) {
            return report(
                    SyntaxErrors.UNEXPECTED, place(),
                    "the indices of '" + Lexeme.shortened(name.text()) + "' stand in brackets, not in parentheses",
                    form());
        }
        if (type() == McrLexer.OPEN_BRACKET && index == 2) {
            return report(
                    SyntaxErrors.UNEXPECTED, place(), "a '" + keyword + "' declaration has no indices", form());
        }
        if (type() == McrLexer.OPEN_PARENTHESIS && index == 2) {
            return report(
                    SyntaxErrors.UNEXPECTED, place(), "only a 'function' has parameters", form());
        }
        if (type() == McrLexer.EQUAL) {
            return report(
                    SyntaxErrors.UNEXPECTED, place(), "'==' compares; a declaration has '='", "write '='");
        }
        return report(
                SyntaxErrors.INCOMPLETE_DECLARATION,
                place(),
                offending.isPresent()
                        ? "'=' is missing before " + described()
                        : "'=' and the value of '" + Lexeme.shortened(name.text()) + "' are missing",
                form());
    }

    private boolean explainFunctionHead() {
        if (index > 2) {
            return report(
                    SyntaxErrors.INCOMPLETE_DECLARATION,
                    place(),
                    offending.isPresent() ? "'=' is missing before " + described() : "'=' and the value are missing",
                    form());
        }
        return report(
                SyntaxErrors.INCOMPLETE_DECLARATION,
                place(),
                type() == McrLexer.OPEN_BRACKET
                        ? "the parameters of a function stand in parentheses, not in brackets"
                        : "a function has parameters in parentheses",
                form() + "; a constant is a 'param', an array a 'let'");
    }

    /** Words that are followed by one thing only. */
    private boolean explainClause() {
        if (previous.type() == McrLexer.IN && bracket < 0 && type() != McrLexer.OPEN_BRACKET) {
            return report(
                    SyntaxErrors.INCOMPLETE_DECLARATION, place(), "'in' is followed by an interval in brackets",
                    "the form is: in [LOW, HIGH]");
        }
        if (bracket > 0 && words.get(bracket - 1).type() == McrLexer.IN
                && (type() == McrLexer.COMMA || type() == McrLexer.CLOSE_BRACKET) && previous.endsOperand()) {
            return report(
                    SyntaxErrors.INVALID_PART, place(), "an interval has two ends", "the form is: in [LOW, HIGH]");
        }
        if (isExpected(McrLexer.WHERE) && !isExpected(McrLexer.IDENTIFIER) && offending.isEmpty()) {
            return report(
                    SyntaxErrors.INCOMPLETE_DECLARATION, place(), "'solve' lacks its equations",
                    "the form is: solve c = START where EXPRESSION = EXPRESSION");
        }
        boolean afterName = previous.isIdentifier() && isExpected(McrLexer.ASSIGN) && index > 2 && bracket < 0;
        if (afterName && !isExpected(McrLexer.PLUS)) {
            return report(
                    SyntaxErrors.INCOMPLETE_DECLARATION, span(previous),
                    "'=' and a value are missing after " + previous.quoted());
        }
        if (previous.type() == McrLexer.FROM && isExpected(McrLexer.STRING)) {
            return report(
                    SyntaxErrors.INCOMPLETE_DECLARATION, place(),
                    "'from' is followed by a file's name in quotes", form());
        }
        return false;
    }

    /** Reductions without indices or parentheses. */
    private boolean explainReduction() {
        if (previous.isReducer() && type() != McrLexer.OPEN_BRACKET && !isExpected(McrLexer.ASSIGN)) {
            String word = previous.text();
            boolean alsoFunction = Vocabulary.FUNCTIONS.contains(word);
            return report(
                    SyntaxErrors.MALFORMED_REDUCTION,
                    span(previous),
                    type() == McrLexer.OPEN_PARENTHESIS
                            ? "'" + word + "' lacks its indices"
                            : "'" + word + "' is the name of a reduction" + (alsoFunction ? " and a function" : ""),
                    "the form is: " + word + "[x](…)");
        }
        if (previous.type() != McrLexer.CLOSE_BRACKET) {
            return false;
        }
        int open = opening(index - 1);
        if (open == 0) {
            return false;
        }
        Lexeme before = words.get(open - 1);
        boolean declared = open == 2 && words.getFirst().isDeclarationKeyword();
        if (before.isReducer() && !declared) {
            return report(
                    SyntaxErrors.MALFORMED_REDUCTION,
                    place(),
                    "the parentheses are missing around what '" + before.text() + "' reduces",
                    "the form is: " + before.text() + "[x](…)");
        }
        return false;
    }

    private boolean isExpected(int type) {
        return expected.contains(type);
    }

    /** A reserved word where there should be a name or an operand. */
    private boolean explainReservedWord() {
        if (offending.isEmpty()) {
            return false;
        }
        Lexeme word = offending.get();
        boolean name = index == 1 || isExpected(McrLexer.IDENTIFIER) || word.isDeclarationKeyword();
        boolean operator = switch (word.type()) {
            case McrLexer.AND, McrLexer.OR, McrLexer.DIV, McrLexer.MOD, McrLexer.THEN, McrLexer.ELSE, McrLexer.IN ->
                    index > 1 && !followsAsName();
            default -> false;
        };
        Optional<String> meaning = Vocabulary.meaning(word.text());
        if (!name || operator || meaning.isEmpty()) {
            return false;
        }
        return report(
                SyntaxErrors.RESERVED_WORD,
                span(word),
                word.quoted() + " is a reserved word and cannot be a name: " + meaning.get());
    }

    /** Whether the offending word is followed by what only follows a name that is introduced. */
    private boolean followsAsName() {
        return index + 1 < words.size() && words.get(index + 1).type() == McrLexer.COLON;
    }

    /** Words and signs that have a place, but not here. */
    private boolean explainWord() {
        if (isExpected(McrLexer.THEN) && !startsAfterOperand(McrLexer.THEN)) {
            return report(SyntaxErrors.INCOMPLETE_CONDITIONAL, place(), "'then' is missing in this conditional",
                    "the form is: if CONDITION then A else B");
        }
        if (isExpected(McrLexer.ELSE) && !startsAfterOperand(McrLexer.ELSE)) {
            return report(SyntaxErrors.INCOMPLETE_CONDITIONAL, place(), "'else' is missing in this conditional",
                    "the form is: if CONDITION then A else B");
        }
        if (type() == McrLexer.IF && previous.endsOperand()) {
            return report(SyntaxErrors.INCOMPLETE_CONDITIONAL, place(), "a conditional begins with its 'if'",
                    "the form is: if CONDITION then A else B");
        }
        if (previous.type() == McrLexer.PRIMES) {
            return report(SyntaxErrors.MISSING_OPERAND, span(previous), "a derivative lacks its argument",
                    "write it like a call: f'(z)");
        }
        return switch (type()) {
            case McrLexer.ASSIGN -> previous.type() == McrLexer.COLON
                    ? report(SyntaxErrors.UNEXPECTED, place(), "a set is missing between ':' and '='")
                    : report(
                            SyntaxErrors.ASSIGNMENT_IN_EXPRESSION, place(), "'=' has no place in an expression",
                            "equality is written '=='");
            case McrLexer.IN -> isBeforeSet() && report(SyntaxErrors.UNEXPECTED, place(),
                    "an index is introduced by ':', not by 'in'",
                    "write '" + previous.text() + ": " + nextName().orElse("SET") + "', or '" + previous.text()
                            + "' alone where it is a pixel");
            case McrLexer.DECIMAL -> previous.type() == McrLexer.POINT && componentNumber();
            case McrLexer.BAR -> previous.type() != McrLexer.COMMA && report(SyntaxErrors.UNEXPECTED, place(),
                    "'|' stands only before the guard of a reduction, an output, a report or a set",
                    "an absolute value is 'abs(…)'; conditions are joined by 'or'");
            case McrLexer.RANGE -> previous.endsOperand() && report(SyntaxErrors.UNEXPECTED, place(),
                    "a range has no place here: it is a set", "give it to an index, as in sum[k: 0..3](…)");
            case McrLexer.COLON -> previous.endsOperand() && report(SyntaxErrors.UNEXPECTED, place(),
                    "':' stands only between an index and its set, where the index is introduced");
            case McrLexer.OPEN_BRACKET -> previous.endsOperand()
                    ? report(SyntaxErrors.UNEXPECTED, place(), "only a named array has subscripts",
                            "name the array with 'let'")
                    : report(SyntaxErrors.UNEXPECTED, place(), "'[' has no place here",
                            "expressions and the components of vectors stand in '(' and ')'");
            case McrLexer.THEN, McrLexer.ELSE -> previous.endsOperand() && report(
                    SyntaxErrors.INCOMPLETE_CONDITIONAL, place(), described() + " has no 'if' before it",
                    "the form is: if CONDITION then A else B");
            default -> previous.type() == McrLexer.POINT && componentNumber();
        };
    }

    private boolean startsAfterOperand(int type) {
        boolean misspelled = type() == McrLexer.IDENTIFIER && nearestInfixWord().isPresent();
        return !previous.endsOperand() || type() == type || misspelled || type() == McrLexer.ASSIGN;
    }

    /** Whether the offending word stands behind an index that a list of indices introduces. */
    private boolean isBeforeSet() {
        return bracket > 0 && words.get(bracket).type() == McrLexer.OPEN_BRACKET && previous.isIdentifier()
                && (index - 2 == bracket || words.get(index - 2).type() == McrLexer.COMMA);
    }

    private Optional<String> nextName() {
        return index + 1 < words.size() && words.get(index + 1).isIdentifier()
                ? Optional.of(Lexeme.shortened(words.get(index + 1).text())) : Optional.empty();
    }

    private boolean componentNumber() {
        if (index + 1 < words.size() && words.get(index + 1).type() == McrLexer.OPEN_PARENTHESIS) {
            String word = offending.get().text();
            return report(SyntaxErrors.UNEXPECTED, place(), "functions have no module and belong to no array",
                    Vocabulary.REDUCTIONS.contains(word) ? "the form is: " + word + "[x](…)"
                            : Vocabulary.FUNCTIONS.contains(word) ? "write " + word + "(…)"
                                    : "a point is followed by the number of a vector's component, as in r.1");
        }
        return report(SyntaxErrors.UNEXPECTED, place(),
                "a point is followed by the number of a vector's component, as in r.1");
    }

    private Optional<String> nearestInfixWord() {
        return offending.flatMap(word -> Suggestions.nearest(word.text(), INFIX_WORDS));
    }

    private boolean explainMissingOperand() {
        boolean atEnd = offending.isEmpty();
        boolean operator = switch (type()) {
            case McrLexer.PLUS, McrLexer.MINUS, McrLexer.TIMES, McrLexer.OVER, McrLexer.POWER, McrLexer.EQUAL,
                    McrLexer.NOT_EQUAL, McrLexer.LESS, McrLexer.LESS_OR_EQUAL, McrLexer.GREATER,
                    McrLexer.GREATER_OR_EQUAL, McrLexer.AND, McrLexer.OR, McrLexer.DIV, McrLexer.MOD, McrLexer.COMMA,
                    McrLexer.THEN, McrLexer.ELSE, McrLexer.BAR, McrLexer.IN, McrLexer.AMPERSAND, McrLexer.RANGE,
                    McrLexer.COLON -> true;
            default -> false;
        };
        boolean operandExpected = !previous.endsOperand() || isExpected(McrLexer.INTEGER);
        if (!operandExpected || !(atEnd || operator || offending.get().isClosing())) {
            return false;
        }
        if (previous.isOpening() && !atEnd && offending.get().isClosing()) {
            Span both = reporter.span(previous.start(), offending.get().end());
            String brackets = "'" + previous.text() + offending.get().text() + "'";
            return switch (previous.type()) {
                case McrLexer.OPEN_BRACE -> report(
                        SyntaxErrors.MISSING_OPERAND, both, brackets + " is empty: a set has at least one member");
                case McrLexer.OPEN_BRACKET -> index == 3
                        ? report(SyntaxErrors.MISSING_OPERAND, both, brackets + " is empty: an index is missing",
                                "what has no indices has no brackets")
                        : report(SyntaxErrors.MISSING_OPERAND, both, brackets + " is empty: an index is missing");
                default -> report(SyntaxErrors.MISSING_OPERAND, both, brackets + " is empty: "
                        + (index == 3 && words.getFirst().type() == McrLexer.FUNCTION ? "a parameter"
                                : index > 1 && words.get(index - 2).isIdentifier() ? "an argument" : "an expression")
                        + " is missing");
            };
        }
        boolean plus = type() == McrLexer.PLUS;
        boolean name = isExpected(McrLexer.IDENTIFIER) && !isExpected(McrLexer.INTEGER);
        String what = inSet() ? "a set" : name ? "a name" : "an expression";
        if (plus) {
            return report(SyntaxErrors.MISSING_OPERAND, place(), what + " is missing before '+'",
                    "there is no sign '+': leave it out");
        }
        return report(
                SyntaxErrors.MISSING_OPERAND,
                atEnd ? span(previous) : place(),
                atEnd || offending.get().isClosing() || type() == McrLexer.COMMA
                        ? what + " is missing after " + previous.quoted()
                        : what + " is missing between " + previous.quoted() + " and " + offending.get().quoted());
    }

    private boolean inSet() {
        return previous.type() == McrLexer.COLON
                || previous.type() == McrLexer.IN
                || previous.type() == McrLexer.AMPERSAND
                || words.getFirst().type() == McrLexer.VECTORS && bracket < 0;
    }

    private boolean explainMissingOperator() {
        if (offending.isEmpty() || !previous.endsOperand()) {
            return false;
        }
        Lexeme word = offending.get();
        if (word.type() == McrLexer.IDENTIFIER && nearestInfixWord().isPresent()) {
            return report(SyntaxErrors.UNEXPECTED, place(), word.quoted() + " is not known here",
                    "did you mean '" + nearestInfixWord().get() + "'?");
        }
        if (word.type() == McrLexer.STRING) {
            return report(SyntaxErrors.UNEXPECTED, place(), "a file's name has no place here");
        }
        if (word.type() == McrLexer.WHERE && words.getFirst().type() == McrLexer.FUNCTION && !isRepeated(word)) {
            return report(SyntaxErrors.UNEXPECTED_PART, place(), "'where' has no 'solve' before it",
                    "the form is: solve c = START where EXPRESSION = EXPRESSION");
        }
        if (word.type() >= McrLexer.WEIGHT && word.type() <= McrLexer.FOR && bracket < 0) {
            return report(SyntaxErrors.UNEXPECTED_PART, place(),
                    "'" + keyword() + "' has no " + word.quoted() + (isRepeated(word) ? " but the one before" : ""));
        }
        if (!word.startsOperand() && word.type() != McrLexer.OPEN_PARENTHESIS) {
            return false;
        }
        boolean number = previous.type() == McrLexer.INTEGER || previous.type() == McrLexer.DECIMAL;
        boolean touching = previous.end() == word.start();
        Span both = reporter.span(previous.start(), word.end());
        String between = "between " + previous.quoted() + " and " + word.quoted();
        if (word.startsLine() && bracket < 0) {
            return report(SyntaxErrors.MISSING_OPERATOR, place(), "an operator is missing before " + word.quoted()
                    + ", or the keyword of a declaration");
        }
        if (word.type() == McrLexer.FOR) {
            return report(SyntaxErrors.UNEXPECTED, place(), "a set in braces has one 'for'",
                    "separate what follows it by ',': {a - b for a in A, b in B}");
        }
        if (isExpected(McrLexer.ASSIGN)) {
            return report(SyntaxErrors.INCOMPLETE_DECLARATION, both, "'=' is missing " + between);
        }
        boolean numbers = number && (word.type() == McrLexer.INTEGER || word.type() == McrLexer.DECIMAL);
        boolean list = bracket >= 0 && (numbers || words.get(bracket).type() != McrLexer.OPEN_PARENTHESIS
                || words.get(bracket - 1).isIdentifier());
        if (number && touching && word.text().matches("[eE]|[xXbBoO]\\p{XDigit}+")) {
            return report(SyntaxErrors.MISSING_OPERATOR, both, "this is no number: " + (word.text().matches("[eE]")
                    ? "the exponent is missing" : "numbers are written in decimal"), "numbers are 31, 0.75, 1e-3; a product is written with '*'");
        }
        if (list && !touching) {
            return report(SyntaxErrors.MISSING_OPERATOR, both, "',' or an operator is missing " + between);
        }
        if (Vocabulary.FUNCTIONS.contains(previous.text())) {
            return report(SyntaxErrors.UNEXPECTED, both, "what " + previous.quoted() + " is taken of stands in parentheses",
                    "the form is: " + previous.text() + "(…)");
        }
        return number || previous.isClosing() && word.type() == McrLexer.OPEN_PARENTHESIS
                ? report(SyntaxErrors.MISSING_OPERATOR, both, "an operator is missing " + between,
                        "a product is written with '*'")
                : report(SyntaxErrors.MISSING_OPERATOR, both, "an operator is missing " + between);
    }

    private boolean isRepeated(Lexeme word) {
        return words.subList(1, index).stream().anyMatch(earlier -> earlier.type() == word.type());
    }

    private void explainUnexpected() {
        if (offending.isPresent() && isExpected(McrLexer.IDENTIFIER) && !isExpected(McrLexer.INTEGER)) {
            report(SyntaxErrors.MISSING_NAME, place(), "a name is expected here, not " + described());
            return;
        }
        List<String> possible = expected.stream()
                .filter(type -> type != Token.EOF)
                .map(McrLexer.VOCABULARY::getLiteralName)
                .map(literal -> literal == null ? "a name or a number" : literal)
                .distinct()
                .sorted()
                .toList();
        Optional<String> meant = possible.isEmpty() || possible.size() > 4
                ? Optional.empty()
                : Optional.of(String.join(" or ", possible) + " could stand here");
        reporter.report(
                SyntaxErrors.UNEXPECTED,
                place(),
                offending.isPresent() ? described() + " is not expected here" : "this declaration is not complete",
                meant);
    }

    private String described() {
        return offending.map(Lexeme::quoted).orElse("the end of the declaration");
    }
}
