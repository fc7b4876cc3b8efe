package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.bind.Value.Truth;
import org.mcrc.compiler.bind.Value.Vector;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Expression;

/** Binds operations on vectors of integers; where one operand is a vector, the number 0 is the zero vector. */
final class VectorArithmetic {
    private final ExpressionBinder binder;

    VectorArithmetic(ExpressionBinder binder) {
        this.binder = binder;
    }

    Vector negate(Vector vector, Span span) {
        return componentwise(vector, vector, span, (component, _) -> component.times(-1));
    }

    /** Binds an operation of two operands, at least one of them a vector. */
    Value combine(Expression.Binary node, Value left, Value right) {
        Span span = node.span();
        int dimension = dimension(left, right);
        return switch (node.operator()) {
            case ADD -> componentwise(binder.vector(left, dimension, node.left().span()),
                    binder.vector(right, dimension, node.right().span()), span, IndexForm::plus);
            case SUBTRACT -> componentwise(binder.vector(left, dimension, node.left().span()),
                    binder.vector(right, dimension, node.right().span()), span, IndexForm::minus);
            case MULTIPLY -> {
                boolean leading = right instanceof Vector;
                IndexForm factor = binder.integerForm(binder.number(leading ? left : right, span),
                        leading ? node.left().span() : node.right().span());
                Vector vector = (Vector) (leading ? right : left);
                yield componentwise(vector, vector, span, (component, _) -> component.times(factor));
            }
            case EQUAL -> equal(node, left, right);
            case NOT_EQUAL -> Arithmetic.not(equal(node, left, right));
            case DIVIDE, DIV, MOD, POWER, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, AND, OR ->
                    throw binder.error(ExpressionBinder.MISPLACED, span,
                            "'" + node.operator().symbol() + "' is not for vectors");
        };
    }

    /** One of two values, at least one of them a vector, component by component. */
    Vector select(Truth condition, Value then, Value otherwise, Expression.Conditional node) {
        int dimension = dimension(then, otherwise);
        Vector first = binder.vector(then, dimension, node.consequence().span());
        Vector second = binder.vector(otherwise, dimension, node.alternative().span());
        List<IndexForm> components = new ArrayList<>();
        for (int c = 0; c < dimension; c++) {
            components.add(binder.integerForm(Arithmetic.select(condition, Number.of(first.components().get(c)),
                    Number.of(second.components().get(c))), node.span()));
        }
        return new Vector(components);
    }

    private static int dimension(Value left, Value right) {
        return (left instanceof Vector vector ? vector : (Vector) right).dimension();
    }

    private Truth equal(Expression.Binary node, Value left, Value right) {
        int dimension = dimension(left, right);
        return Arithmetic.equal(binder.vector(left, dimension, node.left().span()),
                binder.vector(right, dimension, node.right().span()));
    }

    private Vector componentwise(Vector left, Vector right, Span span, BinaryOperator<IndexForm> operation) {
        Vector result = Arithmetic.componentwise(left.components(), right.components(), operation);
        if (result == null) {
            throw binder.error(ExpressionBinder.NOT_AN_INTEGER, span, "the components of this vector are too large");
        }
        return result;
    }
}
