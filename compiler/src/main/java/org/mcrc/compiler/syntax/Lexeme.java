package org.mcrc.compiler.syntax;

import java.util.Optional;
import org.antlr.v4.runtime.Token;
import org.mcrc.grammar.McrLexer;

/**
 * A word of a file.
 *
 * @param type which kind of word: a constant of the lexer
 * @param text the word
 * @param start its first UTF-16 code unit in the file
 * @param end one past its last
 * @param startsLine whether it is the first word of a line
 * @param documentation the documentation comment before it
 */
record Lexeme(int type, String text, int start, int end, boolean startsLine, Optional<Documentation> documentation) {

    /**
     * A documentation comment.
     *
     * @param text its lines, without the slashes and one space, joined by line feeds
     * @param start its first UTF-16 code unit in the file
     * @param end one past its last
     */
    record Documentation(String text, int start, int end) {}

    /** What stands for a word that was reported and has no mend: a declaration that holds one is not parsed. */
    static final int INVALID = McrLexer.OTHER;

    Lexeme withType(int other) {
        return new Lexeme(other, text, start, end, startsLine, documentation);
    }

    boolean isDeclarationKeyword() {
        return McrLexer.DESCRIPTOR <= type && type <= McrLexer.USE;
    }

    /** Whether it is a name, or a word that is a name where it has no other meaning. */
    boolean isIdentifier() {
        return type == McrLexer.IDENTIFIER || McrLexer.WEIGHT <= type && type <= McrLexer.FOR;
    }

    boolean isReducer() {
        return McrLexer.SUM <= type && type <= McrLexer.MIN;
    }

    /** Whether it is made of letters and reserved. */
    boolean isReservedWord() {
        return McrLexer.DESCRIPTOR <= type && type <= McrLexer.MIN || Vocabulary.isReserved(text);
    }

    /** Whether an operand may end with it. */
    boolean endsOperand() {
        return isIdentifier() || switch (type) {
            case McrLexer.INTEGER, McrLexer.DECIMAL, McrLexer.STRING, McrLexer.CLOSE_PARENTHESIS,
                    McrLexer.CLOSE_BRACKET, McrLexer.CLOSE_BRACE, McrLexer.PI, McrLexer.DESCRIPTOR_ERROR,
                    McrLexer.LEVEL, McrLexer.PHASES -> true;
            default -> false;
        };
    }

    /** Whether an operand may start with it, parentheses and signs aside. */
    boolean startsOperand() {
        return isIdentifier() || isReducer() || switch (type) {
            case McrLexer.INTEGER, McrLexer.DECIMAL, McrLexer.STRING, McrLexer.PI, McrLexer.DESCRIPTOR_ERROR,
                    McrLexer.LEVEL, McrLexer.PHASES, McrLexer.COUNT, McrLexer.IF, McrLexer.NOT -> true;
            default -> false;
        };
    }

    boolean isOpening() {
        return type == McrLexer.OPEN_PARENTHESIS || type == McrLexer.OPEN_BRACKET || type == McrLexer.OPEN_BRACE;
    }

    boolean isClosing() {
        return type == McrLexer.CLOSE_PARENTHESIS || type == McrLexer.CLOSE_BRACKET || type == McrLexer.CLOSE_BRACE;
    }

    /** The type of the bracket that closes this opening one, or {@link Token#INVALID_TYPE}. */
    int closingType() {
        return switch (type) {
            case McrLexer.OPEN_PARENTHESIS -> McrLexer.CLOSE_PARENTHESIS;
            case McrLexer.OPEN_BRACKET -> McrLexer.CLOSE_BRACKET;
            case McrLexer.OPEN_BRACE -> McrLexer.CLOSE_BRACE;
            default -> Token.INVALID_TYPE;
        };
    }

    /** The word in quotes, shortened if it is long. */
    String quoted() {
        return "'" + shortened(text) + "'";
    }

    static String shortened(String text) {
        int most = 40;
        return text.length() <= most ? text : text.substring(0, text.offsetByCodePoints(0, most / 2)) + "…";
    }
}
