package org.mcrc.compiler.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.mcrc.compiler.syntax.Declaration.ParamDeclaration;
import org.mcrc.compiler.syntax.Expression;

/** Evaluates constant expressions with the default values of params, as far as that is easy. */
final class Constants {

    private final Map<String, Double> values = new HashMap<>();

    /** Evaluates the params in {@code order}, in which each comes after those that it refers to. */
    Constants(Symbols symbols, List<String> order) {
        for (String name : order) {
            if (symbols.find(name).orElse(null) instanceof ParamDeclaration param) {
                evaluate(param.value()).ifPresent(value -> values.put(name, value));
            }
        }
    }

    /** The value of {@code expression}, if it is a finite number that is made of numbers and params. */
    OptionalDouble evaluate(Expression expression) {
        double value = value(expression);
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** The value, not a number if it is unknown. */
    private double value(Expression expression) {
        return switch (expression) {
            case Expression.NumberLiteral literal -> literal.value();
            case Expression.NameReference reference ->
                reference.name().equals("pi") ? Math.PI : values.getOrDefault(reference.name(), Double.NaN);
            case Expression.Unary unary when unary.operator() == Expression.UnaryOperator.NEGATE ->
                -value(unary.operand());
            case Expression.Binary binary -> binary(binary, value(binary.left()), value(binary.right()));
            case Expression.Call call when call.primes() == 0 && call.arguments().size() == 1 ->
                call(call.function().text(), value(call.arguments().getFirst()));
            case Expression.Unary _, Expression.Call _, Expression.Count _, Expression.Subscript _,
                    Expression.Conditional _, Expression.Reduction _, Expression.VectorLiteral _,
                    Expression.ComponentSelect _ -> Double.NaN;
        };
    }

    private static double binary(Expression.Binary binary, double left, double right) {
        return switch (binary.operator()) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case DIV -> Math.floor(left / right);
            case MOD -> left - right * Math.floor(left / right);
            case POWER -> Math.pow(left, right);
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, AND, OR -> Double.NaN;
        };
    }

    private static double call(String function, double argument) {
        return switch (function) {
            case "abs" -> Math.abs(argument);
            case "sqrt" -> Math.sqrt(argument);
            case "exp" -> Math.exp(argument);
            case "log" -> Math.log(argument);
            case "floor" -> Math.floor(argument);
            default -> Double.NaN;
        };
    }
}
