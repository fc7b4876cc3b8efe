package org.mcrc.compiler.bind;

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
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.ScalarOperations;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.WithDerivative;

/** Makes functions of the values of indices and arguments out of expressions that read no computed array. */
final class FormulaCompiler {
    /** A real number, or a truth value as 1 or 0, that depends on the values of indices in slots. */
    interface Formula {
        double at(int[] slots);

        default boolean holds(int[] slots) {
            return at(slots) != 0;
        }
    }

    /** An integer that depends on the values of indices in slots. */
    interface IntegerFormula {
        int at(int[] slots);
    }

    /** The expression depends on what is known only when the program runs. */
    static final class Unknown extends Exception {
        private static final long serialVersionUID = 1;

        Unknown(String message) {
            super(message, null, false, false);
        }
    }

    /** What has a value before the program runs. */
    interface Known {
        /** A cell with the value of an argument, or null where there is no such argument. */
        double[] cell(String argument);

        /** The elements of data in C order, or null where the tensor is something else. */
        double[] data(Tensor tensor);
    }

    private final IndexSpace space;
    private final Known known;
    private final Map<Expression, Formula> done = new IdentityHashMap<>();
    private final Map<IndexForm, IntegerFormula> forms = new HashMap<>();

    /**
     * @param space gives indices their slots
     * @param known the values of arguments and data
     */
    FormulaCompiler(IndexSpace space, Known known) {
        this.space = space;
        this.known = known;
    }

    Formula compile(Expression expression) throws Unknown {
        Formula formula = done.get(expression);
        if (formula == null) {
            formula = build(expression);
            done.put(expression, formula);
        }
        return formula;
    }

    private Formula build(Expression expression) throws Unknown {
        return switch (expression) {
            case Constant constant -> {
                double value = constant.value();
                yield slots -> value;
            }
            case Argument argument -> {
                double[] cell = known.cell(argument.name());
                if (cell == null) {
                    throw new Unknown("argument " + argument.name());
                }
                yield slots -> cell[0];
            }
            case Coordinate coordinate -> {
                IntegerFormula form = compile(coordinate.form());
                yield form::at;
            }
            case Member member -> {
                IntegerFormula[] components = compile(member.vector());
                yield slots -> member.domain().ordinal(at(components, slots)) >= 0 ? 1 : 0;
            }
            case Read read -> {
                double[] values = known.data(read.tensor());
                if (values == null) {
                    throw new Unknown("an element of " + read.tensor().name());
                }
                IntegerFormula place = compile(IndexForm.position(read.tensor().axes(), read.subscripts()));
                // Tables are made for more values of subscripts than occur.
                yield slots -> {
                    int position = place.at(slots);
                    return position < 0 || position >= values.length ? Double.NaN : values[position];
                };
            }
            case Unary unary -> {
                Formula operand = compile(unary.operand());
                yield slots -> ScalarOperations.apply(unary.operator(), operand.at(slots));
            }
            case Binary binary -> binary(binary.operator(), compile(binary.left()), compile(binary.right()));
            case Select select -> {
                Formula condition = compile(select.condition());
                Formula then = compile(select.then());
                Formula otherwise = compile(select.otherwise());
                yield slots -> condition.holds(slots) ? then.at(slots) : otherwise.at(slots);
            }
            case WithDerivative declared -> compile(declared.value());
            case Reduce reduce -> reduction(reduce);
        };
    }

    private static Formula binary(BinaryOperator operator, Formula left, Formula right) {
        return switch (operator) {
            case AND -> slots -> left.holds(slots) && right.holds(slots) ? 1 : 0;
            case OR -> slots -> left.holds(slots) || right.holds(slots) ? 1 : 0;
            case ADD -> slots -> left.at(slots) + right.at(slots);
            case SUBTRACT -> slots -> left.at(slots) - right.at(slots);
            case MULTIPLY -> slots -> left.at(slots) * right.at(slots);
            case DIVIDE, POWER, MINIMUM, MAXIMUM, ATAN2, POLYGAMMA, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL ->
                    slots -> ScalarOperations.apply(operator, left.at(slots), right.at(slots));
        };
    }

    private Formula reduction(Reduce reduce) throws Unknown {
        List<Index> indices = reduce.indices();
        indices.forEach(space::offset);
        Formula guard = compile(reduce.guard());
        Formula body = compile(reduce.body());
        ReductionOperator operator = reduce.operator();
        return slots -> {
            IndexSpace.Cursor cursor = space.cursor(indices);
            double result = operator.identity();
            double best = Double.NaN;
            long position = 0;
            for (boolean more = cursor.first(slots); more; more = cursor.next(slots), position++) {
                if (!guard.holds(slots)) {
                    continue;
                }
                double term = body.at(slots);
                switch (operator) {
                    case SUM -> result += term;
                    case PRODUCT -> result *= term;
                    case MAXIMUM -> result = Math.max(result, term);
                    case MINIMUM -> result = Math.min(result, term);
                    case ARGMAX, ARGMIN -> {
                        if (Double.isNaN(best) || (operator == ReductionOperator.ARGMAX ? term > best : term < best)) {
                            best = term;
                            result = position;
                        }
                    }
                }
            }
            return result;
        };
    }

    IntegerFormula[] compile(List<IndexForm> vector) {
        IntegerFormula[] components = new IntegerFormula[vector.size()];
        for (int component = 0; component < components.length; component++) {
            components[component] = compile(vector.get(component));
        }
        return components;
    }

    static int[] at(IntegerFormula[] components, int[] slots) {
        int[] vector = new int[components.length];
        for (int component = 0; component < vector.length; component++) {
            vector[component] = components[component].at(slots);
        }
        return vector;
    }

    IntegerFormula compile(IndexForm form) {
        IntegerFormula formula = forms.get(form);
        if (formula == null) {
            formula = build(form);
            forms.put(form, formula);
        }
        return formula;
    }

    private IntegerFormula build(IndexForm form) {
        int constant = form.constant();
        List<int[]> linear = new ArrayList<>();
        List<IntegerFormula> others = new ArrayList<>();
        form.terms().forEach((monomial, coefficient) -> {
            if (monomial.factors().size() == 1 && monomial.factors().getFirst() instanceof IndexForm.Component component) {
                linear.add(new int[] {slot(component), coefficient});
            } else {
                IntegerFormula[] factors = monomial.factors().stream().map(this::factor).toArray(IntegerFormula[]::new);
                others.add(slots -> {
                    int product = coefficient;
                    for (IntegerFormula factor : factors) {
                        product *= factor.at(slots);
                    }
                    return product;
                });
            }
        });
        int[] slotNumbers = linear.stream().mapToInt(term -> term[0]).toArray();
        int[] coefficients = linear.stream().mapToInt(term -> term[1]).toArray();
        IntegerFormula[] products = others.toArray(IntegerFormula[]::new);
        return slots -> {
            int sum = constant;
            for (int i = 0; i < slotNumbers.length; i++) {
                sum += coefficients[i] * slots[slotNumbers[i]];
            }
            for (IntegerFormula product : products) {
                sum += product.at(slots);
            }
            return sum;
        };
    }

    private int slot(IndexForm.Component component) {
        return space.offset(component.index()) + component.component();
    }

    private IntegerFormula factor(IndexForm.Factor factor) {
        return switch (factor) {
            case IndexForm.Component component -> {
                int slot = slot(component);
                yield slots -> slots[slot];
            }
            case IndexForm.Quotient quotient -> {
                IntegerFormula dividend = compile(quotient.dividend());
                int divisor = quotient.divisor();
                yield slots -> Math.floorDiv(dividend.at(slots), divisor);
            }
            case IndexForm.Ordinal ordinal -> {
                IntegerFormula[] vector = compile(ordinal.vector());
                yield slots -> ordinal.domain().ordinal(at(vector, slots));
            }
            case IndexForm.MemberComponent member -> {
                IntegerFormula position = compile(member.position());
                yield slots -> member.at(position.at(slots));
            }
        };
    }
}
