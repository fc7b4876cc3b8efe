package org.mcrc.compiler.syntax;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.mcrc.compiler.diagnostic.Diagnostic;
import org.mcrc.grammar.McrLexer;
import org.mcrc.grammar.McrParser;

/** Parses the words of one declaration; at the first error it gives up and has it explained. */
final class DeclarationParser {

    /**
     * How deep a tree may be. Parsing and the later passes descend recursively: this many levels take about a third of
     * the smallest stack that a Java thread has by default.
     */
    static final int DEEPEST = 256;

    private DeclarationParser() {}

    /** What {@code written} words declare; absent, with at least one diagnostic, if they are no declaration. */
    static Optional<AstBuilder.Parsed> parse(List<Lexeme> written, SyntaxReporter reporter) {
        if (!checkBrackets(written, reporter)) {
            return Optional.empty();
        }
        List<Lexeme> words = MisspeltReductions.mend(written, reporter);
        WatchedTokens tokens = new WatchedTokens(tokens(words));
        BoundedParser parser = new BoundedParser(tokens);
        parser.removeErrorListeners();
        parser.setErrorHandler(new GiveUp());
        try {
            String documentation = words.getFirst().documentation().map(Lexeme.Documentation::text).orElse("");
            return new AstBuilder(documentation, reporter).build(parser);
        } catch (NestedTooDeeply exception) {
            reportTooDeep(words.get(Math.min(exception.position, words.size() - 1)), reporter);
        } catch (ParseCancellationException exception) {
            RecognitionException cause = (RecognitionException) exception.getCause();
            boolean atFurthest = cause.getOffendingToken().getTokenIndex() == tokens.furthest;
            SyntaxErrorExplainer.explain(
                    words, tokens.furthest, atFurthest ? expected(cause) : Set.of(), reporter);
        }
        return Optional.empty();
    }

    private static List<Token> tokens(List<Lexeme> words) {
        List<Token> tokens = new ArrayList<>(words.size() + 1);
        for (Lexeme word : words) {
            tokens.add(token(word.type(), word.text(), word.start(), word.end()));
        }
        int end = words.getLast().end();
        tokens.add(token(Token.EOF, "", end, end));
        return tokens;
    }

    private static Token token(int type, String text, int start, int end) {
        CommonToken token = new CommonToken(type, text);
        token.setStartIndex(start);
        token.setStopIndex(end - 1);
        return token;
    }

    private static Set<Integer> expected(RecognitionException exception) {
        boolean known = !(exception instanceof NoViableAltException unviable)
                || unviable.getStartToken() == unviable.getOffendingToken();
        return known && exception.getExpectedTokens() != null ? exception.getExpectedTokens().toSet() : Set.of();
    }

    private static boolean checkBrackets(List<Lexeme> words, SyntaxReporter reporter) {
        List<Lexeme> open = new ArrayList<>();
        for (Lexeme word : words) {
            if (word.isOpening()) {
                open.add(word);
                if (open.size() > DEEPEST) {
                    reportTooDeep(word, reporter);
                    return false;
                }
            } else if (word.isClosing()) {
                if (open.isEmpty()) {
                    reporter.report(
                            SyntaxErrors.UNBALANCED_BRACKETS,
                            reporter.span(word.start(), word.end()),
                            word.quoted() + " closes nothing");
                    return false;
                }
                Lexeme opening = open.removeLast();
                if (opening.closingType() != word.type()) {
                    reportMismatch(opening, word, words, reporter);
                    return false;
                }
            }
        }
        if (!open.isEmpty()) {
            Lexeme opening = open.getLast();
            reporter.report(
                    SyntaxErrors.UNBALANCED_BRACKETS,
                    reporter.span(opening.start(), opening.end()),
                    opening.quoted() + " is not closed",
                    closing(opening) + " is missing");
            return false;
        }
        return true;
    }

    private static void reportMismatch(
            Lexeme opening, Lexeme closing, List<Lexeme> words, SyntaxReporter reporter) {
        int position = words.indexOf(opening);
        boolean interval = position > 0 && words.get(position - 1).type() == McrLexer.IN;
        reporter.report(new Diagnostic(
                SyntaxErrors.UNBALANCED_BRACKETS,
                reporter.span(closing.start(), closing.end()),
                closing.quoted() + " does not close " + opening.quoted(),
                Optional.of(interval
                        ? "an interval is closed, both ends belong to it: write ']'"
                        : closing(opening) + " is missing before it"),
                List.of(new Diagnostic.Note(
                        reporter.span(opening.start(), opening.end()), opening.quoted() + " is opened here"))));
    }

    private static String closing(Lexeme opening) {
        return McrLexer.VOCABULARY.getLiteralName(opening.closingType());
    }

    private static void reportTooDeep(Lexeme word, SyntaxReporter reporter) {
        reporter.report(
                SyntaxErrors.NESTED_TOO_DEEPLY,
                reporter.span(word.start(), word.end()),
                "the expression is nested too deeply: it has more than " + DEEPEST + " levels here",
                "name parts of it with 'let' or 'function', or write a sum over an index");
    }

    /** Thrown where the tree becomes too deep. */
    private static final class NestedTooDeeply extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final int position;

        NestedTooDeeply(int position) {
            super(null, null, false, false);
            this.position = position;
        }
    }

    /**
     * The words, with a note of the furthest that the parser has looked at. Prediction looks no further than to the
     * first word that fits nothing, so when parsing fails it is that one; the word at which ANTLR reports the failure
     * may lie before it.
     */
    private static final class WatchedTokens extends CommonTokenStream {

        private int furthest;

        WatchedTokens(List<Token> tokens) {
            super(new ListTokenSource(tokens));
        }

        @Override
        public Token LT(int k) {
            Token token = super.LT(k);
            if (token != null) {
                furthest = Math.max(furthest, token.getTokenIndex());
            }
            return token;
        }
    }

    /** Gives up at the first error. */
    private static final class GiveUp extends DefaultErrorStrategy {

        @Override
        public void recover(org.antlr.v4.runtime.Parser recognizer, RecognitionException exception) {
            throw new ParseCancellationException(exception);
        }

        @Override
        public Token recoverInline(org.antlr.v4.runtime.Parser recognizer) {
            throw new ParseCancellationException(new InputMismatchException(recognizer));
        }

        @Override
        public void sync(org.antlr.v4.runtime.Parser recognizer) {
            // The default would skip words here.
        }
    }

    /** A parser that counts the levels of the tree that it makes. */
    private static final class BoundedParser extends McrParser {

        private int depth;
        private int[] depthOfRule = new int[64];
        private int rules;

        BoundedParser(TokenStream input) {
            super(input);
        }

        @Override
        public void enterRule(ParserRuleContext context, int state, int rule) {
            super.enterRule(context, state, rule);
            enter();
        }

        @Override
        public void enterRecursionRule(ParserRuleContext context, int state, int rule, int precedence) {
            super.enterRecursionRule(context, state, rule, precedence);
            enter();
            descend();
        }

        @Override
        public void pushNewRecursionContext(ParserRuleContext context, int state, int rule) {
            super.pushNewRecursionContext(context, state, rule);
            descend();
        }

        @Override
        public void exitRule() {
            super.exitRule();
            leave();
        }

        @Override
        public void unrollRecursionContexts(ParserRuleContext parent) {
            super.unrollRecursionContexts(parent);
            leave();
        }

        private void enter() {
            if (rules == depthOfRule.length) {
                depthOfRule = Arrays.copyOf(depthOfRule, 2 * rules);
            }
            depthOfRule[rules++] = depth;
        }

        private void descend() {
            depth++;
            if (depth > DEEPEST) {
                throw new NestedTooDeeply(getCurrentToken().getTokenIndex());
            }
        }

        private void leave() {
            depth = depthOfRule[--rules];
        }
    }
}
