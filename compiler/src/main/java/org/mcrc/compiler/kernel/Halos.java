package org.mcrc.compiler.kernel;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Tensor;

/** How tensors are stored: arrays of pixels with halos as wide as kernels read past the ends of their grid. */
final class Halos {
    private final Map<Tensor, int[]> halos = new LinkedHashMap<>();

    private Halos() {}

    /**
     * The storage of all that a program is given and that its kernels write, by name, in order.
     *
     * @param folded what kernels read and nothing stores
     */
    static Map<String, Storage> storage(IndexProgram program, List<Kernel> kernels, Folds folded) {
        Halos all = new Halos();
        program.fields().forEach(field -> all.of(field.tensor()));
        program.data().forEach(data -> all.of(data.tensor()));
        program.targets().forEach(all::of);
        Set<Tensor> exact = new HashSet<>();
        for (Kernel kernel : kernels) {
            kernel.writes().forEach(all::of);
            exact.addAll(exact(kernel));
            kernel.expressions().forEach(expression -> Expressions.reads(expression).stream()
                    .filter(read -> !folded.contains(read.tensor().name())).forEach(all::extend));
        }
        Map<String, Storage> storage = new LinkedHashMap<>();
        all.halos.forEach((tensor, halo) -> {
            requireAddressable(tensor, halo);
            storage.put(tensor.name(), new Storage(tensor, tensor.axes().isEmpty() || exact.contains(tensor),
                    Arrays.stream(halo).boxed().toList()));
        });
        return storage;
    }

    /** All numbers for one grid have to be addressable; how many grids there are is a question of memory. */
    private static void requireAddressable(Tensor tensor, int[] halo) {
        double plane = 1;
        for (int c = 0; c < halo.length; c++) {
            plane *= tensor.grid().extent(c) + 2.0 * halo[c];
        }
        if (plane > TooLarge.MOST_ELEMENTS) {
            throw new TooLarge("'" + tensor.name() + "', which is read up to " + Arrays.stream(halo).max().orElse(0)
                    + String.format(Locale.ROOT, " pixels beyond its edge, would have %.3g elements", plane));
        }
    }

    /** What of its results a kernel keeps in double precision whatever the precision of the program. */
    private static List<Tensor> exact(Kernel kernel) {
        return switch (kernel) {
            case Spectrum spectrum -> List.of(spectrum.target());
            case Correlation correlation -> List.of(correlation.product());
            case Convolution convolution -> List.of(convolution.image(), convolution.product());
            case Nest _, Sweep _, Scan _, Gram _, Fold _, ChainedProduct _, ReverseScan _, Wrap _ -> List.of();
        };
    }

    private int[] of(Tensor tensor) {
        Grid grid = tensor.grid();
        return halos.computeIfAbsent(tensor, _ -> new int[grid == null ? 0 : grid.rank()]);
    }

    private void extend(Read read) {
        int[] halo = of(read.tensor());
        if (read.tensor().grid() != null) {
            extend(halo, read.tensor(), read.subscripts());
        }
    }

    /** Makes the halo of an array of pixels as wide as an element with these subscripts lies past the ends of its grid. */
    static void extend(int[] halo, Tensor tensor, List<List<IndexForm>> subscripts) {
        Grid grid = tensor.grid();
        List<IndexForm> pixel = subscripts.get(tensor.axes().indexOf(grid));
        for (int c = 0; c < halo.length; c++) {
            long[] bounds = pixel.get(c).bounds();
            halo[c] = Math.max(halo[c], Math.toIntExact(Math.max(-bounds[0], bounds[1] - grid.extent(c) + 1)));
        }
    }
}
