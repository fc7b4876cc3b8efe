package org.mcrc.compiler.syntax;

import org.mcrc.compiler.diagnostic.DiagnosticKind;

/** The kinds of diagnostics that reading and parsing a file can raise. */
public final class SyntaxErrors {

    /** The file cannot be read. */
    public static final DiagnosticKind UNREADABLE_FILE = DiagnosticKind.error("unreadable-file");
    /** The file is too large to be a descriptor. */
    public static final DiagnosticKind FILE_TOO_LARGE = DiagnosticKind.error("file-too-large");
    /** The file is not UTF-8 text. */
    public static final DiagnosticKind NOT_TEXT = DiagnosticKind.error("not-text");
    /** The file declares nothing. */
    public static final DiagnosticKind EMPTY_FILE = DiagnosticKind.error("empty-file");
    /** More errors than are worth showing. */
    public static final DiagnosticKind TOO_MANY_ERRORS = DiagnosticKind.error("too-many-errors");
    /** A character or operator that the language does not have. */
    public static final DiagnosticKind UNKNOWN_CHARACTER = DiagnosticKind.error("unknown-character");
    /** A block comment without end. */
    public static final DiagnosticKind UNTERMINATED_COMMENT = DiagnosticKind.error("unterminated-comment");
    /** A file name without its closing quote. */
    public static final DiagnosticKind UNTERMINATED_STRING = DiagnosticKind.error("unterminated-string");
    /** A number that is not written as one. */
    public static final DiagnosticKind MALFORMED_NUMBER = DiagnosticKind.error("malformed-number");
    /** A name that is not written as one. */
    public static final DiagnosticKind MALFORMED_NAME = DiagnosticKind.error("malformed-name");
    /** A comment that looks like an integer division. */
    public static final DiagnosticKind DIVISION_AS_COMMENT = DiagnosticKind.warning("division-as-comment");
    /** A documentation comment that no declaration follows. */
    public static final DiagnosticKind STRAY_DOCUMENTATION = DiagnosticKind.warning("stray-documentation");
    /** The file does not begin with {@code descriptor}. */
    public static final DiagnosticKind NO_DESCRIPTOR = DiagnosticKind.error("no-descriptor");
    /** {@code descriptor} that is not the first declaration, or a second one. */
    public static final DiagnosticKind MISPLACED_DESCRIPTOR = DiagnosticKind.error("misplaced-descriptor");
    /** A declaration that starts with a word that is no declaration's. */
    public static final DiagnosticKind UNKNOWN_DECLARATION = DiagnosticKind.error("unknown-declaration");
    /** A bracket without its partner. */
    public static final DiagnosticKind UNBALANCED_BRACKETS = DiagnosticKind.error("unbalanced-brackets");
    /** An expression with more levels than the compiler follows. */
    public static final DiagnosticKind NESTED_TOO_DEEPLY = DiagnosticKind.error("nested-too-deeply");
    /** A reserved word as a name. */
    public static final DiagnosticKind RESERVED_WORD = DiagnosticKind.error("reserved-word");
    /** A declaration without its name. */
    public static final DiagnosticKind MISSING_NAME = DiagnosticKind.error("missing-name");
    /** A declaration that lacks another of its parts. */
    public static final DiagnosticKind INCOMPLETE_DECLARATION = DiagnosticKind.error("incomplete-declaration");
    /** A part that the declaration does not have, or has twice. */
    public static final DiagnosticKind UNEXPECTED_PART = DiagnosticKind.error("unexpected-part");
    /** A part of a declaration that is none of its possible values. */
    public static final DiagnosticKind INVALID_PART = DiagnosticKind.error("invalid-part");
    /** Two operands with no operator between them. */
    public static final DiagnosticKind MISSING_OPERATOR = DiagnosticKind.error("missing-operator");
    /** An operator or bracket with no operand. */
    public static final DiagnosticKind MISSING_OPERAND = DiagnosticKind.error("missing-operand");
    /** A reduction that lacks its indices or parentheses. */
    public static final DiagnosticKind MALFORMED_REDUCTION = DiagnosticKind.error("malformed-reduction");
    /** {@code =} in an expression. */
    public static final DiagnosticKind ASSIGNMENT_IN_EXPRESSION = DiagnosticKind.error("assignment-in-expression");
    /** {@code a < b < c}. */
    public static final DiagnosticKind CHAINED_COMPARISON = DiagnosticKind.error("chained-comparison");
    /** A conditional without {@code then} or {@code else}. */
    public static final DiagnosticKind INCOMPLETE_CONDITIONAL = DiagnosticKind.error("incomplete-conditional");
    /** A derivative of higher than second order. */
    public static final DiagnosticKind TOO_MANY_PRIMES = DiagnosticKind.error("too-many-primes");
    /** An expression where there should be a set. */
    public static final DiagnosticKind SET_EXPECTED = DiagnosticKind.error("set-expected");
    /** A set where there should be an expression. */
    public static final DiagnosticKind EXPRESSION_EXPECTED = DiagnosticKind.error("expression-expected");
    /** Anything else that does not belong where it stands. */
    public static final DiagnosticKind UNEXPECTED = DiagnosticKind.error("unexpected");

    private SyntaxErrors() {}
}
