package org.mcrc.compiler.simplify;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.WithDerivative;

/**
 * The values that are compared: by an operator that looks at a sign or at which of two numbers is larger, such as
 * {@code relu}, {@code abs}, {@code max} and conditions. Where the numbers are equal, as they often are in a field of two
 * phases, a rounding error decides; so these values must be computed as they are written. What went through a sum over
 * indices has rounding errors of its own and does not count.
 */
final class SharpUses {
    private final Set<Expression> compared = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> tensors = new HashSet<>();

    SharpUses(IndexProgram program) {
        for (Definition definition : program.definitions().reversed()) {
            Expression body = definition.body();
            if (tensors.contains(definition.name()) && !(body instanceof Reduce)) {
                mark(body);
            }
            Expressions.nodes(body).stream().filter(SharpUses::compares)
                    .forEach(node -> node.children().forEach(this::mark));
        }
    }

    /** Whether the value of this node of a definition's body is compared, in it or elsewhere. */
    boolean contains(Expression node) {
        return compared.contains(node);
    }

    private void mark(Expression node) {
        if (compared.add(node)) {
            if (node instanceof Read read) {
                tensors.add(read.tensor().name());
            } else if (!(node instanceof Reduce)) {
                node.children().forEach(this::mark);
            }
        }
    }

    private static boolean compares(Expression node) {
        return switch (node) {
            case Unary unary -> switch (unary.operator()) {
                case ABS, RELU, SIGN, STEP, FLOOR -> true;
                case NEGATE, SQRT, EXP, LOG, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, TANH, SIGMOID, LGAMMA, DIGAMMA,
                        NOT -> false;
            };
            case Binary binary -> switch (binary.operator()) {
                case MINIMUM, MAXIMUM, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL -> true;
                case ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, ATAN2, POLYGAMMA, AND, OR -> false;
            };
            case Reduce reduce -> switch (reduce.operator()) {
                case MAXIMUM, MINIMUM, ARGMAX, ARGMIN -> true;
                case SUM, PRODUCT -> false;
            };
            case Constant _, Argument _, Coordinate _, Member _, Read _, Select _, WithDerivative _ -> false;
        };
    }
}
