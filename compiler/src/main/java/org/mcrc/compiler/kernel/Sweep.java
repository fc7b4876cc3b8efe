package org.mcrc.compiler.kernel;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.Tensor;

/**
 * Nests in one pass over the pixels of a grid: none of them reads what another one writes, and what they have in common
 * is loaded and computed once.
 *
 * @param members with the same pixel index, which runs through the lanes of a vector: along an axis of the target or in
 *     the reduction
 */
public record Sweep(Index pixel, List<Nest> members) implements Kernel {
    /** The most numbers of all members for each pixel: each is a variable in the generated loop. */
    private static final int MOST_ELEMENTS = 8;

    public Sweep {
        members = List.copyOf(members);
    }

    /** A nest as a pass of its own; null where it has no loop over pixels to share. */
    public static Sweep of(Nest nest) {
        boolean shared = nest.vector() != null && elements(nest) <= MOST_ELEMENTS;
        return shared ? new Sweep(nest.vector(), List.of(nest)) : null;
    }

    /** The numbers that a nest has to do with at each pixel: sums of its own or values for the pixel. */
    static long elements(Nest nest) {
        return Count.of(nest.definition().axes().stream().filter(index -> !index.isPixel()).toList());
    }

    /** Whether so many numbers can be computed in one loop. */
    static boolean holds(long elements) {
        return elements <= MOST_ELEMENTS;
    }

    @Override
    public List<Tensor> writes() {
        return members.stream().flatMap(member -> member.writes().stream()).toList();
    }

    @Override
    public List<Expression> expressions() {
        Set<Expression> all = new LinkedHashSet<>();
        members.forEach(member -> all.addAll(member.expressions()));
        return List.copyOf(all);
    }

    @Override
    public String formula() {
        return members.stream().map(Nest::formula).collect(Collectors.joining("\n  "));
    }
}
