package org.mcrc.runtime.gradcheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.index.WithDerivative;
import org.mcrc.compiler.simplify.DropUnused;

/**
 * Makes of a program one whose branches are held where they are at another field, the <em>point</em>.
 *
 * <p>With z the operand and z° its value at the point, {@code abs(z)} becomes {@code sign(z°)·z}, {@code relu(z)}
 * becomes {@code step(z°)·z}, a maximum its operand that is the greatest at the point (the first of them), conditions,
 * {@code step}, {@code sign} and {@code floor} their values at the point, {@code atan2(y, x)} the angle at the point and
 * that from (x°, y°) to (x, y), and a value with a declared derivative {@code v° + d°·(z - z°)}. The result equals the program at
 * the point, is smooth around it, and its derivative there is the one that the language's conventions give: finite
 * differences of it never cross a kink.
 */
final class HeldBranches {
    /** What the point's copy of a tensor is called. */
    private static final String AT_POINT = "°";

    private final Map<String, Tensor> copies = new HashMap<>();
    private final Map<Expression, Expression> atPoint = new IdentityHashMap<>();
    private final Map<Expression, Expression> held = new IdentityHashMap<>();

    private HeldBranches() {}

    /** The name of the field that holds the point. */
    static String point(String field) {
        return field + AT_POINT;
    }

    /** The program with held branches: it has no gradients, and for each field M another one, {@code point("M")}. */
    static IndexProgram of(IndexProgram program) {
        return new HeldBranches().run(program);
    }

    private IndexProgram run(IndexProgram program) {
        List<IndexProgram.Field> fields = new ArrayList<>(program.fields());
        for (IndexProgram.Field field : program.fields()) {
            Tensor copy = new Tensor(point(field.name()), Tensor.Kind.FIELD, field.tensor().axes());
            copies.put(field.name(), copy);
            fields.add(new IndexProgram.Field(copy, field.low(), field.high(), field.phases(), field.documentation()));
        }
        List<Definition> definitions = new ArrayList<>();
        for (Definition definition : program.definitions()) {
            if (dependsOnFields(definition.body())) {
                Tensor copy = Tensor.defined(definition.name() + AT_POINT, definition.axes());
                definitions.add(new Definition(copy, definition.axes(), atPoint(definition.body()),
                        definition.name() + " at the point"));
                copies.put(definition.name(), copy);
            }
            definitions.add(definition.withBody(held(definition.body())));
        }
        return new DropUnused().run(new IndexProgram(program.name(), program.documentation(), program.phases(), fields, program.data(),
                program.targets(), program.arguments(), definitions, program.outputs(), List.of(), program.penalties(),
                program.error(), program.loss(), Map.of()));
    }

    private boolean dependsOnFields(Expression expression) {
        return Expressions.reads(expression).stream().anyMatch(read -> copies.containsKey(read.tensor().name()));
    }

    /** The expression at the point. */
    private Expression atPoint(Expression root) {
        return atPoint.computeIfAbsent(root, expression -> Expressions.rewrite(expression, node -> {
            if (node instanceof Read read && copies.containsKey(read.tensor().name())) {
                return Expressions.read(copies.get(read.tensor().name()), read.subscripts());
            }
            return node;
        }));
    }

    private Expression held(Expression node) {
        Expression known = held.get(node);
        if (known == null) {
            known = dependsOnFields(node) ? held(node, node.children().stream().map(this::held).toList()) : node;
            held.put(node, known);
        }
        return known;
    }

    private Expression held(Expression node, List<Expression> operands) {
        if (node.isLogical()) {
            return atPoint(node);
        }
        return switch (node) {
            case Unary unary -> switch (unary.operator()) {
                case ABS -> Expressions.multiply(
                        Expressions.unary(UnaryOperator.SIGN, atPoint(unary.operand())), operands.getFirst());
                case RELU -> Expressions.multiply(
                        Expressions.unary(UnaryOperator.STEP, atPoint(unary.operand())), operands.getFirst());
                case SIGN, STEP, FLOOR, NOT -> atPoint(node);
                case NEGATE, SQRT, EXP, LOG, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, TANH, SIGMOID, LGAMMA,
                        DIGAMMA ->
                        Expressions.withChildren(node, operands);
            };
            case Binary binary -> switch (binary.operator()) {
                case MAXIMUM -> firstOf(binary, BinaryOperator.MAXIMUM, operands);
                case MINIMUM -> firstOf(binary, BinaryOperator.MINIMUM, operands);
                case ATAN2 -> turned(binary, operands);
                case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND, OR -> atPoint(node);
                case ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, POLYGAMMA ->
                        Expressions.withChildren(node, operands);
            };
            case Select select -> Expressions.select(atPoint(select.condition()), operands.get(1), operands.get(2));
            case Reduce reduce -> switch (reduce.operator()) {
                case MAXIMUM -> attained(reduce, ReductionOperator.ARGMAX, operands.get(1));
                case MINIMUM -> attained(reduce, ReductionOperator.ARGMIN, operands.get(1));
                case ARGMAX, ARGMIN -> atPoint(node);
                case SUM, PRODUCT ->
                        Expressions.reduce(reduce.operator(), reduce.indices(), reduce.guard(), operands.get(1));
            };
            case WithDerivative with -> Expressions.add(atPoint(with.value()), Expressions.multiply(
                    atPoint(with.derivative()), Expressions.subtract(operands.get(1), atPoint(with.argument()))));
            case Constant _, Argument _, Coordinate _, Member _, Read _ -> node;
        };
    }

    /** The operand that attains the extremum at the point, the first where both do. */
    private Expression firstOf(Binary binary, BinaryOperator operator, List<Expression> operands) {
        Expression left = atPoint(binary.left());
        Expression right = atPoint(binary.right());
        Expression leftAttains = operator == BinaryOperator.MAXIMUM
                ? Expressions.binary(BinaryOperator.LESS_OR_EQUAL, right, left)
                : Expressions.binary(BinaryOperator.LESS_OR_EQUAL, left, right);
        return Expressions.select(leftAttains, operands.get(0), operands.get(1));
    }

    /**
     * An angle: the one at the point, and how far it is turned from there, which has no jump near the point. Where the point is
     * the origin, the angle stays.
     */
    private Expression turned(Binary angle, List<Expression> operands) {
        Expression y = operands.get(0);
        Expression x = operands.get(1);
        Expression yAtPoint = atPoint(angle.left());
        Expression xAtPoint = atPoint(angle.right());
        Expression turn = Expressions.binary(BinaryOperator.ATAN2, difference(xAtPoint, y, yAtPoint, x),
                sum(xAtPoint, x, yAtPoint, y));
        Expression isNoOrigin = Expressions.binary(BinaryOperator.LESS, Expressions.constant(0),
                sum(xAtPoint, xAtPoint, yAtPoint, yAtPoint));
        return Expressions.select(isNoOrigin, Expressions.add(atPoint(angle), turn), atPoint(angle));
    }

    /** {@code a·b + c·d}. */
    private static Expression sum(Expression a, Expression b, Expression c, Expression d) {
        return Expressions.add(Expressions.multiply(a, b), Expressions.multiply(c, d));
    }

    /** {@code a·b - c·d}. */
    private static Expression difference(Expression a, Expression b, Expression c, Expression d) {
        return Expressions.subtract(Expressions.multiply(a, b), Expressions.multiply(c, d));
    }

    /** The term that attains the extremum at the point first. */
    private Expression attained(Reduce reduce, ReductionOperator position, Expression body) {
        // The search runs inside of the sum: it needs indices of its own.
        List<Index> indices = reduce.indices().stream().map(Index::fresh).toList();
        Map<Index, List<IndexForm>> renaming = new HashMap<>();
        for (int k = 0; k < indices.size(); k++) {
            renaming.put(reduce.indices().get(k), IndexForm.of(indices.get(k)));
        }
        Expression first = Expressions.reduce(position, indices, Expressions.substitute(reduce.guard(), renaming),
                Expressions.substitute(atPoint(reduce.body()), renaming));
        Expression isFirst = Expressions.binary(BinaryOperator.EQUAL, first,
                Expressions.coordinate(IndexForm.position(reduce.indices())));
        return Expressions.sum(reduce.indices(), reduce.guard(),
                Expressions.select(isFirst, body, Expressions.constant(0)));
    }
}
