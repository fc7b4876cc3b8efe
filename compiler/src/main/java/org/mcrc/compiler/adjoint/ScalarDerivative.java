package org.mcrc.compiler.adjoint;

import static org.mcrc.compiler.index.Expressions.add;
import static org.mcrc.compiler.index.Expressions.and;
import static org.mcrc.compiler.index.Expressions.binary;
import static org.mcrc.compiler.index.Expressions.constant;
import static org.mcrc.compiler.index.Expressions.coordinate;
import static org.mcrc.compiler.index.Expressions.multiply;
import static org.mcrc.compiler.index.Expressions.negate;
import static org.mcrc.compiler.index.Expressions.not;
import static org.mcrc.compiler.index.Expressions.reduce;
import static org.mcrc.compiler.index.Expressions.select;

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
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.WithDerivative;

/**
 * The derivative of a scalar expression with respect to one of its leaves, by the chain rule from the leaf upwards.
 * Shared nodes are differentiated once; parts that do not depend on the leaf leave no trace in the result.
 */
public final class ScalarDerivative {
    private static final Expression ZERO = constant(0);
    private static final Expression ONE = constant(1);
    private static final Expression MINUS_ONE = constant(-1);

    private final Expression leaf;
    private final Map<Expression, Expression> done = new IdentityHashMap<>();

    private ScalarDerivative(Expression leaf) {
        this.leaf = leaf;
    }

    /**
     * The derivative of {@code expression} with respect to {@code leaf}.
     *
     * @param leaf a node without operands, such as an argument; the same object wherever it occurs
     * @return the constant 0 where the expression does not depend on the leaf
     */
    public static Expression of(Expression expression, Expression leaf) {
        return new ScalarDerivative(leaf).derive(expression);
    }

    private Expression derive(Expression node) {
        if (node == leaf) {
            return ONE;
        }
        Expression known = done.get(node);
        if (known == null) {
            known = switch (node) {
                case Constant _, Argument _, Coordinate _, Member _, Read _ -> ZERO;
                case Unary unary -> chain(unary, 0);
                case Binary binary -> plus(chain(binary, 0), chain(binary, 1));
                case Select select -> choice(select);
                case WithDerivative declared -> chain(declared, 1);
                case Reduce reduce -> reduction(reduce);
            };
            done.put(node, known);
        }
        return known;
    }

    private Expression chain(Expression node, int operand) {
        Expression inner = derive(node.children().get(operand));
        return inner == ZERO ? ZERO : times(LocalDerivatives.derivative(node, operand), inner);
    }

    /** Each branch keeps its own derivative: that of the branch not taken may be infinite. */
    private Expression choice(Select node) {
        Expression then = derive(node.then());
        Expression otherwise = derive(node.otherwise());
        return then == otherwise ? then : select(node.condition(), then, otherwise);
    }

    private Expression reduction(Reduce node) {
        Expression inner = derive(node.body());
        if (inner == ZERO) {
            return ZERO;
        }
        Expression term = switch (node.operator()) {
            case SUM -> inner;
            case PRODUCT -> times(inner, withoutTerm(node));
            case MAXIMUM -> select(isAt(node, ReductionOperator.ARGMAX), inner, ZERO);
            case MINIMUM -> select(isAt(node, ReductionOperator.ARGMIN), inner, ZERO);
            case ARGMAX, ARGMIN -> ZERO;
        };
        return term == ZERO ? ZERO : reduce(ReductionOperator.SUM, node.indices(), node.guard(), term);
    }

    /** The product of all terms but the one at the values of the reduction's own indices: no division, zeros allowed. */
    private static Expression withoutTerm(Reduce node) {
        Map<Index, List<IndexForm>> renamed = new HashMap<>();
        List<Index> others = new ArrayList<>();
        Expression same = Expressions.always();
        for (Index index : node.indices()) {
            Index other = index.fresh();
            others.add(other);
            renamed.put(index, IndexForm.of(other));
            for (int component = 0; component < index.domain().components(); component++) {
                same = and(same, binary(BinaryOperator.EQUAL, coordinate(IndexForm.of(index, component)),
                        coordinate(IndexForm.of(other, component))));
            }
        }
        return reduce(ReductionOperator.PRODUCT, others,
                and(Expressions.substitute(node.guard(), renamed), not(same)),
                Expressions.substitute(node.body(), renamed));
    }

    /** Whether the reduction's own indices stand at the first term that attains the extremum. */
    private static Expression isAt(Reduce node, ReductionOperator position) {
        Map<Index, List<IndexForm>> renamed = new HashMap<>();
        List<Index> others = new ArrayList<>();
        for (Index index : node.indices()) {
            Index other = index.fresh();
            others.add(other);
            renamed.put(index, IndexForm.of(other));
        }
        Expression first = reduce(position, others, Expressions.substitute(node.guard(), renamed),
                Expressions.substitute(node.body(), renamed));
        return binary(BinaryOperator.EQUAL, coordinate(IndexForm.position(node.indices())), first);
    }

    private static Expression plus(Expression left, Expression right) {
        return left == ZERO ? right : right == ZERO ? left : add(left, right);
    }

    private static Expression times(Expression left, Expression right) {
        if (left == ZERO || right == ZERO) {
            return ZERO;
        }
        if (left == ONE) {
            return right;
        }
        if (right == ONE) {
            return left;
        }
        if (left == MINUS_ONE) {
            return negate(right);
        }
        return right == MINUS_ONE ? negate(left) : multiply(left, right);
    }
}
