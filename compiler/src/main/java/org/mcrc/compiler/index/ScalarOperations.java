package org.mcrc.compiler.index;

/** What the operators mean in double precision; truth values are 1 and 0. Folding and the evaluator share it. */
public final class ScalarOperations {
    private ScalarOperations() {}

    public static double apply(UnaryOperator operator, double z) {
        return switch (operator) {
            case NEGATE -> -z;
            case ABS -> Math.abs(z);
            case SQRT -> Math.sqrt(z);
            case EXP -> Math.exp(z);
            case LOG -> Math.log(z);
            case SIN -> Math.sin(z);
            case COS -> Math.cos(z);
            case TAN -> Math.tan(z);
            case ASIN -> Math.asin(z);
            case ACOS -> Math.acos(z);
            case ATAN -> Math.atan(z);
            case SINH -> Math.sinh(z);
            case COSH -> Math.cosh(z);
            case TANH -> Math.tanh(z);
            case SIGMOID -> sigmoid(z);
            case RELU -> z <= 0 ? 0 : z;
            case SIGN -> Math.signum(z);
            case STEP -> Double.isNaN(z) ? z : z > 0 ? 1 : 0;
            case FLOOR -> Math.floor(z);
            case LGAMMA -> SpecialFunctions.lgamma(z);
            case DIGAMMA -> SpecialFunctions.digamma(z);
            case NOT -> z == 0 ? 1 : 0;
        };
    }

    /** Both operands are known; {@code and} and {@code or} of expressions look at the right one only if it matters. */
    public static double apply(BinaryOperator operator, double a, double b) {
        return switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case POWER -> Math.pow(a, b);
            case MINIMUM -> Math.min(a, b);
            case MAXIMUM -> Math.max(a, b);
            case ATAN2 -> Math.atan2(a, b);
            case POLYGAMMA -> SpecialFunctions.polygamma((int) a, b);
            case EQUAL -> a == b ? 1 : 0;
            case NOT_EQUAL -> a != b ? 1 : 0;
            case LESS -> a < b ? 1 : 0;
            case LESS_OR_EQUAL -> a <= b ? 1 : 0;
            case AND -> a != 0 && b != 0 ? 1 : 0;
            case OR -> a != 0 || b != 0 ? 1 : 0;
        };
    }

    /** The logistic function, without overflow and accurate where it is small. */
    private static double sigmoid(double z) {
        if (z >= 0) {
            return 1 / (1 + Math.exp(-z));
        }
        double exponential = Math.exp(z);
        return exponential / (1 + exponential);
    }
}
