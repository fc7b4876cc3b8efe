package org.mcrc.compiler.simplify;

import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ScalarOperations;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.index.WithDerivative;

/**
 * The values that the numbers of a program can have, by interval arithmetic: from the fields' ranges, the arguments' values
 * and the data. A field that is optimized may leave its range, so it is widened.
 */
public final class Ranges {
    private static final Range TRUTH = new Range(0, 1);

    private final IndexProgram program;
    private final Map<String, Range> tensors = new HashMap<>();

    /** @param margin how far fields may be outside of their ranges, in the ranges' widths */
    public Ranges(IndexProgram program, double margin) {
        this.program = program;
        program.fields().forEach(field ->
                tensors.put(field.name(), new Range(field.low(), field.high()).widened(margin)));
        program.data().forEach(data -> tensors.put(data.tensor().name(),
                Arrays.stream(data.values()).mapToObj(Range::of).reduce(Range::or).orElse(Range.ANY)));
        program.targets().forEach(target -> tensors.put(target.name(), Range.ANY));
        for (Definition definition : program.definitions()) {
            tensors.put(definition.name(), of(definition.body()));
        }
    }

    /** The greatest absolute value that an expression over the program's tensors can have; infinite where none is known. */
    public double magnitude(Expression root) {
        return of(root).magnitude();
    }

    /** The values that an expression over the program's tensors can have. */
    Range of(Expression root) {
        Map<Expression, Range> ranges = new IdentityHashMap<>();
        for (Expression node : Expressions.nodes(root)) {
            ranges.put(node, node.isLogical() ? TRUTH : of(node, ranges));
        }
        return ranges.get(root);
    }

    private Range of(Expression node, Map<Expression, Range> ranges) {
        return switch (node) {
            case Constant constant -> Range.of(constant.value());
            case Argument argument -> Range.of(program.arguments().get(argument.name()));
            case Coordinate coordinate -> Range.between(coordinate.form().bounds()[0], coordinate.form().bounds()[1]);
            case Member _ -> TRUTH;
            case Read read -> tensors.getOrDefault(read.tensor().name(), Range.ANY);
            case Unary unary -> of(unary.operator(), ranges.get(unary.operand()));
            case Binary binary -> of(binary, ranges.get(binary.left()), ranges.get(binary.right()));
            case Select select -> ranges.get(select.then()).or(ranges.get(select.otherwise()));
            case WithDerivative declared -> ranges.get(declared.value());
            case Reduce reduce -> of(reduce, ranges.get(reduce.body()));
        };
    }

    private static Range of(UnaryOperator operator, Range operand) {
        return switch (operator) {
            case NEGATE -> operand.negated();
            case ABS -> operand.absolute();
            case EXP, ATAN, SINH, TANH, SIGMOID, RELU, SIGN, STEP, FLOOR ->
                    operand.increasing(value -> ScalarOperations.apply(operator, value));
            case SQRT, LOG -> operand.low() < 0 ? Range.ANY
                    : operand.increasing(value -> ScalarOperations.apply(operator, value));
            case COSH -> operand.absolute().increasing(Math::cosh);
            case SIN, COS -> new Range(-1, 1);
            case ASIN, ACOS -> operand.magnitude() <= 1 ? new Range(-Math.PI, Math.PI) : Range.ANY;
            case NOT -> TRUTH;
            case TAN, LGAMMA, DIGAMMA -> Range.ANY;
        };
    }

    private static Range of(Binary node, Range left, Range right) {
        return switch (node.operator()) {
            case ADD -> left.plus(right);
            case SUBTRACT -> left.plus(right.negated());
            case MULTIPLY -> node.left() == node.right() ? power(left, 2) : left.times(right);
            case DIVIDE -> left.dividedBy(right);
            case MINIMUM -> new Range(Math.min(left.low(), right.low()), Math.min(left.high(), right.high()));
            case MAXIMUM -> new Range(Math.max(left.low(), right.low()), Math.max(left.high(), right.high()));
            case POWER -> right.low() == right.high() && right.low() >= 0 ? power(left, right.low()) : Range.ANY;
            case ATAN2 -> new Range(-Math.PI, Math.PI);
            case POLYGAMMA -> Range.ANY;
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND, OR -> TRUTH;
        };
    }

    private static Range power(Range base, double exponent) {
        boolean integer = exponent == Math.rint(exponent);
        if (base.low() < 0 && !integer) {
            return Range.ANY;
        }
        return (integer && exponent % 2 == 0 ? base.absolute() : base).increasing(value -> Math.pow(value, exponent));
    }

    private static Range of(Reduce reduce, Range term) {
        double terms = Count.real(reduce.indices());
        boolean all = Expressions.isAlways(reduce.guard());
        return switch (reduce.operator()) {
            case SUM -> {
                Range sum = term.times(Range.of(terms));
                yield all ? sum : sum.or(Range.of(0));
            }
            case PRODUCT -> {
                double largest = Math.max(1, Math.pow(term.magnitude(), terms));
                yield new Range(term.low() >= 0 ? 0 : -largest, largest);
            }
            case MAXIMUM, MINIMUM -> all && terms > 0 ? term : Range.ANY;
            case ARGMAX, ARGMIN -> new Range(-1, terms);
        };
    }
}
