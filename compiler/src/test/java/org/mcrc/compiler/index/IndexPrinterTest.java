package org.mcrc.compiler.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.Declaration.LetDeclaration;
import org.mcrc.compiler.syntax.Expression.Binary;
import org.mcrc.compiler.syntax.Expression.ComponentSelect;
import org.mcrc.compiler.syntax.Expression.NameReference;
import org.mcrc.compiler.syntax.Expression.NumberLiteral;
import org.mcrc.compiler.syntax.Expression.Unary;
import org.mcrc.compiler.syntax.Parser;

/** What is printed is read as the language reads it, and means what was printed. */
class IndexPrinterTest {
    private static final Index Y = new Index("y", new Grid(List.of(8, 6)));
    private static final Index K = new Index("k", new IntegerDomain(-3, 5));
    private static final IndexForm Y1 = IndexForm.of(Y, 0);
    private static final IndexForm Y2 = IndexForm.of(Y, 1);
    private static final IndexForm N = IndexForm.of(K, 0);

    /** The values at which forms are compared. */
    private record Place(int y1, int y2, int k) {
        int component(Index index, int component) {
            return index == K ? k : component == 0 ? y1 : y2;
        }
    }

    static Stream<Arguments> forms() {
        return Stream.of(
                Arguments.of(Y1.plus(N).floorDivide(2), "(y.1 + k) div 2"),
                Arguments.of(N.floorDivide(2), "k div 2"),
                Arguments.of(N.floorDivide(2).times(-1), "-(k div 2)"),
                Arguments.of(Y1.minus(N.floorDivide(3)), "-(k div 3) + y.1"),
                Arguments.of(N.floorDivide(3).times(2).plus(1), "2*(k div 3) + 1"),
                Arguments.of(N.floorDivide(3).times(Y1), "(k div 3)*y.1"),
                Arguments.of(Y1.minus(N).floorModulo(2), "(y.1 - k) mod 2"),
                Arguments.of(Y1.minus(N).plus(1).floorModulo(2).times(3).plus(Y2), "3*((y.1 - k + 1) mod 2) + y.2"),
                Arguments.of(Y1.plus(N.floorDivide(2).times(-2)), "-2*(k div 2) + y.1"),
                Arguments.of(N.times(2).floorDivide(3), "(2*k) div 3"),
                Arguments.of(N.floorDivide(2).plus(Y1).floorDivide(3), "(k div 2 + y.1) div 3"),
                Arguments.of(N.times(-1).plus(-2), "-k - 2"));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void quotientsStandInParenthesesWhereASignOrAFactorWouldTakeTheirDividend(IndexForm form, String text) {
        assertEquals(text, form.toString());
    }

    @Test
    void aFormIsReadAsWhatItIs() {
        SplittableRandom random = new SplittableRandom(20);
        for (int round = 0; round < 400; round++) {
            IndexForm form = random(random, 4);
            org.mcrc.compiler.syntax.Expression parsed = parse(form.toString());
            for (Place place : places(random)) {
                assertEquals(form.evaluate(c -> place.component(c.index(), c.component())), value(parsed, place),
                        form.toString());
            }
        }
    }

    @Test
    void anExpressionIsReadAsWhatItIs() {
        SplittableRandom random = new SplittableRandom(21);
        for (int round = 0; round < 400; round++) {
            Expression expression = expression(random, 4);
            org.mcrc.compiler.syntax.Expression parsed = parse(expression.toString());
            for (Place place : places(random)) {
                assertEquals(value(expression, place), value(parsed, place), expression.toString());
            }
        }
    }

    private static List<Place> places(SplittableRandom random) {
        List<Place> places = new ArrayList<>();
        for (int count = 0; count < 5; count++) {
            places.add(new Place(random.nextInt(8), random.nextInt(6), random.nextInt(-3, 6)));
        }
        return places;
    }

    private static IndexForm random(SplittableRandom random, int depth) {
        if (depth == 0 || random.nextInt(5) == 0) {
            return switch (random.nextInt(4)) {
                case 0 -> Y1;
                case 1 -> Y2;
                case 2 -> N;
                default -> IndexForm.constant(random.nextInt(-3, 4));
            };
        }
        IndexForm left = random(random, depth - 1);
        return switch (random.nextInt(6)) {
            case 0 -> left.plus(random(random, depth - 1));
            case 1 -> left.minus(random(random, depth - 1));
            case 2 -> left.times(random.nextInt(-3, 4));
            case 3 -> left.times(random(random, depth / 2));
            case 4 -> left.floorDivide(random.nextInt(2, 5));
            default -> left.floorModulo(random.nextInt(2, 5));
        };
    }

    private static Expression expression(SplittableRandom random, int depth) {
        if (depth == 0 || random.nextInt(5) == 0) {
            return random.nextInt(3) == 0 ? Expressions.constant(random.nextInt(-3, 4))
                    : Expressions.coordinate(random(random, 2));
        }
        BinaryOperator[] operators = {BinaryOperator.ADD, BinaryOperator.SUBTRACT, BinaryOperator.MULTIPLY,
            BinaryOperator.DIVIDE, BinaryOperator.POWER};
        return random.nextInt(4) == 0 ? Expressions.unary(UnaryOperator.NEGATE, expression(random, depth - 1))
                : Expressions.binary(operators[random.nextInt(operators.length)],
                        expression(random, depth - 1), expression(random, depth - 1));
    }

    private static double value(Expression expression, Place place) {
        return withoutSignOfZero(switch (expression) {
            case Constant c -> c.value();
            case Coordinate c -> c.form().evaluate(each -> place.component(each.index(), each.component()));
            case org.mcrc.compiler.index.Unary u -> -value(u.operand(), place);
            case org.mcrc.compiler.index.Binary b ->
                    ScalarOperations.apply(b.operator(), value(b.left(), place), value(b.right(), place));
            default -> throw new IllegalArgumentException(expression.toString());
        });
    }

    /** Integers have none. */
    private static double withoutSignOfZero(double value) {
        return value == 0 ? 0 : value;
    }

    private static org.mcrc.compiler.syntax.Expression parse(String text) {
        Diagnostics diagnostics = new Diagnostics();
        LetDeclaration let = (LetDeclaration) Parser.parse(SourceFile.of("printed.mcr", "descriptor printed\nlet f = " + text),
                diagnostics).file().declarations().getFirst();
        assertFalse(diagnostics.hasErrors(), () -> DiagnosticRenderer.render(diagnostics.all()));
        return let.body();
    }

    /** The language's own arithmetic, of numbers only. */
    private static double value(org.mcrc.compiler.syntax.Expression expression, Place place) {
        return withoutSignOfZero(switch (expression) {
            case NumberLiteral number -> number.value();
            case NameReference _ -> place.k();
            case ComponentSelect select -> select.component() == 1 ? place.y1() : place.y2();
            case Unary unary -> -value(unary.operand(), place);
            case Binary binary -> value(binary.operator(), value(binary.left(), place), value(binary.right(), place));
            default -> throw new IllegalArgumentException(expression.toString());
        });
    }

    private static double value(org.mcrc.compiler.syntax.Expression.BinaryOperator operator, double left, double right) {
        return switch (operator) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case DIV -> Math.floor(left / right);
            case MOD -> left - right * Math.floor(left / right);
            case POWER -> Math.pow(left, right);
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, AND, OR ->
                    throw new IllegalArgumentException(operator.symbol());
        };
    }
}
