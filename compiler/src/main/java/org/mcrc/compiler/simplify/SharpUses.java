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
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.WithDerivative;

/**
 * The values of which a rounding error may decide: they are compared, by an operator that looks at a sign or at which of two
 * numbers is larger, such as {@code relu}, {@code abs}, {@code max} and conditions, or given to a function that is not
 * defined everywhere, such as {@code sqrt} and {@code log}. Where numbers are equal or 0, as they often are in a field of two
 * phases, such values must be computed as they are written.
 */
public final class SharpUses {
    /** How far back a value is followed. */
    public enum Reach {
        /** As far as the nearest reduction: what was added up has rounding errors of its own. */
        TERMS,
        /**
         * Through reductions too: a sum of numbers that are 0 is 0. What is compared with a target is not followed: that is
         * rounded itself.
         */
        SUMS
    }

    private final Reach reach;
    private final Set<Expression> sharp = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> tensors = new HashSet<>();

    public SharpUses(IndexProgram program, Reach reach) {
        this.reach = reach;
        for (Definition definition : program.definitions().reversed()) {
            Expression body = definition.body();
            if (tensors.contains(definition.name()) && (reach == Reach.SUMS || !(body instanceof Reduce))) {
                mark(body);
            }
            Expressions.nodes(body).stream().filter(SharpUses::isSharp)
                    .forEach(node -> node.children().forEach(this::mark));
        }
    }

    /** Whether anything looks sharply at this tensor's values. */
    public boolean contains(String tensor) {
        return tensors.contains(tensor);
    }

    /** Whether anything looks sharply at the value of this node of a definition's body, in it or elsewhere. */
    boolean contains(Expression node) {
        return sharp.contains(node);
    }

    private void mark(Expression node) {
        if (!sharp.add(node)) {
            return;
        }
        boolean followed = switch (reach) {
            case TERMS -> !(node instanceof Reduce);
            case SUMS -> node.children().stream().noneMatch(SharpUses::isTarget);
        };
        if (node instanceof Read read) {
            tensors.add(read.tensor().name());
        } else if (followed) {
            node.children().forEach(this::mark);
        }
    }

    private static boolean isTarget(Expression node) {
        return node instanceof Read read && read.tensor().kind() == Tensor.Kind.TARGET;
    }

    private static boolean isSharp(Expression node) {
        return switch (node) {
            case Unary unary -> switch (unary.operator()) {
                case ABS, RELU, SIGN, STEP, FLOOR, SQRT, LOG, ASIN, ACOS, LGAMMA, DIGAMMA -> true;
                case NEGATE, EXP, SIN, COS, TAN, ATAN, SINH, COSH, TANH, SIGMOID, NOT -> false;
            };
            case Binary binary -> switch (binary.operator()) {
                case MINIMUM, MAXIMUM, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, ATAN2, POLYGAMMA -> true;
                case POWER -> !Finiteness.isNaturalNumber(binary.right());
                case ADD, SUBTRACT, MULTIPLY, DIVIDE, AND, OR -> false;
            };
            case Reduce reduce -> switch (reduce.operator()) {
                case MAXIMUM, MINIMUM, ARGMAX, ARGMIN -> true;
                case SUM, PRODUCT -> false;
            };
            case Constant _, Argument _, Coordinate _, Member _, Read _, Select _, WithDerivative _ -> false;
        };
    }
}
