package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ScalarOperations;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.index.WithDerivative;

/** Conditions on indices, with what is known about them put in. */
final class Conditions {
    private Conditions() {}

    static Expression and(Expression left, Expression right) {
        if (Expressions.isNever(left) || Expressions.isNever(right)) {
            return Expressions.truth(false);
        }
        return left == right ? left : Expressions.and(left, right);
    }

    static Expression and(Collection<Expression> conditions) {
        return conditions.stream().reduce(Expressions.always(), Conditions::and);
    }

    static Expression or(Expression left, Expression right) {
        if (Expressions.isAlways(left) || Expressions.isAlways(right)) {
            return Expressions.always();
        }
        return Expressions.isNever(left) ? right : Expressions.isNever(right) ? left
                : Expressions.binary(BinaryOperator.OR, left, right);
    }

    static Expression not(Expression condition) {
        if (Expressions.isAlways(condition)) {
            return Expressions.truth(false);
        }
        return Expressions.isNever(condition) ? Expressions.always() : Expressions.not(condition);
    }

    /** The conditions that {@code and} joins; none for the condition that always holds. */
    static List<Expression> conjuncts(Expression condition) {
        List<Expression> found = new ArrayList<>();
        collect(condition, found);
        return found;
    }

    private static void collect(Expression condition, List<Expression> found) {
        if (condition instanceof Binary binary && binary.operator() == BinaryOperator.AND) {
            collect(binary.left(), found);
            collect(binary.right(), found);
        } else if (!Expressions.isAlways(condition)) {
            found.add(condition);
        }
    }

    /** The same condition with its constant parts put in. */
    static Expression fold(Expression condition) {
        return Expressions.rewrite(condition, node -> {
            boolean constant = node.children().stream().allMatch(Conditions::isConstant);
            return switch (node) {
                case Unary unary when unary.operator() == UnaryOperator.NOT -> not(unary.operand());
                case Unary unary when constant ->
                        Expressions.constant(ScalarOperations.apply(unary.operator(), value(unary.operand())));
                case Binary binary when binary.operator() == BinaryOperator.AND -> and(binary.left(), binary.right());
                case Binary binary when binary.operator() == BinaryOperator.OR -> or(binary.left(), binary.right());
                case Binary binary when constant -> {
                    double value = ScalarOperations.apply(binary.operator(), value(binary.left()), value(binary.right()));
                    yield binary.operator().isLogical() ? Expressions.truth(value != 0) : Expressions.constant(value);
                }
                case Select select when Expressions.isAlways(select.condition()) -> select.then();
                case Select select when Expressions.isNever(select.condition()) -> select.otherwise();
                case Constant _, Argument _, Coordinate _, Member _, Read _, Unary _, Binary _, Select _, Reduce _,
                        WithDerivative _ -> node;
            };
        });
    }

    private static boolean isConstant(Expression expression) {
        return expression instanceof Constant;
    }

    private static double value(Expression constant) {
        return ((Constant) constant).value();
    }

    /** {@code left <= right}, decided where the bounds of the indices decide it. */
    static Expression atMost(IndexForm left, IndexForm right) {
        long[] difference = right.minus(left).bounds();
        if (difference[0] >= 0) {
            return Expressions.always();
        }
        if (difference[1] < 0) {
            return Expressions.truth(false);
        }
        return Expressions.binary(BinaryOperator.LESS_OR_EQUAL, Expressions.coordinate(left),
                Expressions.coordinate(right));
    }
}
