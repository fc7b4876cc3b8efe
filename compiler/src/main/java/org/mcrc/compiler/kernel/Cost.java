package org.mcrc.compiler.kernel;

import java.util.IdentityHashMap;
import java.util.Map;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.WithDerivative;

/**
 * What one evaluation of an expression costs, in the time of an addition. The weights of the transcendental functions are
 * those of their polynomials; only ratios matter, and only roughly.
 */
public final class Cost {
    private Cost() {}

    /** The cost of one value; shared nodes count once. */
    public static double of(Expression root) {
        return of(root, new IdentityHashMap<>());
    }

    private static double of(Expression node, Map<Expression, Boolean> seen) {
        if (seen.putIfAbsent(node, true) != null) {
            return 0;
        }
        double children = 0;
        for (Expression child : node.children()) {
            children += of(child, seen);
        }
        return switch (node) {
            case Constant _, Argument _, Coordinate _ -> 0;
            case Member _, Read _ -> 1;
            case Select _ -> 1 + children;
            case WithDerivative _ -> children;
            case Reduce reduce -> (children + 1) * Count.real(reduce.indices());
            case Unary unary -> children + switch (unary.operator()) {
                case NEGATE, ABS, RELU, SIGN, STEP, FLOOR, NOT -> 1;
                case SQRT -> 4;
                case EXP, LOG, TANH, SIGMOID -> 15;
                case SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, LGAMMA, DIGAMMA -> 40;
            };
            case Binary binary -> children + switch (binary.operator()) {
                case ADD, SUBTRACT, MULTIPLY, MINIMUM, MAXIMUM, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND, OR -> 1;
                case DIVIDE -> 4;
                case POWER, ATAN2, POLYGAMMA -> 40;
            };
        };
    }
}
