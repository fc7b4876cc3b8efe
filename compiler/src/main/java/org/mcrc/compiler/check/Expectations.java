package org.mcrc.compiler.check;

import java.util.Optional;
import java.util.OptionalDouble;
import org.mcrc.compiler.check.StaticType.Integrality;
import org.mcrc.compiler.check.StaticType.Number;
import org.mcrc.compiler.check.StaticType.Position;
import org.mcrc.compiler.check.StaticType.Truth;
import org.mcrc.compiler.check.StaticType.Unknown;
import org.mcrc.compiler.check.StaticType.Variability;
import org.mcrc.compiler.check.StaticType.Vector;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.compiler.syntax.Expression;
import org.mcrc.compiler.syntax.Name;

/** Checks that an expression is what its place needs: a number, an integer, a vector, a condition; says so if not. */
final class Expectations {

    private final TypeChecker checker;
    private final Symbols symbols;
    private final Constants constants;
    private final Dimensions dimensions;
    private final CheckReporter reporter;

    Expectations(
            TypeChecker checker, Symbols symbols,
            Constants constants, Dimensions dimensions, CheckReporter reporter) {
        this.checker = checker;
        this.symbols = symbols;
        this.constants = constants;
        this.dimensions = dimensions;
        this.reporter = reporter;
    }

    /** The type of {@code expression}, of which nothing is expected. */
    StaticType type(Expression expression, Context context) {
        return checker.expressions().type(expression, context);
    }

    /** Checks that {@code expression} is a number. */
    StaticType number(Expression expression, Context context) {
        return asNumber(expression, type(expression, context));
    }

    StaticType asNumber(Expression expression, StaticType type) {
        return switch (type) {
            case Number number -> number;
            case Unknown unknown -> unknown;
            case Position position -> {
                reportPositionAsNumber(expression, position);
                yield StaticType.UNKNOWN;
            }
            case Vector _ -> {
                String text = Words.excerpt(expression.span());
                reporter.at(expression.span(), CheckError.NUMBER_EXPECTED, "a vector")
                        .hint("take norm(" + text + ") or a component"
                                + (expression instanceof Expression.NameReference ? ", " + text + ".1" : ""))
                        .report();
                yield StaticType.UNKNOWN;
            }
            case Truth _ -> {
                reporter.at(expression.span(), CheckError.NUMBER_EXPECTED, "a condition")
                        .hint("write 'if " + Words.excerpt(expression.span()) + " then 1 else 0'")
                        .report();
                yield StaticType.UNKNOWN;
            }
        };
    }

    void reportPositionAsNumber(Expression expression, Position position) {
        String index = position.index().name().text();
        String array = symbols.names(FieldDeclaration.class::isInstance).stream().findFirst().orElse("M");
        reporter.at(expression.span(), CheckError.PIXEL_INDEX_AS_NUMBER, index)
                .hint("did you mean the value there, as in " + array + "[" + Words.excerpt(expression.span()) + "]?")
                .report();
    }

    /** Checks that {@code expression} is an integer, as far as can be known. */
    StaticType integer(Expression expression, Context context) {
        StaticType type = number(expression, context);
        if (!(type instanceof Number number)) {
            return type;
        }
        OptionalDouble value = number.variability() == Variability.CONSTANT
                ? constants.evaluate(expression)
                : OptionalDouble.empty();
        boolean wrong = value.isPresent() ? !isInteger(value.getAsDouble()) : number.integrality() == Integrality.NO;
        boolean doubtful = number.variability() != Variability.CONSTANT && number.variability() != Variability.ARRAY
                && number.integrality() != Integrality.YES;
        if (wrong || doubtful) {
            reporter.at(expression.span(), CheckError.INTEGER_EXPECTED,
                            value.isPresent() ? Words.number(value.getAsDouble()) : "a real number")
                    .hint(() -> divHint(expression))
                    .report();
            return StaticType.UNKNOWN;
        }
        return number;
    }

    /** Checks that {@code expression} is a condition. */
    StaticType truth(Expression expression, Context context) {
        return asTruth(expression, type(expression, context));
    }

    /** Checks that {@code expression}, of a known type, is a condition. */
    StaticType asTruth(Expression expression, StaticType type) {
        switch (type) {
            case Truth _, Unknown _ -> { }
            case Position position -> reportPositionAsNumber(expression, position);
            case Number _ -> reporter.at(expression.span(), CheckError.CONDITION_EXPECTED, "a number")
                    .hint("compare it, as in '" + Words.excerpt(expression.span()) + " != 0'")
                    .report();
            case Vector _ -> reporter.at(expression.span(), CheckError.CONDITION_EXPECTED, "a vector")
                    .hint("compare it, as in '" + Words.excerpt(expression.span()) + " != 0'")
                    .report();
        }
        return type;
    }

    /** Checks that {@code expression} is a vector; 0 is one. */
    StaticType vector(Expression expression, Context context) {
        return asVector(expression, type(expression, context));
    }

    StaticType asVector(Expression expression, StaticType type) {
        if (isZero(expression)) {
            return new Vector(Variability.CONSTANT);
        }
        switch (type) {
            case Vector _, Unknown _ -> {
                return type;
            }
            case Number number -> reporter.at(expression.span(), CheckError.VECTOR_EXPECTED, Words.describe(number))
                    .hint(() -> vectorHint(expression))
                    .report();
            case Position position -> reporter.report(
                    expression.span(), CheckError.VECTOR_EXPECTED,
                    "the position of pixel '" + position.index().name() + "'");
            case Truth _ -> reporter.report(expression.span(), CheckError.VECTOR_EXPECTED, "a condition");
        }
        return StaticType.UNKNOWN;
    }

    Optional<String> vectorHint(Expression number) {
        boolean simple = number instanceof Expression.NumberLiteral || number instanceof Expression.NameReference;
        return simple
                ? Optional.of("did you mean " + dimensions.alongFirstAxis(Words.excerpt(number.span())) + "?")
                : Optional.empty();
    }

    static boolean isZero(Expression expression) {
        return expression instanceof Expression.NumberLiteral literal && literal.value() == 0;
    }

    static boolean isInteger(double value) {
        return value == Math.rint(value);
    }

    void checkIntegerSubscript(Expression expression, StaticType type) {
        StaticType number = asNumber(expression, type);
        if (!(number instanceof Number value)) {
            return;
        }
        if (value.variability() == Variability.ARRAY) {
            checkForm(expression, number);
            return;
        }
        boolean constant = value.variability() == Variability.CONSTANT;
        OptionalDouble known = constant ? constants.evaluate(expression) : OptionalDouble.empty();
        boolean isInteger = known.isPresent()
                ? isInteger(known.getAsDouble())
                : constant ? value.integrality() != Integrality.NO : value.integrality() == Integrality.YES;
        if (!isInteger) {
            reporter.at(expression.span(), CheckError.INTEGER_EXPECTED,
                            known.isPresent() ? Words.number(known.getAsDouble()) : "a real number")
                    .hint(() -> divHint(expression))
                    .report();
        } else {
            checkForm(expression, number);
        }
    }

    private static Optional<String> divHint(Expression expression) {
        return expression instanceof Expression.Binary binary
                        && binary.operator() == Expression.BinaryOperator.DIVIDE
                ? Optional.of("integer division is written '" + Words.excerpt(binary.left().span()) + " div "
                        + Words.excerpt(binary.right().span()) + "'")
                : Optional.empty();
    }

    /** Checks that a subscript or an offset is known before the microstructure is. */
    void checkForm(Expression expression, StaticType type) {
        Optional<Variability> variability = switch (type) {
            case Number number -> Optional.of(number.variability());
            case Vector vector -> Optional.of(vector.variability());
            case Truth _, Position _, Unknown _ -> Optional.empty();
        };
        if (variability.isPresent() && variability.get() == Variability.ARRAY) {
            reporter.report(expression.span(), CheckError.SUBSCRIPT_READS_ARRAY);
        }
    }

    boolean checkArguments(Name function, int given, int least, int most) {
        if (given >= least && given <= most) {
            return true;
        }
        String takes = least == most
                ? Words.count(least, "argument")
                : most == Integer.MAX_VALUE ? "at least " + Words.count(least, "argument")
                        : least + " to " + Words.count(most, "argument");
        reporter.report(function.span(), CheckError.ARGUMENT_COUNT, function, takes, given);
        return false;
    }
}
