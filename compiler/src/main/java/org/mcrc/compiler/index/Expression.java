package org.mcrc.compiler.index;

import java.util.List;

/**
 * A scalar expression: a real number or a truth value for every value of the indices that occur free in it.
 *
 * <p>Nodes are interned: make them with the factories of {@link Expressions}, never with a constructor, so that equal
 * nodes are the same object and a shared expression is a graph that is as large as it is written.
 */
public sealed interface Expression
        permits Constant, Argument, Coordinate, Member, Read, Unary, Binary, Select, Reduce, WithDerivative {
    /** The direct operands, in order. */
    List<Expression> children();

    /** Whether it is a truth value. */
    default boolean isLogical() {
        return switch (this) {
            case Member _ -> true;
            case Unary unary -> unary.operator() == UnaryOperator.NOT;
            case Binary binary -> binary.operator().isLogical();
            case Select select -> select.then().isLogical();
            case Constant _, Argument _, Coordinate _, Read _, Reduce _, WithDerivative _ -> false;
        };
    }
}
