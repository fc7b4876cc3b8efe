package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;

/**
 * Slots for the values of indices, one for each component: where {@link FormulaCompiler} looks for them and a
 * {@link Cursor} puts them.
 */
final class IndexSpace {
    private final Map<Index, Integer> offsets = new HashMap<>();
    private int slotCount;

    /** The first slot of an index; one that was not known gets new slots. */
    int offset(Index index) {
        return offsets.computeIfAbsent(index, unknown -> {
            int offset = slotCount;
            slotCount += unknown.domain().components();
            return offset;
        });
    }

    /** Enough slots for all indices that have an offset. */
    int[] slots() {
        return new int[Math.max(1, slotCount)];
    }

    /** Goes through all values of {@code indices} together, the last one fastest. */
    Cursor cursor(Collection<Index> indices) {
        return new Cursor(List.copyOf(indices));
    }

    /** One combination of values after another. */
    final class Cursor {
        private final List<Index> indices;
        private final int[] ordinals;

        private Cursor(List<Index> indices) {
            this.indices = indices;
            this.ordinals = new int[indices.size()];
            indices.forEach(IndexSpace.this::offset);
        }

        /** Puts the first combination into {@code slots}; false where there is none. */
        boolean first(int[] slots) {
            for (int i = 0; i < ordinals.length; i++) {
                if (indices.get(i).domain().size() == 0) {
                    return false;
                }
                ordinals[i] = 0;
                fill(slots, i);
            }
            return true;
        }

        /** Puts the next combination into {@code slots}; false after the last one. */
        boolean next(int[] slots) {
            for (int i = ordinals.length - 1; i >= 0; i--) {
                boolean carry = ++ordinals[i] == indices.get(i).domain().size();
                if (carry) {
                    ordinals[i] = 0;
                }
                fill(slots, i);
                if (!carry) {
                    return true;
                }
            }
            return false;
        }

        private void fill(int[] slots, int position) {
            Index index = indices.get(position);
            int offset = offset(index);
            switch (index.domain()) {
                case FiniteDomain finite -> {
                    for (int component = 0; component < finite.components(); component++) {
                        slots[offset + component] = finite.component(ordinals[position], component);
                    }
                }
                case Grid grid -> {
                    int rest = ordinals[position];
                    for (int axis = grid.rank() - 1; axis >= 0; axis--) {
                        slots[offset + axis] = rest % grid.extent(axis);
                        rest /= grid.extent(axis);
                    }
                }
            }
        }
    }

    /** The values of {@code indices} in {@code slots}, as in {@code a = (0, 1), n = 3}. */
    String describe(Collection<Index> indices, int[] slots) {
        List<String> parts = new ArrayList<>();
        for (Index index : indices) {
            int offset = offset(index);
            int[] components = new int[index.domain().components()];
            System.arraycopy(slots, offset, components, 0, components.length);
            parts.add(index.name() + " = " + vector(components));
        }
        return String.join(", ", parts);
    }

    /** A vector as it is written; one component stands for itself. */
    static String vector(int... components) {
        if (components.length == 1) {
            return String.valueOf(components[0]);
        }
        return "(" + String.join(", ", java.util.Arrays.stream(components).mapToObj(String::valueOf).toList()) + ")";
    }
}
