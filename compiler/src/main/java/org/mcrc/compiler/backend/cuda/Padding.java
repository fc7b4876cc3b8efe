package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows or columns of a matrix that is padded: kernels compute all of them alike, in the padding what the last one has.
 *
 * @param within the variable or expression whose value is that of the row or column, but never in the padding
 * @param inside what is true where it is not in the padding
 */
record Padding(String within, List<String> inside) {
    /** The row or column of a variable, of so many. */
    static Padding of(KernelWriter kernel, String variable, long count) {
        if (count % Staging.PADDING == 0) {
            return new Padding(variable, List.of());
        }
        String within = kernel.fresh(variable + "_within");
        kernel.line("const int %s = mcrc_clamp(%s, %d);", within, variable, count - 1);
        return new Padding(within, List.of(variable + " < " + count));
    }

    /** The column of a variable, as the position in the grid of the pixel that is there. */
    static Padding of(KernelWriter kernel, String column, Chunk chunk) {
        List<String> inside = new ArrayList<>();
        if (chunk.size() % Staging.PADDING != 0) {
            inside.add(column + " < " + chunk.size());
        }
        String place = chunk.place(kernel, column);
        if (chunk.isRagged()) {
            inside.add(place + " < " + chunk.total());
        }
        if (inside.isEmpty()) {
            return new Padding(chunk.placeInVariable(kernel, column), inside);
        }
        String within = kernel.fresh("place_of_pixel");
        kernel.line("const int %s = mcrc_clamp(%s, %d);", within, place, chunk.total() - 1);
        return new Padding(within, inside);
    }
}
