package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;

/**
 * The terms of a reduction: values of its indices that satisfy its guard. Indices that no condition ties together are
 * counted apart, so that what is counted one by one is small.
 *
 * @param guard conditions on indices
 * @param requirements conditions on pixel indices that come from an open boundary
 */
record Terms(List<Index> indices, List<Expression> guard, List<Validity.Requirement> requirements) {
    private static final long MOST_COUNTED = 4_000_000;
    private static final long MOST_TRIED = 20_000_000;

    Terms {
        indices = List.copyOf(indices);
        guard = List.copyOf(guard);
        requirements = List.copyOf(requirements);
    }

    /** Indices of the reduction that conditions tie together, with these conditions. */
    private record Group(List<Index> indices, List<Expression> guard, List<Validity.Requirement> requirements) {
        Expression condition() {
            return Conditions.and(Conditions.and(guard),
                    Conditions.and(requirements.stream().map(Validity.Requirement::condition).toList()));
        }

        /** Indices in the conditions that the reduction does not bind. */
        List<Index> free() {
            Set<Index> free = new LinkedHashSet<>(Expressions.freeIndices(condition()));
            indices.forEach(free::remove);
            return List.copyOf(free);
        }
    }

    /** All conditions together. */
    Expression condition() {
        return new Group(indices, guard, requirements).condition();
    }

    private List<Group> groups() {
        List<Set<Index>> tied = new ArrayList<>();
        indices.forEach(index -> tied.add(new LinkedHashSet<>(List.of(index))));
        List<Expression> conditions = new ArrayList<>(guard);
        requirements.forEach(requirement -> conditions.add(requirement.condition()));
        for (Expression condition : conditions) {
            Set<Index> free = Expressions.freeIndices(condition);
            List<Set<Index>> touched = tied.stream().filter(set -> set.stream().anyMatch(free::contains)).toList();
            if (touched.size() > 1) {
                Set<Index> merged = new LinkedHashSet<>();
                touched.forEach(merged::addAll);
                tied.removeAll(touched);
                tied.add(merged);
            }
        }
        List<Group> groups = new ArrayList<>();
        for (Set<Index> set : tied) {
            groups.add(new Group(indices.stream().filter(set::contains).toList(),
                    guard.stream().filter(condition -> concerns(condition, set)).toList(),
                    requirements.stream().filter(requirement -> concerns(requirement.condition(), set)).toList()));
        }
        // What the bounds decide mentions no index at all.
        List<Expression> others = conditions.stream().filter(condition -> !concerns(condition, new HashSet<>(indices)))
                .toList();
        if (!others.isEmpty()) {
            groups.add(new Group(List.of(), others, List.of()));
        }
        return groups;
    }

    private static boolean concerns(Expression condition, Set<Index> set) {
        return Expressions.freeIndices(condition).stream().anyMatch(set::contains);
    }

    /** The number of terms, as a constant where it is one. */
    Expression count(ExpressionBinder binder) {
        double constant = 1;
        Expression variable = null;
        for (Group group : groups()) {
            Expression count = count(group, binder);
            if (count instanceof Constant known) {
                constant *= known.value();
            } else {
                variable = variable == null ? count : Expressions.multiply(variable, count);
            }
        }
        if (variable == null) {
            return Expressions.constant(constant);
        }
        return constant == 1 ? variable : Expressions.multiply(Expressions.constant(constant), variable);
    }

    private static Expression count(Group group, ExpressionBinder binder) {
        Expression condition = group.condition();
        long size = Count.of(group.indices());
        if (Expressions.isAlways(condition)) {
            return Expressions.constant(size);
        }
        if (group.free().isEmpty() && size <= MOST_COUNTED) {
            Optional<Double> counted = binder.constant(Value.Number.computed(
                    Expressions.sum(group.indices(), condition, Expressions.constant(1))));
            if (counted.isPresent()) {
                return Expressions.constant(counted.get());
            }
        }
        if (group.indices().isEmpty()) {
            return Expressions.select(condition, Expressions.constant(1), Expressions.constant(0));
        }
        return intervals(group).<Expression>map(axes -> axes.stream().map(Interval::length)
                        .reduce(Expressions::multiply).orElseThrow())
                .orElseGet(() -> Expressions.sum(group.indices(), condition, Expressions.constant(1)));
    }

    /** The pixels along one axis that an open boundary leaves: from the greatest of the lows to the least of the highs. */
    private static final class Interval {
        private final Set<IndexForm> lows = new LinkedHashSet<>();
        private final Set<IndexForm> highs = new LinkedHashSet<>();

        Interval(int extent) {
            lows.add(IndexForm.constant(0));
            highs.add(IndexForm.constant(extent - 1));
        }

        Expression length() {
            Expression low = lows.stream().map(Expressions::coordinate)
                    .reduce((left, right) -> Expressions.binary(BinaryOperator.MAXIMUM, left, right)).orElseThrow();
            Expression high = highs.stream().map(Expressions::coordinate)
                    .reduce((left, right) -> Expressions.binary(BinaryOperator.MINIMUM, left, right)).orElseThrow();
            if (low instanceof Constant first && high instanceof Constant last) {
                return Expressions.constant(Math.max(0, last.value() - first.value() + 1));
            }
            return Expressions.binary(BinaryOperator.MAXIMUM, Expressions.constant(0),
                    Expressions.add(Expressions.subtract(high, low), Expressions.constant(1)));
        }

        /** Whether some pixel is left whatever values the other indices have. */
        boolean neverEmpty() {
            long low = lows.stream().mapToLong(form -> form.bounds()[1]).max().orElseThrow();
            long high = highs.stream().mapToLong(form -> form.bounds()[0]).min().orElseThrow();
            return low <= high;
        }
    }

    /** The pixels that are left as an interval along each axis, where the conditions say no more than that. */
    private static Optional<List<Interval>> intervals(Group group) {
        if (!group.guard().isEmpty() || group.indices().size() != 1 || !(group.indices().getFirst().domain() instanceof Grid grid)) {
            return Optional.empty();
        }
        Index pixel = group.indices().getFirst();
        List<Interval> axes = new ArrayList<>();
        for (int axis = 0; axis < grid.rank(); axis++) {
            axes.add(new Interval(grid.extent(axis)));
        }
        for (Validity.Requirement requirement : group.requirements()) {
            if (!Expressions.isAlways(requirement.path())) {
                return Optional.empty();
            }
            for (boolean isLow : new boolean[] {true, false}) {
                IndexForm form = isLow ? requirement.low() : requirement.high();
                Optional<IndexForm.Component> own = component(form, pixel);
                if (own.isEmpty()) {
                    return Optional.empty();
                }
                int factor = form.linearCoefficient(own.get());
                if (factor < 1) {
                    return Optional.empty();
                }
                IndexForm rest = form.minus(IndexForm.of(own.get()).times(factor));
                Interval interval = axes.get(own.get().component());
                if (isLow) {
                    interval.lows.add(rest.floorDivide(factor).times(-1));
                } else {
                    interval.highs.add(IndexForm.constant(requirement.extent() - 1).minus(rest).floorDivide(factor));
                }
            }
        }
        return Optional.of(axes);
    }

    private static Optional<IndexForm.Component> component(IndexForm form, Index pixel) {
        List<IndexForm.Component> found = new ArrayList<>();
        for (int axis = 0; axis < pixel.domain().components(); axis++) {
            IndexForm.Component component = new IndexForm.Component(pixel, axis);
            if (form.mentions(component)) {
                found.add(component);
            }
        }
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** Values of the other indices, as text, for which there are no terms; nothing where there always are. */
    Optional<String> emptiness(ExpressionBinder binder) {
        for (Group group : groups()) {
            if (group.indices().stream().anyMatch(index -> index.domain().size() == 0)) {
                return Optional.of("");
            }
            if (Expressions.isAlways(group.condition())
                    || intervals(group).filter(axes -> axes.stream().allMatch(Interval::neverEmpty)).isPresent()) {
                continue;
            }
            try {
                Optional<String> found = search(group, binder);
                if (found.isPresent()) {
                    return found;
                }
            } catch (FormulaCompiler.Unknown unknown) {
                // Too many combinations to try: what is empty shows as not-a-number when the program runs.
                continue;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> search(Group group, ExpressionBinder binder) throws FormulaCompiler.Unknown {
        long[] tried = {0};
        Optional<List<Interval>> intervals = intervals(group);
        return binder.search().counterexample(group.free(), (compiler, space) -> {
            if (intervals.isPresent()) {
                List<FormulaCompiler.Formula> lengths = new ArrayList<>();
                for (Interval interval : intervals.get()) {
                    lengths.add(compiler.compile(interval.length()));
                }
                return slots -> lengths.stream().allMatch(length -> length.at(slots) > 0);
            }
            FormulaCompiler.Formula condition = compiler.compile(group.condition());
            IndexSpace.Cursor cursor = space.cursor(group.indices());
            return slots -> {
                for (boolean more = cursor.first(slots); more; more = cursor.next(slots)) {
                    if (condition.holds(slots) || ++tried[0] > MOST_TRIED) {
                        return true;
                    }
                }
                return false;
            };
        });
    }
}
