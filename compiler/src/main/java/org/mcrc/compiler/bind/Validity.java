package org.mcrc.compiler.bind;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;

/**
 * For which values of its pixel indices an expression reads nothing beyond an open boundary. Kept for each pixel index,
 * because a term that reads beyond is left out of the reductions over the pixel index in that read, and of no other.
 */
final class Validity {
    /**
     * One requirement: where {@code path} holds, {@code 0 <= low} and {@code high < extent}.
     *
     * @param path a condition on indices
     */
    record Requirement(Expression path, IndexForm low, IndexForm high, int extent) {
        /** The requirement as a condition. */
        Expression condition() {
            return Conditions.or(Conditions.not(path), Conditions.and(
                    Conditions.atMost(IndexForm.constant(0), low), Conditions.atMost(high, IndexForm.constant(extent - 1))));
        }

        private boolean mentions(Collection<Index> indices) {
            Set<Index> free = new HashSet<>(Expressions.freeIndices(path));
            free.addAll(low.indices());
            free.addAll(high.indices());
            return indices.stream().anyMatch(free::contains);
        }

        Requirement substitute(Map<Index, List<IndexForm>> replacements) {
            return new Requirement(Conditions.fold(Expressions.substitute(path, replacements)), Validity.substitute(low, replacements),
                    Validity.substitute(high, replacements), extent);
        }
    }

    /** Requirements that differ by a shift only: the one with the least and greatest shift says it all. */
    private record Key(Expression path, IndexForm low, IndexForm high, int extent) {}

    private static final long MOST_EXPANDED = 100_000;

    private final Map<Index, Map<Key, Requirement>> requirements = new LinkedHashMap<>();

    /** Requires that a subscript into an axis with {@code extent} pixels lies inside. */
    void require(Index pixel, IndexForm subscript, int extent) {
        add(pixel, new Requirement(Expressions.always(), subscript, subscript, extent));
    }

    void add(Index pixel, Requirement requirement) {
        if (Expressions.isAlways(requirement.condition())) {
            return;
        }
        Key key = new Key(requirement.path(), requirement.low().plus(-requirement.low().constant()),
                requirement.high().plus(-requirement.high().constant()), requirement.extent());
        requirements.computeIfAbsent(pixel, unknown -> new LinkedHashMap<>()).merge(key, requirement, (known, added) ->
                new Requirement(key.path(), key.low().plus(Math.min(known.low().constant(), added.low().constant())),
                        key.high().plus(Math.max(known.high().constant(), added.high().constant())), key.extent()));
    }

    /** Adds what another expression requires, where {@code path} holds. */
    void addAll(Validity other, Expression path) {
        other.requirements.forEach((pixel, set) -> set.values().forEach(requirement -> add(pixel, new Requirement(
                Conditions.and(path, requirement.path()), requirement.low(), requirement.high(), requirement.extent()))));
    }

    boolean isEmpty() {
        return requirements.isEmpty();
    }

    /** What is required of a pixel index, which is no longer required afterwards. */
    List<Requirement> remove(Index pixel) {
        Map<Key, Requirement> removed = requirements.remove(pixel);
        return removed == null ? List.of() : List.copyOf(removed.values());
    }

    /** What is required of a pixel index. */
    List<Requirement> of(Index pixel) {
        return List.copyOf(requirements.getOrDefault(pixel, Map.of()).values());
    }

    /**
     * What is required for every value of finite indices that the guard admits: nothing where there are none.
     *
     * @return nothing where there is too much to write down
     */
    Optional<Validity> forAll(List<Index> indices, Expression guard) {
        Validity result = new Validity();
        if (indices.stream().anyMatch(index -> index.domain().size() == 0)) {
            return Optional.of(result);
        }
        boolean always = Expressions.isAlways(guard);
        for (Map.Entry<Index, Map<Key, Requirement>> entry : requirements.entrySet()) {
            for (Requirement requirement : entry.getValue().values()) {
                if (always && !requirement.mentions(indices)) {
                    result.add(entry.getKey(), requirement);
                } else if (!forAll(result, entry.getKey(), requirement, indices, guard)) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(result);
    }

    private static boolean forAll(Validity result, Index pixel, Requirement requirement, List<Index> indices,
            Expression guard) {
        Set<Index> inConditions = new HashSet<>(Expressions.freeIndices(requirement.path()));
        inConditions.addAll(Expressions.freeIndices(guard));
        if (indices.stream().noneMatch(inConditions::contains)
                && separates(requirement.low(), indices) && separates(requirement.high(), indices)) {
            int[] lowest = extremes(requirement.low(), indices);
            int[] highest = extremes(requirement.high(), indices);
            result.add(pixel, new Requirement(Conditions.and(guard, requirement.path()), without(requirement.low(), indices).plus(lowest[0]),
                    without(requirement.high(), indices).plus(highest[1]), requirement.extent()));
            return true;
        }
        if (Count.of(indices) > MOST_EXPANDED) {
            return false;
        }
        IndexSpace space = new IndexSpace();
        IndexSpace.Cursor cursor = space.cursor(indices);
        int[] slots = space.slots();
        Requirement guarded = new Requirement(Conditions.and(guard, requirement.path()), requirement.low(),
                requirement.high(), requirement.extent());
        for (boolean more = cursor.first(slots); more; more = cursor.next(slots)) {
            Map<Index, List<IndexForm>> values = new HashMap<>();
            for (Index index : indices) {
                int offset = space.offset(index);
                values.put(index, java.util.stream.IntStream.range(0, index.domain().components())
                        .mapToObj(component -> IndexForm.constant(slots[offset + component])).toList());
            }
            result.add(pixel, guarded.substitute(values));
        }
        return true;
    }

    /** Whether the form is a sum in which each of these indices occurs with one component at most: extremes are exact. */
    private static boolean separates(IndexForm form, List<Index> indices) {
        Set<Index> seen = new HashSet<>();
        return form.terms().keySet().stream().allMatch(monomial -> monomial.factors().size() == 1
                && monomial.factors().getFirst() instanceof IndexForm.Component component
                && (!indices.contains(component.index()) || component.index().domain() instanceof FiniteDomain
                        && seen.add(component.index())));
    }

    private static IndexForm without(IndexForm form, List<Index> indices) {
        return form.substitute(component -> indices.contains(component.index()) ? IndexForm.constant(0) : null);
    }

    /** The least and greatest value of the terms with these indices. */
    private static int[] extremes(IndexForm form, List<Index> indices) {
        long[] bounds = form.minus(without(form, indices)).bounds();
        return new int[] {Math.toIntExact(bounds[0]), Math.toIntExact(bounds[1])};
    }

    static IndexForm substitute(IndexForm form, Map<Index, List<IndexForm>> replacements) {
        return form.substitute(component -> {
            List<IndexForm> value = replacements.get(component.index());
            return value == null ? null : value.get(component.component());
        });
    }
}
