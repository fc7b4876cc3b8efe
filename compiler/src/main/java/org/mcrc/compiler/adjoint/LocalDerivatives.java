package org.mcrc.compiler.adjoint;

import static org.mcrc.compiler.index.Expressions.add;
import static org.mcrc.compiler.index.Expressions.binary;
import static org.mcrc.compiler.index.Expressions.constant;
import static org.mcrc.compiler.index.Expressions.divide;
import static org.mcrc.compiler.index.Expressions.multiply;
import static org.mcrc.compiler.index.Expressions.negate;
import static org.mcrc.compiler.index.Expressions.select;
import static org.mcrc.compiler.index.Expressions.subtract;
import static org.mcrc.compiler.index.Expressions.unary;

import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.index.WithDerivative;

/**
 * The partial derivatives of one node with respect to its operands.
 *
 * <p>The conventions are the language's: {@code relu'(0) = 0}, {@code abs'(0) = 0}, {@code max} and {@code min} pass the
 * derivative to the first operand that attains the value, {@code z^n} with a constant integer n has its derivative for
 * every z, {@code step}, {@code sign}, {@code floor} and conditions have derivative 0. {@code atan2} has derivative 0 at
 * the origin. Where the derivative can be had from the value (exponential, logistic, …) it is made of the node itself, so
 * that nothing is computed twice.
 */
public final class LocalDerivatives {
    private static final Expression ZERO = constant(0);
    private static final Expression ONE = constant(1);
    private static final Expression MINUS_ONE = constant(-1);

    private LocalDerivatives() {}

    /**
     * The derivative of {@code node} with respect to its operand number {@code operand} in {@link Expression#children};
     * the constant 0 where there is none.
     *
     * @throws IllegalArgumentException for a reduction: its derivative is no expression of its own indices
     */
    public static Expression derivative(Expression node, int operand) {
        return switch (node) {
            case Constant _, Argument _, Coordinate _, Member _, Read _ -> ZERO;
            case Unary unary -> ofOperand(unary);
            case Binary binary -> operand == 0 ? ofLeft(binary) : ofRight(binary);
            case Select select -> switch (operand) {
                case 0 -> ZERO;
                case 1 -> select(select.condition(), ONE, ZERO);
                default -> select(select.condition(), ZERO, ONE);
            };
            case WithDerivative declared -> operand == 1 ? declared.derivative() : ZERO;
            case Reduce _ -> throw new IllegalArgumentException("a reduction has no local derivative: " + node);
        };
    }

    private static Expression ofOperand(Unary node) {
        Expression z = node.operand();
        return switch (node.operator()) {
            case NEGATE -> MINUS_ONE;
            case ABS -> unary(UnaryOperator.SIGN, z);
            case SQRT -> divide(constant(0.5), node);
            case EXP -> node;
            case LOG -> divide(ONE, z);
            case SIN -> unary(UnaryOperator.COS, z);
            case COS -> negate(unary(UnaryOperator.SIN, z));
            case TAN -> add(ONE, multiply(node, node));
            case ASIN -> divide(ONE, unary(UnaryOperator.SQRT, subtract(ONE, multiply(z, z))));
            case ACOS -> divide(MINUS_ONE, unary(UnaryOperator.SQRT, subtract(ONE, multiply(z, z))));
            case ATAN -> divide(ONE, add(ONE, multiply(z, z)));
            case SINH -> unary(UnaryOperator.COSH, z);
            case COSH -> unary(UnaryOperator.SINH, z);
            case TANH -> subtract(ONE, multiply(node, node));
            case SIGMOID -> multiply(node, subtract(ONE, node));
            // A choice and no factor: what comes from outside may be infinite where relu is 0, as in sqrt(relu(z)).
            case RELU -> indicator(binary(BinaryOperator.LESS, ZERO, z));
            case LGAMMA -> unary(UnaryOperator.DIGAMMA, z);
            case DIGAMMA -> binary(BinaryOperator.POLYGAMMA, ONE, z);
            case SIGN, STEP, FLOOR, NOT -> ZERO;
        };
    }

    private static Expression ofLeft(Binary node) {
        Expression left = node.left();
        Expression right = node.right();
        return switch (node.operator()) {
            case ADD, SUBTRACT -> ONE;
            case MULTIPLY -> right;
            case DIVIDE -> divide(ONE, right);
            case POWER -> powerOfBase(left, right);
            case MAXIMUM -> indicator(binary(BinaryOperator.LESS_OR_EQUAL, right, left));
            case MINIMUM -> indicator(binary(BinaryOperator.LESS_OR_EQUAL, left, right));
            case ATAN2 -> overSquaredNorm(right, left, right);
            case POLYGAMMA, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND, OR -> ZERO;
        };
    }

    private static Expression ofRight(Binary node) {
        Expression left = node.left();
        Expression right = node.right();
        return switch (node.operator()) {
            case ADD -> ONE;
            case SUBTRACT -> MINUS_ONE;
            case MULTIPLY -> left;
            case DIVIDE -> negate(divide(node, right));
            case POWER -> select(binary(BinaryOperator.LESS, ZERO, left),
                    multiply(node, unary(UnaryOperator.LOG, left)), ZERO);
            case MAXIMUM -> indicator(binary(BinaryOperator.LESS, left, right));
            case MINIMUM -> indicator(binary(BinaryOperator.LESS, right, left));
            case ATAN2 -> overSquaredNorm(negate(left), left, right);
            case POLYGAMMA -> binary(BinaryOperator.POLYGAMMA, nextOrder(left), right);
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND, OR -> ZERO;
        };
    }

    private static Expression indicator(Expression condition) {
        return select(condition, ONE, ZERO);
    }

    /** n z^(n - 1), without a power of zero to a negative exponent where n is 0. */
    private static Expression powerOfBase(Expression base, Expression exponent) {
        if (exponent instanceof Constant constant) {
            double n = constant.value();
            if (n == 0) {
                return ZERO;
            }
            if (n == 1) {
                return ONE;
            }
            return multiply(exponent, n == 2 ? base : binary(BinaryOperator.POWER, base, constant(n - 1)));
        }
        return select(binary(BinaryOperator.EQUAL, exponent, ZERO), ZERO,
                multiply(exponent, binary(BinaryOperator.POWER, base, subtract(exponent, ONE))));
    }

    private static Expression overSquaredNorm(Expression numerator, Expression y, Expression x) {
        Expression squared = add(multiply(x, x), multiply(y, y));
        return select(binary(BinaryOperator.LESS, ZERO, squared), divide(numerator, squared), ZERO);
    }

    private static Expression nextOrder(Expression order) {
        if (order instanceof Constant constant) {
            return constant(constant.value() + 1);
        }
        throw new IllegalArgumentException("the order of a polygamma function is a constant, not " + order);
    }
}
