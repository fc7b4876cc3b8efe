package org.mcrc.compiler.bind;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.bind.Value.Truth;
import org.mcrc.compiler.bind.Value.Vector;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.ScalarOperations;
import org.mcrc.compiler.index.UnaryOperator;

/** The operators on bound values. Constants are folded, integer polynomials of indices stay what they are. */
final class Arithmetic {
    private static final org.mcrc.compiler.index.BinaryOperator EQUAL = org.mcrc.compiler.index.BinaryOperator.EQUAL;

    /** Terms of a polynomial of indices. */
    private static final int MOST_TERMS = 4096;

    private Arithmetic() {}

    private static Set<String> union(Set<String> left, Set<String> right) {
        if (left.isEmpty() || right.isEmpty()) {
            return left.isEmpty() ? right : left;
        }
        Set<String> union = new HashSet<>(left);
        union.addAll(right);
        return union;
    }

    /** The number with these three faces; where it depends on no argument it has one. */
    private static Number number(Expression expression, Expression structural, IndexForm form, Set<String> arguments) {
        if (form != null && form.isConstant() && !arguments.isEmpty()) {
            return new Number(expression, Expressions.constant(form.constant()), form, arguments);
        }
        if (form != null) {
            Expression coordinate = Expressions.coordinate(form);
            return new Number(arguments.isEmpty() ? coordinate : expression, coordinate, form, arguments);
        }
        if (structural instanceof Constant constant && arguments.isEmpty()) {
            return Number.of(constant.value());
        }
        return new Number(expression, structural, null, arguments);
    }

    static Number unary(UnaryOperator operator, Number operand) {
        Expression structural = operand.structural() == null ? null : operand.structural() instanceof Constant constant
                ? Expressions.constant(ScalarOperations.apply(operator, constant.value()))
                : Expressions.unary(operator, operand.structural());
        IndexForm form = operator == UnaryOperator.NEGATE && operand.form() != null
                ? exact(operand.form(), IndexForm.constant(-1), IndexForm::times) : integer(structural);
        return number(Expressions.unary(operator, operand.expression()), structural, form, operand.arguments());
    }

    static Number binary(org.mcrc.compiler.index.BinaryOperator operator, Number left, Number right) {
        Expression structural = left.structural() == null || right.structural() == null ? null
                : fold(operator, left.structural(), right.structural());
        IndexForm form = left.form() == null || right.form() == null ? integer(structural) : switch (operator) {
            case ADD -> exact(left.form(), right.form(), IndexForm::plus);
            case SUBTRACT -> exact(left.form(), right.form(), IndexForm::minus);
            case MULTIPLY -> exact(left.form(), right.form(), IndexForm::times);
            case POWER -> power(left.form(), right.form());
            case DIVIDE, MINIMUM, MAXIMUM, ATAN2, POLYGAMMA, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND, OR ->
                    integer(structural);
        };
        return number(Expressions.binary(operator, left.expression(), right.expression()), structural, form,
                union(left.arguments(), right.arguments()));
    }

    private static Expression fold(org.mcrc.compiler.index.BinaryOperator operator, Expression left, Expression right) {
        if (left instanceof Constant first && right instanceof Constant second) {
            double value = ScalarOperations.apply(operator, first.value(), second.value());
            return operator.isLogical() ? Expressions.truth(value != 0) : Expressions.constant(value);
        }
        return Expressions.binary(operator, left, right);
    }

    /** An integer power of an integer, or null where it is none or could overflow. */
    private static IndexForm power(IndexForm base, IndexForm exponent) {
        if (!exponent.isConstant() || exponent.constant() < 0 || exponent.constant() > 31) {
            return null;
        }
        IndexForm power = IndexForm.constant(1);
        for (int i = 0; i < exponent.constant() && power != null; i++) {
            power = exact(power, base, IndexForm::times);
        }
        return power;
    }

    /** A constant that is an integer, as a form. */
    private static IndexForm integer(Expression structural) {
        return structural instanceof Constant constant && constant.value() == Math.rint(constant.value())
                && Math.abs(constant.value()) <= Integer.MAX_VALUE ? IndexForm.constant((int) constant.value()) : null;
    }

    /** The result of an operation on forms, or null where it could overflow or become unwieldy. */
    static IndexForm exact(IndexForm left, IndexForm right, BinaryOperator<IndexForm> operation) {
        if ((long) left.terms().size() * right.terms().size() > MOST_TERMS) {
            return null;
        }
        try {
            IndexForm form = operation.apply(left, right);
            long[] bounds = form.bounds();
            return bounds[0] > -(1L << 30) && bounds[1] < 1L << 30 || form.isConstant() ? form : null;
        } catch (ArithmeticException overflow) {
            return null;
        }
    }

    /** The integer quotient or remainder, rounded down; the divisor is not 0. */
    static Number divideDown(Number left, Number right, boolean remainder) {
        if (left.form() != null && right.form() != null && right.form().isConstant()) {
            int divisor = right.form().constant();
            IndexForm dividend = divisor < 0 ? exact(left.form(), IndexForm.constant(-1), IndexForm::times) : left.form();
            if (dividend != null && divisor > Integer.MIN_VALUE) {
                IndexForm form = remainder ? dividend.floorModulo(Math.abs(divisor)) : dividend.floorDivide(Math.abs(divisor));
                IndexForm signed = remainder && divisor < 0 ? form.times(-1) : form;
                return number(realDivideDown(left, right, remainder).expression(), null, signed,
                        union(left.arguments(), right.arguments()));
            }
        }
        return realDivideDown(left, right, remainder);
    }

    private static Number realDivideDown(Number left, Number right, boolean remainder) {
        Number quotient = unary(UnaryOperator.FLOOR, binary(org.mcrc.compiler.index.BinaryOperator.DIVIDE, left, right));
        return remainder ? binary(org.mcrc.compiler.index.BinaryOperator.SUBTRACT, left,
                binary(org.mcrc.compiler.index.BinaryOperator.MULTIPLY, right, quotient)) : quotient;
    }

    static Truth compare(org.mcrc.compiler.index.BinaryOperator operator, Number left, Number right) {
        Expression structural = left.structural() == null || right.structural() == null ? null
                : fold(operator, left.structural(), right.structural());
        Set<String> arguments = union(left.arguments(), right.arguments());
        Expression expression = Expressions.binary(operator, left.expression(), right.expression());
        return new Truth(arguments.isEmpty() && structural != null ? structural : expression, structural, arguments);
    }

    static Truth equal(Vector left, Vector right) {
        Expression all = Expressions.always();
        for (int component = 0; component < left.dimension(); component++) {
            all = Conditions.and(all, fold(EQUAL, Expressions.coordinate(left.components().get(component)),
                    Expressions.coordinate(right.components().get(component))));
        }
        return new Truth(all, all, Set.of());
    }

    static Truth not(Truth operand) {
        return new Truth(Conditions.not(operand.expression()),
                operand.structural() == null ? null : Conditions.not(operand.structural()), operand.arguments());
    }

    static Truth and(Truth left, Truth right) {
        boolean known = left.structural() != null && right.structural() != null;
        return new Truth(Conditions.and(left.expression(), right.expression()),
                known ? Conditions.and(left.structural(), right.structural()) : null,
                union(left.arguments(), right.arguments()));
    }

    static Truth or(Truth left, Truth right) {
        boolean known = left.structural() != null && right.structural() != null;
        return new Truth(Conditions.or(left.expression(), right.expression()),
                known ? Conditions.or(left.structural(), right.structural()) : null,
                union(left.arguments(), right.arguments()));
    }

    static Number select(Truth condition, Number then, Number otherwise) {
        boolean known = condition.structural() != null && then.structural() != null && otherwise.structural() != null;
        Set<String> arguments = union(condition.arguments(), union(then.arguments(), otherwise.arguments()));
        Expression expression = Expressions.select(condition.expression(), then.expression(), otherwise.expression());
        Expression structural = !known ? null
                : Conditions.fold(Expressions.select(condition.structural(), then.structural(), otherwise.structural()));
        return number(expression, structural, integer(structural), arguments);
    }

    static Truth select(Truth condition, Truth then, Truth otherwise) {
        boolean known = condition.structural() != null && then.structural() != null && otherwise.structural() != null;
        Expression structural = !known ? null : Conditions.fold(
                Expressions.select(condition.structural(), then.structural(), otherwise.structural()));
        return new Truth(Expressions.select(condition.expression(), then.expression(), otherwise.expression()),
                structural, union(condition.arguments(), union(then.arguments(), otherwise.arguments())));
    }

    /** The length of a vector, in real numbers throughout. */
    static Number norm(Vector vector) {
        Number sum = Number.of(0);
        for (int component = 0; component < vector.dimension(); component++) {
            Number coordinate = Number.of(vector.components().get(component));
            Number real = new Number(coordinate.expression(), coordinate.structural(), null, Set.of());
            Number square = binary(org.mcrc.compiler.index.BinaryOperator.MULTIPLY, real, real);
            sum = component == 0 ? square : binary(org.mcrc.compiler.index.BinaryOperator.ADD, sum, square);
        }
        return unary(UnaryOperator.SQRT, sum);
    }

    static Number dot(Vector left, Vector right) {
        Number sum = Number.of(0);
        for (int component = 0; component < left.dimension(); component++) {
            Number product = binary(org.mcrc.compiler.index.BinaryOperator.MULTIPLY,
                    Number.of(left.components().get(component)), Number.of(right.components().get(component)));
            sum = component == 0 ? product : binary(org.mcrc.compiler.index.BinaryOperator.ADD, sum, product);
        }
        return sum;
    }

    /** A vector of sums, differences or multiples; null where a component could overflow. */
    static Vector componentwise(List<IndexForm> left, List<IndexForm> right, BinaryOperator<IndexForm> operation) {
        IndexForm[] result = new IndexForm[left.size()];
        for (int component = 0; component < result.length; component++) {
            result[component] = exact(left.get(component), right.get(component), operation);
            if (result[component] == null) {
                return null;
            }
        }
        return new Vector(List.of(result));
    }
}
