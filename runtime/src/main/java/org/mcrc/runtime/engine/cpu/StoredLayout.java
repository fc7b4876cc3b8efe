package org.mcrc.runtime.engine.cpu;

import java.util.List;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.engine.cpu.support.Halo;

/** Copies between arrays in C order and stored arrays, whose finite axes come first and whose grid has a halo. */
final class StoredLayout {
    private final int before;
    private final int pixels;
    private final int after;
    private final int[] extents;
    private final Halo halo;

    StoredLayout(Manifest.Array array) {
        List<Integer> shape = array.shape();
        boolean grid = array.gridAxis() >= 0;
        int first = grid ? array.gridAxis() : shape.size();
        before = product(shape.subList(0, first));
        extents = grid ? shape.subList(first, first + array.gridRank()).stream().mapToInt(Integer::intValue).toArray()
                : new int[0];
        pixels = grid ? product(shape.subList(first, first + array.gridRank())) : 1;
        after = grid ? product(shape.subList(first + array.gridRank(), shape.size())) : 1;
        halo = grid ? new Halo(extents, array.halo().stream().mapToInt(Integer::intValue).toArray()) : null;
    }

    private static int product(List<Integer> numbers) {
        return numbers.stream().reduce(1, Math::multiplyExact);
    }

    /** Where pixel {@code pixel} lies in its padded grid. */
    private int place(int pixel) {
        int place = halo.origin();
        int rest = pixel;
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            place += rest % extents[axis] * halo.stride(axis);
            rest /= extents[axis];
        }
        return place;
    }

    void store(double[] values, float[] single, double[] exact) {
        if (halo == null) {
            for (int k = 0; k < before; k++) {
                put(single, exact, k, values[k]);
            }
            return;
        }
        for (int pixel = 0; pixel < pixels; pixel++) {
            int place = place(pixel);
            for (int outer = 0; outer < before; outer++) {
                for (int inner = 0; inner < after; inner++) {
                    put(single, exact, (outer * after + inner) * halo.length() + place,
                            values[(outer * pixels + pixel) * after + inner]);
                }
            }
        }
        for (int plane = 0; plane < before * after; plane++) {
            if (single != null) {
                halo.wrap(single, plane * halo.length());
            } else {
                halo.wrap(exact, plane * halo.length());
            }
        }
    }

    void load(float[] single, double[] exact, double[] values) {
        if (halo == null) {
            for (int k = 0; k < before; k++) {
                values[k] = get(single, exact, k);
            }
            return;
        }
        for (int pixel = 0; pixel < pixels; pixel++) {
            int place = place(pixel);
            for (int outer = 0; outer < before; outer++) {
                for (int inner = 0; inner < after; inner++) {
                    values[(outer * pixels + pixel) * after + inner] =
                            get(single, exact, (outer * after + inner) * halo.length() + place);
                }
            }
        }
    }

    private static void put(float[] single, double[] exact, int place, double value) {
        if (single != null) {
            single[place] = (float) value;
        } else {
            exact[place] = value;
        }
    }

    private static double get(float[] single, double[] exact, int place) {
        return single != null ? single[place] : exact[place];
    }
}
