package org.mcrc.compiler.simplify;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.WithDerivative;

/**
 * Which values may be infinite, or no number, although fields and data are finite: by the operations that they are made of,
 * and by the values that these can have while fields stay near their ranges.
 */
public final class Finiteness {
    /** How far fields may leave their range, in its width. */
    private static final double MARGIN = 1;

    private final Ranges ranges;
    private final Set<String> doubtful = new HashSet<>();

    private final Map<Expression, Boolean> known = new IdentityHashMap<>();

    /** Knows of the program's tensors. */
    public Finiteness(IndexProgram program) {
        ranges = new Ranges(program, MARGIN);
        program.definitions().forEach(definition -> learn(definition.name(), definition.body()));
    }

    /** Learns of another tensor, before what reads it is asked about. */
    public void learn(String tensor, Expression body) {
        if (isDoubtful(body)) {
            doubtful.add(tensor);
        }
    }

    /** Learns that a tensor is finite for a reason that its operations do not show. */
    public void vouchFor(String tensor) {
        doubtful.remove(tensor);
    }

    /** Whether a value may be infinite, or no number. */
    public boolean isDoubtful(Expression expression) {
        Boolean before = known.get(expression);
        if (before == null) {
            before = expression instanceof Read read ? doubtful.contains(read.tensor().name())
                    : mayFail(expression) && !(ranges.magnitude(expression) <= Float.MAX_VALUE)
                    || expression.children().stream().anyMatch(this::isDoubtful);
            known.put(expression, before);
        }
        return before;
    }

    /**
     * Whether a node, or its derivative, may be infinite, or no number, although its operands are finite: where it has poles,
     * an end of its domain, or grows beyond all numbers.
     */
    static boolean mayFail(Expression node) {
        return switch (node) {
            case Unary unary -> switch (unary.operator()) {
                case SQRT, LOG, TAN, ASIN, ACOS, LGAMMA, DIGAMMA, EXP, SINH, COSH -> true;
                case NEGATE, ABS, SIN, COS, ATAN, TANH, SIGMOID, RELU, SIGN, STEP, FLOOR, NOT -> false;
            };
            case Binary binary -> switch (binary.operator()) {
                case DIVIDE -> !(binary.right() instanceof Constant(double divisor) && divisor != 0);
                case POWER -> !isNaturalNumber(binary.right());
                case POLYGAMMA -> true;
                case ADD, SUBTRACT, MULTIPLY, MAXIMUM, MINIMUM, ATAN2, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND, OR -> false;
            };
            case Constant _, Argument _, Coordinate _, Member _, Read _, Select _, Reduce _, WithDerivative _ -> false;
        };
    }

    /** Whether powers with this exponent are defined, and smooth, for every base. */
    static boolean isNaturalNumber(Expression exponent) {
        return exponent instanceof Constant(double number) && number >= 0 && number == Math.rint(number)
                || exponent instanceof Coordinate(IndexForm form) && form.bounds()[0] >= 0;
    }
}
