package org.mcrc.compiler.backend.cuda;

import java.util.Arrays;
import java.util.Locale;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.kernel.TooLarge;

/**
 * The tables of a vector set: its members' components, and the position of every vector of the box around them.
 *
 * @param name of the set's tables
 */
record VectorPlaces(String name, VectorDomain domain) {
    /** The name of the table of component {@code c}, counted from 0, of every member. */
    String axisName(int c) {
        return name + "_" + (c + 1);
    }

    /** Component {@code c}, counted from 0, of every member. */
    int[] axis(int c) {
        int[] axis = new int[domain.size()];
        for (int member = 0; member < axis.length; member++) {
            axis[member] = domain.component(member, c);
        }
        return axis;
    }

    /** The name of the table of positions. */
    String positionsName() {
        return name + "_positions";
    }

    private int low(int c) {
        return Arrays.stream(axis(c)).min().orElse(0);
    }

    private int extent(int c) {
        return Arrays.stream(axis(c)).max().orElse(-1) - low(c) + 1;
    }

    /** For every vector of the box, in C order, its position in the set, or -1. */
    int[] positions() {
        double count = 1;
        for (int c = 0; c < domain.components(); c++) {
            count *= extent(c);
        }
        if (count > TooLarge.MOST_ELEMENTS) {
            throw new TooLarge(String.format(Locale.ROOT, "a GPU looks the vectors of %s up in a table for the box around them,"
                    + " which would have %.3g elements", domain.name(), count));
        }
        int[] positions = new int[(int) count];
        Arrays.fill(positions, -1);
        int[] low = new int[domain.components()];
        int[] extent = new int[domain.components()];
        for (int c = 0; c < low.length; c++) {
            low[c] = low(c);
            extent[c] = extent(c);
        }
        for (int member = 0; member < domain.size(); member++) {
            int place = 0;
            for (int c = 0; c < low.length; c++) {
                place = place * extent[c] + domain.component(member, c) - low[c];
            }
            positions[place] = member;
        }
        return positions;
    }

    /** The least component and the extent along each axis of the box, as further arguments. */
    String box() {
        StringBuilder text = new StringBuilder();
        for (int c = 0; c < domain.components(); c++) {
            text.append(", ").append(low(c)).append(", ").append(extent(c));
        }
        return text.toString();
    }
}
