package org.mcrc.compiler.adjoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.VectorDomain;

/**
 * Inverts a read: given the element that is read, which values of the reading indices read it.
 *
 * <p>For {@code U[f(i)]} read under indices i, and indices v over the axes of U, the equations f(i) = v are solved for as
 * many of the i as possible, pixels first: {@code y = x + r} gives {@code x = y - r}. What is solved is a form of v and of
 * the indices that remain; that it lies in its domain, and the equations that could not be used, become the guard.
 */
public final class IndexSolver {
    /**
     * @param solved for each index that the read determines, the components of its value
     * @param remaining the indices that the read leaves free, to be summed over
     * @param guard which values of the remaining indices count
     */
    public record Solution(Map<Index, List<IndexForm>> solved, List<Index> remaining, Expression guard) {}

    /** {@code form = 0}, modulo {@code modulus} where that is not 0. */
    private record Equation(IndexForm form, int modulus) {}

    private List<Equation> equations = new ArrayList<>();
    private final Map<Index, List<IndexForm>> solved = new LinkedHashMap<>();
    private Expression guard = Expressions.always();

    private IndexSolver() {}

    /**
     * @param read the read to invert
     * @param indices the indices under which it stands
     * @param element indices over the axes of the tensor that is read
     */
    public static Solution solve(Read read, List<Index> indices, List<Index> element) {
        IndexSolver solver = new IndexSolver();
        for (int axis = 0; axis < element.size(); axis++) {
            List<IndexForm> values = IndexForm.of(element.get(axis));
            for (int c = 0; c < values.size(); c++) {
                int modulus = element.get(axis).domain() instanceof Grid grid ? grid.extent(c) : 0;
                solver.equations.add(new Equation(read.subscripts().get(axis).get(c).minus(values.get(c)), modulus));
            }
        }
        List<Index> order = new ArrayList<>(indices);
        order.sort((a, b) -> Boolean.compare(b.isPixel(), a.isPixel()));
        order.forEach(solver::solveFor);
        solver.equations.forEach(solver::keepAsGuard);
        List<Index> remaining = indices.stream().filter(index -> !solver.solved.containsKey(index)).toList();
        return new Solution(solver.solved, remaining, solver.guard);
    }

    private void solveFor(Index index) {
        List<IndexForm> value = new ArrayList<>();
        List<Equation> used = new ArrayList<>();
        Expression divisible = Expressions.always();
        for (int c = 0; c < index.domain().components(); c++) {
            IndexForm.Component component = new IndexForm.Component(index, c);
            Equation equation = equations.stream().filter(e -> !used.contains(e) && determines(e, component))
                    .findFirst().orElse(null);
            if (equation == null) {
                return;
            }
            used.add(equation);
            int coefficient = equation.form().linearCoefficient(component);
            IndexForm rest = equation.form().minus(IndexForm.of(component).times(coefficient));
            IndexForm scaled = coefficient > 0 ? rest.times(-1) : rest;
            int scale = Math.abs(coefficient);
            value.add(scaled.floorDivide(scale));
            if (scale > 1) {
                divisible = Expressions.and(divisible, isZero(scaled.floorModulo(scale)));
            }
        }
        Map<Index, List<IndexForm>> replacement = Map.of(index, value);
        List<Equation> left = new ArrayList<>();
        for (Equation equation : equations) {
            if (!used.contains(equation)) {
                left.add(new Equation(replace(equation.form(), replacement), equation.modulus()));
            }
        }
        equations = left;
        solved.replaceAll((_, forms) -> forms.stream().map(form -> replace(form, replacement)).toList());
        guard = Expressions.substitute(guard, replacement);
        solved.put(index, List.copyOf(value));
        guard = Expressions.and(guard, Expressions.and(divisible, membership(index, value)));
    }

    private static IndexForm replace(IndexForm form, Map<Index, List<IndexForm>> replacement) {
        return form.substitute(component -> {
            List<IndexForm> value = replacement.get(component.index());
            return value == null ? null : value.get(component.component());
        });
    }

    /** Whether the equation has exactly one solution for the component, in the component's range. */
    private static boolean determines(Equation equation, IndexForm.Component component) {
        int coefficient = equation.form().linearCoefficient(component);
        IndexForm rest = equation.form().minus(IndexForm.of(component).times(coefficient));
        // Where another component of the same index is in it, neither is known from this equation alone.
        if (coefficient == 0 || rest.indices().contains(component.index())) {
            return false;
        }
        return switch (component.index().domain()) {
            case Grid grid -> {
                int extent = grid.extent(component.component());
                if (equation.modulus() > 0) {
                    yield equation.modulus() == Math.abs(coefficient) * extent;
                }
                // A number that is a position, as that of a slice: it must be one of this axis for every element.
                long[] bounds = rest.bounds();
                long low = coefficient > 0 ? -bounds[1] : bounds[0];
                long high = coefficient > 0 ? -bounds[0] : bounds[1];
                yield Math.abs(coefficient) == 1 && low >= 0 && high < extent;
            }
            case FiniteDomain finite -> equation.modulus() == 0 ? Math.abs(coefficient) == 1
                    : coefficient == 1 && finite instanceof IntegerDomain(int low, int high)
                            && low == 0 && high == equation.modulus() - 1
                            && equation.form().terms().size() == 2 && equation.form().constant() == 0;
        };
    }

    private static Expression membership(Index index, List<IndexForm> value) {
        return switch (index.domain()) {
            case Grid _ -> Expressions.always();
            case IntegerDomain(int low, int high) -> {
                long[] bounds = value.getFirst().bounds();
                Expression condition = Expressions.always();
                Expression number = Expressions.coordinate(value.getFirst());
                if (bounds[0] < low) {
                    condition = Expressions.and(condition,
                            Expressions.binary(BinaryOperator.LESS_OR_EQUAL, Expressions.constant(low), number));
                }
                if (bounds[1] > high) {
                    condition = Expressions.and(condition,
                            Expressions.binary(BinaryOperator.LESS_OR_EQUAL, number, Expressions.constant(high)));
                }
                yield condition;
            }
            case VectorDomain set -> isMemberOf(value, set) ? Expressions.always() : Expressions.member(value, set);
        };
    }

    /** Whether the value is that of an index over a subset of {@code set}. */
    private static boolean isMemberOf(List<IndexForm> value, VectorDomain set) {
        List<Index> indices = new ArrayList<>(value.getFirst().indices());
        if (indices.size() != 1 || !(indices.getFirst().domain() instanceof VectorDomain source)
                || !value.equals(IndexForm.of(indices.getFirst()))) {
            return false;
        }
        if (source.equals(set)) {
            return true;
        }
        for (int ordinal = 0; ordinal < source.size(); ordinal++) {
            if (set.ordinal(source.member(ordinal)) < 0) {
                return false;
            }
        }
        return true;
    }

    private void keepAsGuard(Equation equation) {
        IndexForm form = equation.modulus() == 0 ? equation.form() : equation.form().floorModulo(equation.modulus());
        if (!form.isConstant() || form.constant() != 0) {
            guard = Expressions.and(guard, isZero(form));
        }
    }

    private static Expression isZero(IndexForm form) {
        return Expressions.binary(BinaryOperator.EQUAL, Expressions.coordinate(form), Expressions.constant(0));
    }
}
