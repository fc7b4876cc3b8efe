package org.mcrc.runtime.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.engine.cpu.support.Workers;

/** Values go where the layout says, in either precision, with any number of workers, and come back. */
class StoredLayoutTest {
    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of("a number", List.of(), -1, 0, List.of()),
                Arguments.of("without a grid", List.of(300, 301), -1, 0, List.of()),
                Arguments.of("no halo", List.of(7, 19), 0, 2, List.of(0, 0)),
                Arguments.of("a halo", List.of(7, 19), 0, 2, List.of(1, 3)),
                Arguments.of("many lines", List.of(1100, 130), 0, 2, List.of(2, 1)),
                Arguments.of("a halo wider than the grid", List.of(2, 3), 0, 2, List.of(5, 4)),
                Arguments.of("three axes", List.of(5, 6, 17), 0, 3, List.of(1, 0, 2)),
                Arguments.of("indices after the grid", List.of(6, 9, 4), 0, 2, List.of(1, 1)),
                Arguments.of("indices around the grid", List.of(3, 6, 9, 4), 1, 2, List.of(1, 2)),
                Arguments.of("lines of several tasks", List.of(2, 150_001), 0, 2, List.of(1, 1)));
    }

    /** Element {@code ordinal} of the values by the definition of the layout: finite axes, then the grid with its halo. */
    private static int place(Manifest.Array array, int ordinal) {
        int[] subscript = new int[array.shape().size()];
        int rest = ordinal;
        for (int axis = subscript.length - 1; axis >= 0; axis--) {
            subscript[axis] = rest % array.shape().get(axis);
            rest /= array.shape().get(axis);
        }
        int place = 0;
        for (int axis = 0; axis < subscript.length; axis++) {
            if (!ofGrid(array, axis)) {
                place = place * array.shape().get(axis) + subscript[axis];
            }
        }
        for (int c = 0; c < array.gridRank(); c++) {
            int halo = array.halo().get(c);
            place = place * (array.shape().get(array.gridAxis() + c) + 2 * halo) + subscript[array.gridAxis() + c] + halo;
        }
        return place;
    }

    private static boolean ofGrid(Manifest.Array array, int axis) {
        return array.gridAxis() >= 0 && axis >= array.gridAxis() && axis < array.gridAxis() + array.gridRank();
    }

    private static int stored(Manifest.Array array) {
        int length = 1;
        for (int axis = 0; axis < array.shape().size(); axis++) {
            length *= array.shape().get(axis) + (ofGrid(array, axis) ? 2 * array.halo().get(axis - array.gridAxis()) : 0);
        }
        return length;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void everyElementHasItsPlace(String name, List<Integer> shape, int gridAxis, int gridRank, List<Integer> halo) {
        Manifest.Array array = new Manifest.Array("M", false, 0, shape, gridAxis, gridRank, halo);
        int size = shape.stream().reduce(1, Math::multiplyExact);
        double[] values = new SplittableRandom(1).doubles(size, -1, 1).toArray();
        for (int threads = 1; threads <= 3; threads += 2) {
            try (Workers workers = new Workers(threads)) {
                StoredLayout layout = new StoredLayout(array, workers);
                float[] single = new float[stored(array)];
                double[] exact = new double[stored(array)];
                layout.store(values, single);
                layout.store(values, exact);
                for (int k = 0; k < size; k++) {
                    assertEquals((float) values[k], single[place(array, k)], 0, name + " " + k);
                    assertEquals(values[k], exact[place(array, k)], 0, name + " " + k);
                }
                double[] loaded = new double[size];
                layout.load(exact, loaded);
                assertArrayEquals(values, loaded);
                layout.load(single, loaded);
                assertArrayEquals(Arrays.stream(values).map(value -> (float) value).toArray(), loaded);
            }
        }
    }

    @Test
    void theHaloIsPeriodicInEveryPlane() {
        Manifest.Array array = new Manifest.Array("q", false, 0, List.of(2, 3, 2), 0, 2, List.of(1, 1));
        double[] values = {1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60};
        float[] single = new float[2 * 4 * 5];
        try (Workers workers = new Workers(2)) {
            new StoredLayout(array, workers).store(values, single);
        }
        assertArrayEquals(new float[] {
            6, 4, 5, 6, 4, 3, 1, 2, 3, 1, 6, 4, 5, 6, 4, 3, 1, 2, 3, 1,
            60, 40, 50, 60, 40, 30, 10, 20, 30, 10, 60, 40, 50, 60, 40, 30, 10, 20, 30, 10}, single);
    }
}
