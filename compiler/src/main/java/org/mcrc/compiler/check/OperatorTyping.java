package org.mcrc.compiler.check;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.mcrc.compiler.check.StaticType.Integrality;
import org.mcrc.compiler.check.StaticType.Number;
import org.mcrc.compiler.check.StaticType.Position;
import org.mcrc.compiler.check.StaticType.Truth;
import org.mcrc.compiler.check.StaticType.Unknown;
import org.mcrc.compiler.check.StaticType.Variability;
import org.mcrc.compiler.check.StaticType.Vector;
import org.mcrc.compiler.syntax.Expression;

/** Finds the static type of operators: the arithmetic of numbers, vectors and positions, comparisons. */
final class OperatorTyping {

    private final TypeChecker checker;
    private final Expectations expect;
    private final Constants constants;
    private final Dimensions dimensions;
    private final CheckReporter reporter;

    OperatorTyping(
            TypeChecker checker, Expectations expect,
            Constants constants, Dimensions dimensions, CheckReporter reporter) {
        this.checker = checker;
        this.expect = expect;
        this.constants = constants;
        this.dimensions = dimensions;
        this.reporter = reporter;
    }

    StaticType unary(Expression.Unary unary, Context context) {
        if (unary.operator() == Expression.UnaryOperator.NOT) {
            StaticType type = expect.truth(unary.operand(), context);
            return type instanceof Truth ? type : StaticType.UNKNOWN;
        }
        StaticType type = expect.type(unary.operand(), context);
        return switch (type) {
            case Number number -> number;
            case Vector vector -> vector;
            case Unknown unknown -> unknown;
            case Position position -> {
                reporter.report(unary.span(), CheckError.PIXEL_ARITHMETIC,
                        "the pixel index '" + position.index().name() + "' cannot be negated");
                yield StaticType.UNKNOWN;
            }
            case Truth _ -> {
                reporter.at(unary.operand().span(), CheckError.NUMBER_EXPECTED, "a condition")
                        .hint("the opposite of a condition is written 'not'")
                        .report();
                yield StaticType.UNKNOWN;
            }
        };
    }

    StaticType binary(Expression.Binary binary, Context context) {
        StaticType left = expect.type(binary.left(), context);
        StaticType right = expect.type(binary.right(), context);
        return switch (binary.operator()) {
            case AND, OR -> {
                StaticType first = expect.asTruth(binary.left(), left);
                StaticType second = expect.asTruth(binary.right(), right);
                yield first instanceof Truth one && second instanceof Truth other
                        ? new Truth(one.variability().and(other.variability()))
                        : StaticType.UNKNOWN;
            }
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> comparison(binary, left, right);
            case ADD, SUBTRACT -> sum(binary, left, right);
            case MULTIPLY -> product(binary, left, right);
            case DIVIDE, DIV, MOD -> quotient(binary, left, right);
            case POWER -> power(binary, left, right);
        };
    }

    private StaticType sum(Expression.Binary binary, StaticType left, StaticType right) {
        boolean adds = binary.operator() == Expression.BinaryOperator.ADD;
        if (left instanceof Position first && right instanceof Position second) {
            reporter.at(binary.span(), CheckError.PIXEL_ARITHMETIC,
                            "two pixel indices cannot be " + (adds ? "added" : "subtracted"))
                    .hint(first.index() == second.index()
                            ? "add an offset vector, as in " + first.index().name() + " + r"
                            : "an index without a set is a pixel; if '" + second.index().name()
                                    + "' is to be an offset, give it a set of vectors where it is introduced, as in "
                                    + second.index().name() + ": R")
                    .report();
            second.index().markRead();
            first.index().markRead();
            return StaticType.UNKNOWN;
        }
        if (left instanceof Position position) {
            return offset(position, binary.right(), right, adds ? " + " : " - ");
        }
        if (right instanceof Position position) {
            if (!adds) {
                reporter.report(binary.span(), CheckError.PIXEL_ARITHMETIC,
                        "the pixel index '" + position.index().name() + "' cannot be subtracted");
                position.index().markRead();
                return StaticType.UNKNOWN;
            }
            return offset(position, binary.left(), left, " + ");
        }
        if (left instanceof Unknown || right instanceof Unknown) {
            return StaticType.UNKNOWN;
        }
        if (left instanceof Vector || right instanceof Vector) {
            return vectorSum(binary, left, right);
        }
        return numbers(binary, left, right, false);
    }

    /** The type of a pixel index plus {@code offset}. */
    private StaticType offset(Position position, Expression offset, StaticType type, String operator) {
        Position result = new Position(position.index(), position.factor(), false);
        if (Expectations.isZero(offset)) {
            return result;
        }
        switch (type) {
            case Vector _ -> expect.checkForm(offset, type);
            case Unknown _ -> { }
            case Number number when number.variability() == Variability.ARRAY -> {
                reporter.at(offset.span(), CheckError.PIXEL_OFFSET).hint("the value at a pixel is read in brackets, as in M["
                        + position.index().name() + "]").report();
                position.index().markRead();
                return StaticType.UNKNOWN;
            }
            case Number number -> reporter.at(offset.span(), CheckError.PIXEL_OFFSET)
                    .hint(() -> number.integrality() == Integrality.NO ? Optional.empty()
                            : Optional.of("write " + position.index().name() + operator
                                    + dimensions.alongFirstAxis(Words.excerpt(offset.span()))
                                    + " for the neighbour along axis 1"))
                    .report();
            case Truth _ -> reporter.report(offset.span(), CheckError.VECTOR_EXPECTED, "a condition");
            case Position _ -> { }
        }
        return result;
    }

    private StaticType vectorSum(Expression.Binary binary, StaticType left, StaticType right) {
        Variability variability = Variability.CONSTANT;
        for (boolean first : new boolean[] {true, false}) {
            Expression operand = first ? binary.left() : binary.right();
            StaticType type = first ? left : right;
            if (type instanceof Vector vector) {
                variability = variability.and(vector.variability());
            } else if (type instanceof Truth) {
                reporter.report(operand.span(), CheckError.VECTOR_EXPECTED, "a condition");
            } else if (type instanceof Number && !Expectations.isZero(operand)) {
                reporter.at(operand.span(), CheckError.VECTOR_PLUS_NUMBER)
                        .hint(() -> expect.vectorHint(operand))
                        .report();
            }
        }
        return new Vector(variability);
    }

    private StaticType product(Expression.Binary binary, StaticType left, StaticType right) {
        if (left instanceof Position || right instanceof Position) {
            return scaled(binary, left, right);
        }
        if (left instanceof Vector && right instanceof Vector) {
            reporter.at(binary.span(), CheckError.VECTOR_PRODUCT)
                    .hint("the scalar product is dot(" + Words.excerpt(binary.left().span()) + ", "
                            + Words.excerpt(binary.right().span()) + ")")
                    .report();
            return StaticType.UNKNOWN;
        }
        if (left instanceof Vector vector) {
            return multiple(vector, binary.right(), right);
        }
        if (right instanceof Vector vector) {
            return multiple(vector, binary.left(), left);
        }
        return numbers(binary, left, right, false);
    }

    /** The type of a pixel index times a number. */
    private StaticType scaled(Expression.Binary binary, StaticType left, StaticType right) {
        boolean isLeft = left instanceof Position;
        Position position = (Position) (isLeft ? left : right);
        StaticType other = isLeft ? right : left;
        Expression factor = isLeft ? binary.right() : binary.left();
        position.index().markRead();
        switch (other) {
            case Unknown _ -> { }
            case Number number when number.variability() == Variability.ARRAY ->
                expect.reportPositionAsNumber(isLeft ? binary.left() : binary.right(), position);
            case Number number -> {
                OptionalDouble value = number.variability() == Variability.CONSTANT
                        ? constants.evaluate(factor)
                        : OptionalDouble.empty();
                boolean unknown = number.variability() == Variability.CONSTANT && value.isEmpty();
                if (unknown && number.integrality() != Integrality.NO) {
                    return new Position(position.index(), OptionalInt.empty(), false);
                }
                if (value.isPresent() && Expectations.isInteger(value.getAsDouble()) && value.getAsDouble() >= 1
                        && position.factor().isPresent()
                        && value.getAsDouble() * position.factor().getAsInt() <= Integer.MAX_VALUE) {
                    int product = (int) value.getAsDouble() * position.factor().getAsInt();
                    return new Position(position.index(), OptionalInt.of(product), false);
                }
                reporter.report(factor.span(), CheckError.INVALID_PIXEL_FACTOR,
                        value.isPresent() ? Words.number(value.getAsDouble()) : "not constant");
            }
            case Vector _ -> reporter.report(
                    binary.span(), CheckError.PIXEL_ARITHMETIC, "a pixel index and a vector cannot be multiplied");
            case Position _ -> reporter.report(
                    binary.span(), CheckError.PIXEL_ARITHMETIC, "two pixel indices cannot be multiplied");
            case Truth _ -> reporter.report(factor.span(), CheckError.INVALID_PIXEL_FACTOR, "a condition");
        }
        return StaticType.UNKNOWN;
    }

    /** The type of a vector times a number. */
    private StaticType multiple(Vector vector, Expression factor, StaticType type) {
        switch (type) {
            case Number number -> {
                OptionalDouble value = number.variability() == Variability.CONSTANT
                        ? constants.evaluate(factor)
                        : OptionalDouble.empty();
                boolean isInteger = switch (number.variability()) {
                    case CONSTANT -> value.isPresent()
                            ? Expectations.isInteger(value.getAsDouble())
                            : number.integrality() != Integrality.NO;
                    case INDEX_FORM, INDEX_VALUE -> number.integrality() == Integrality.YES;
                    case ARRAY -> false;
                };
                if (!isInteger) {
                    reporter.report(factor.span(), CheckError.VECTOR_FACTOR,
                            value.isPresent() ? Words.number(value.getAsDouble()) : "a real number");
                    return StaticType.UNKNOWN;
                }
                return new Vector(vector.variability().and(number.variability()));
            }
            case Truth _ -> reporter.report(factor.span(), CheckError.VECTOR_FACTOR, "a condition");
            case Vector _, Position _, Unknown _ -> { }
        }
        return StaticType.UNKNOWN;
    }

    private StaticType quotient(Expression.Binary binary, StaticType left, StaticType right) {
        if (left instanceof Position position) {
            reporter.at(binary.span(), CheckError.PIXEL_ARITHMETIC, "a pixel index cannot be divided")
                    .hint("the finer array is read at a multiple, as in G[2*" + position.index().name() + " + d]")
                    .report();
            position.index().markRead();
            return StaticType.UNKNOWN;
        }
        if (left instanceof Vector) {
            reporter.report(binary.left().span(), CheckError.VECTOR_DIVISION);
            return StaticType.UNKNOWN;
        }
        StaticType type = numbers(binary, left, right, true);
        if (binary.operator() == Expression.BinaryOperator.DIVIDE || !(type instanceof Number number)) {
            return type;
        }
        for (boolean first : new boolean[] {true, false}) {
            Number operand = (Number) (first ? left : right);
            if (operand.integrality() == Integrality.NO || operand.variability() == Variability.ARRAY) {
                Expression place = first ? binary.left() : binary.right();
                reporter.at(place.span(), CheckError.INTEGER_EXPECTED, "a real number")
                        .hint("'" + binary.operator().symbol() + "' is for integers; of real numbers take floor(a / b)")
                        .report();
                return StaticType.UNKNOWN;
            }
        }
        boolean form = ((Number) right).variability() == Variability.CONSTANT;
        return new Number(number.integrality(), form
                ? number.variability()
                : number.variability().and(Variability.INDEX_VALUE));
    }

    private StaticType power(Expression.Binary binary, StaticType left, StaticType right) {
        if (left instanceof Vector) {
            String text = Words.excerpt(binary.left().span());
            reporter.at(binary.span(), CheckError.VECTOR_PRODUCT)
                    .hint("the squared length is dot(" + text + ", " + text + ")")
                    .report();
            return StaticType.UNKNOWN;
        }
        StaticType type = numbers(binary, left, right, false);
        if (!(type instanceof Number number)) {
            return type;
        }
        OptionalDouble exponent = constants.evaluate(binary.right());
        boolean form = ((Number) right).variability() == Variability.CONSTANT
                && exponent.isPresent() && exponent.getAsDouble() >= 0
                && Expectations.isInteger(exponent.getAsDouble());
        boolean constant = number.variability() == Variability.CONSTANT;
        // A power with an index for its exponent, as 2^k, is an integer where that is not negative: seen with its values.
        boolean indexed = ((Number) right).variability() == Variability.INDEX_FORM;
        return new Number(form || indexed ? number.integrality() : Integrality.PERHAPS,
                form || constant ? number.variability() : number.variability().and(Variability.INDEX_VALUE));
    }

    /** The type of an operation on numbers, {@code divides} telling that its result is perhaps no integer. */
    private StaticType numbers(Expression.Binary binary, StaticType left, StaticType right, boolean divides) {
        StaticType first = expect.asNumber(binary.left(), left);
        StaticType second = expect.asNumber(binary.right(), right);
        if (!(first instanceof Number a) || !(second instanceof Number b)) {
            return StaticType.UNKNOWN;
        }
        Variability variability = a.variability().and(b.variability());
        if (divides && binary.operator() == Expression.BinaryOperator.DIVIDE) {
            boolean constant = variability == Variability.CONSTANT;
            return new Number(Integrality.PERHAPS, constant ? variability : variability.and(Variability.INDEX_VALUE));
        }
        return new Number(a.integrality().and(b.integrality()), variability);
    }

    private StaticType comparison(Expression.Binary binary, StaticType left, StaticType right) {
        boolean equality = binary.operator() == Expression.BinaryOperator.EQUAL
                || binary.operator() == Expression.BinaryOperator.NOT_EQUAL;
        if (left instanceof Unknown || right instanceof Unknown) {
            return new Truth(Variability.CONSTANT);
        }
        if (left instanceof Position || right instanceof Position) {
            boolean isLeft = left instanceof Position;
            expect.reportPositionAsNumber(isLeft ? binary.left() : binary.right(), (Position) (isLeft ? left : right));
            return StaticType.UNKNOWN;
        }
        if (left instanceof Truth && right instanceof Truth) {
            reporter.at(binary.span(), CheckError.CONDITION_COMPARISON, binary.operator().symbol())
                    .hint("join conditions by 'and', 'or', 'not'")
                    .report();
            return StaticType.UNKNOWN;
        }
        boolean vectors = left instanceof Vector && (right instanceof Vector || Expectations.isZero(binary.right()))
                || right instanceof Vector && Expectations.isZero(binary.left());
        if (vectors && !equality) {
            String first = Words.excerpt(binary.left().span());
            String second = Words.excerpt(binary.right().span());
            reporter.at(binary.span(), CheckError.VECTOR_COMPARISON, binary.operator().symbol())
                    .hint("compare lengths or components, as in norm(" + first + ") " + binary.operator().symbol() + " "
                            + (right instanceof Vector ? "norm(" + second + ")" : second))
                    .report();
            return StaticType.UNKNOWN;
        }
        boolean numbers = left instanceof Number && right instanceof Number;
        if (!vectors && !numbers) {
            reporter.at(binary.span(), CheckError.INCOMPARABLE, Words.describe(left), Words.describe(right))
                    .hint(() -> left instanceof Vector
                            ? expect.vectorHint(binary.right())
                            : right instanceof Vector ? expect.vectorHint(binary.left()) : Optional.empty())
                    .report();
            return StaticType.UNKNOWN;
        }
        return new Truth(StaticType.variabilityOf(left).and(StaticType.variabilityOf(right)));
    }
}
