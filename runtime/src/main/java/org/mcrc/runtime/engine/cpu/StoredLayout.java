package org.mcrc.runtime.engine.cpu;

import java.util.List;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.engine.cpu.support.Halo;
import org.mcrc.runtime.engine.cpu.support.Workers;

/**
 * Copies between arrays in C order and stored arrays, whose finite axes come first and whose grid has a halo. Lines, the
 * elements along a grid's last axis, are shared among workers.
 */
final class StoredLayout {
    /** The elements of a task, about: less is not worth waking anybody for. */
    private static final int ELEMENTS_PER_TASK = 1 << 16;

    private final Workers workers;

    /** The products of the extents before and after the grid. */
    private final int before;
    private final int after;

    /** The grid's extents; without a grid, those of one line that is everything. */
    private final int[] extents;
    private final Halo halo;
    private final int lines;
    private final int length;

    StoredLayout(Manifest.Array array, Workers workers) {
        this.workers = workers;
        List<Integer> shape = array.shape();
        boolean grid = array.gridAxis() >= 0;
        int end = array.gridAxis() + array.gridRank();
        // What has neither grid nor elements has no lines.
        before = grid ? product(shape.subList(0, array.gridAxis())) : Math.min(1, product(shape));
        after = grid ? product(shape.subList(end, shape.size())) : 1;
        extents = grid ? shape.subList(array.gridAxis(), end).stream().mapToInt(Integer::intValue).toArray()
                : new int[] {Math.max(1, product(shape))};
        halo = new Halo(extents, grid ? array.halo().stream().mapToInt(Integer::intValue).toArray() : new int[1]);
        length = extents[extents.length - 1];
        lines = before * after * (product(extents) / length);
    }

    private static int product(List<Integer> numbers) {
        return numbers.stream().reduce(1, Math::multiplyExact);
    }

    private static int product(int[] numbers) {
        int product = 1;
        for (int number : numbers) {
            product = Math.multiplyExact(product, number);
        }
        return product;
    }

    /** Fills a stored array from values in C order, its halo included. */
    void store(double[] values, float[] stored) {
        eachPart((line, first, count) ->
                Conversion.narrow(values, position(line) + first * after, after, stored, place(line) + first, count));
        workers.run(before * after, plane -> halo.wrap(stored, plane * halo.length()));
    }

    /** The same in double precision. */
    void store(double[] values, double[] stored) {
        eachPart((line, first, count) ->
                Conversion.copy(values, position(line) + first * after, after, stored, place(line) + first, 1, count));
        workers.run(before * after, plane -> halo.wrap(stored, plane * halo.length()));
    }

    /** The values of a stored array in C order. */
    void load(float[] stored, double[] values) {
        eachPart((line, first, count) ->
                Conversion.widen(stored, place(line) + first, values, position(line) + first * after, after, count));
    }

    /** The same in double precision. */
    void load(double[] stored, double[] values) {
        eachPart((line, first, count) ->
                Conversion.copy(stored, place(line) + first, 1, values, position(line) + first * after, after, count));
    }

    /** Where a line begins among the values: lines are numbered in the order in which they are stored. */
    private int position(int line) {
        int linesOfPlane = lines / (before * after);
        int plane = line / linesOfPlane;
        return (plane / after * linesOfPlane + line % linesOfPlane) * length * after + plane % after;
    }

    /** Where its first pixel is stored. */
    private int place(int line) {
        int rest = line;
        int place = halo.origin();
        for (int axis = extents.length - 2; axis >= 0; axis--) {
            place += rest % extents[axis] * halo.stride(axis);
            rest /= extents[axis];
        }
        return place + rest * halo.length();
    }

    /** {@code count} elements of a line from {@code first}. */
    private interface Part {
        void copy(int line, int first, int count);
    }

    private void eachPart(Part part) {
        if (length >= ELEMENTS_PER_TASK) {
            int parts = Math.ceilDiv(length, ELEMENTS_PER_TASK);
            workers.run(lines * parts, task -> {
                int first = task % parts * ELEMENTS_PER_TASK;
                part.copy(task / parts, first, Math.min(ELEMENTS_PER_TASK, length - first));
            });
            return;
        }
        int linesPerTask = ELEMENTS_PER_TASK / length;
        workers.run(Math.ceilDiv(lines, linesPerTask), task -> {
            for (int line = task * linesPerTask; line < Math.min(lines, (task + 1) * linesPerTask); line++) {
                part.copy(line, 0, length);
            }
        });
    }
}
