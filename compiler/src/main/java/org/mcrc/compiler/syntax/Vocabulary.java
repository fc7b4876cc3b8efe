package org.mcrc.compiler.syntax;

import java.util.List;
import java.util.Optional;

/** The words of the language. */
public final class Vocabulary {

    /** The words with which declarations start. */
    public static final List<String> DECLARATIONS = List.of(
            "descriptor", "param", "field", "data", "vectors", "function", "multigrid", "slices", "let", "output",
            "report", "penalty", "loss", "use");

    /** The built-in functions, those on vectors, grids and sets among them. */
    public static final List<String> FUNCTIONS = List.of(
            "abs", "sqrt", "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh",
            "sigmoid", "relu", "sign", "step", "floor", "min", "max", "clamp", "lgamma", "digamma", "norm", "dot",
            "size", "extent", "count");

    /** The reductions. */
    public static final List<String> REDUCTIONS = List.of("sum", "mean", "prod", "max", "min");

    /** The constructors of vector sets. */
    public static final List<String> SET_CONSTRUCTORS =
            List.of("window", "halfwindow", "box", "axes", "line", "random");

    /** Words that mean something in one place only and are names everywhere else. */
    public static final List<String> CLAUSES = List.of(
            "weight", "boundary", "rank", "from", "with", "coarsest", "factor", "solve", "where", "derivative", "for");

    private Vocabulary() {}

    /** What {@code word} means, as in "the name of a reduction", if it is reserved. */
    public static Optional<String> meaning(String word) {
        if (DECLARATIONS.contains(word)) {
            return Optional.of("it starts a declaration");
        }
        if (REDUCTIONS.contains(word)) {
            return Optional.of("it is the name of a reduction");
        }
        if (FUNCTIONS.contains(word)) {
            return Optional.of("it is the name of a built-in function");
        }
        if (SET_CONSTRUCTORS.contains(word)) {
            return Optional.of("it is the name of a set constructor");
        }
        return switch (word) {
            case "if", "then", "else" -> Optional.of("it belongs to conditionals");
            case "and", "or", "not", "div", "mod" -> Optional.of("it is an operator");
            case "in" -> Optional.of("it stands before an interval or a set");
            case "phases" -> Optional.of("it is the number of phases");
            case "level" -> Optional.of("it is the number of the multigrid level");
            case "pi" -> Optional.of("it is the number 3.14159…");
            case "E" -> Optional.of("it is the descriptor error");
            default -> Optional.empty();
        };
    }

    /** Whether {@code word} cannot be declared as a name. */
    public static boolean isReserved(String word) {
        return meaning(word).isPresent();
    }
}
