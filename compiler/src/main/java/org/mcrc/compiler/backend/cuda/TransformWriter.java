package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.kernel.Convolution;
import org.mcrc.compiler.kernel.Correlation;
import org.mcrc.compiler.kernel.Spectrum;
import org.mcrc.compiler.kernel.Storage;
import org.mcrc.compiler.kernel.Transformed;

/** Writes discrete Fourier transforms, line by line along each axis, and the correlations and convolutions made of them. */
final class TransformWriter {
    private static final int BLOCK = NestWriter.BLOCK;

    /** Workspaces: a grid without halo in double precision, and spectra on the way. */
    private static final String GRID = "grid";
    private static final String SPECTRUM = "spectrum";

    /** Integers of launches, beside {@link Chunk#BATCH}. */
    private static final String PLANE = "plane_of_source";
    private static final String INNER = "inner";
    private static final String ACCUMULATE = "accumulate";
    private static final String FIRST_PLACE = "first_place";
    private static final String PLACES = "places";

    private final ProgramText program;

    TransformWriter(ProgramText program) {
        this.program = program;
    }

    // Transforms of the grid in the workspace

    private static int last(Grid grid) {
        return grid.extent(grid.rank() - 1);
    }

    private static int lines(Grid grid) {
        return grid.size() / last(grid);
    }

    /** The complex numbers of a spectrum. */
    private static int frequencies(Grid grid) {
        return lines(grid) * (last(grid) / 2 + 1);
    }

    /** The pointer to the complex roots of unity of order n. */
    private String roots(KernelWriter kernel, int n) {
        double[] roots = new double[2 * n];
        for (int j = 0; j < n; j++) {
            roots[2 * j] = Math.cos(2 * Math.PI * j / n);
            roots[2 * j + 1] = -Math.sin(2 * Math.PI * j / n);
        }
        return kernel.parameters().numbers("roots_" + n, roots);
    }

    private void needWorkspaces(Grid grid) {
        program.needWorkspace(GRID, (long) grid.size() * Double.BYTES);
        for (int k = 1; k < grid.rank(); k++) {
            program.needWorkspace(SPECTRUM + (k % 2), 2L * frequencies(grid) * Double.BYTES);
        }
    }

    private void launch(KernelWriter kernel, String suggestion, long threads, String comment) {
        String name = program.kernelName(suggestion);
        program.add(kernel.text(name, BLOCK, Comments.of(comment, "")));
        program.launchForEach(name, threads, BLOCK, kernel.parameters().arguments());
    }

    /** The pointer to the grid in the workspace. */
    private static String grid(KernelWriter kernel, boolean written) {
        return kernel.parameters().workspace(GRID, "grid", written ? "double" : "const double");
    }

    /**
     * Transforms the workspace's grid into a part of a tensor's array.
     *
     * @param offset where the spectrum begins there
     */
    private void forward(Grid grid, Tensor target, int offset) {
        int n = last(grid);
        for (int step = 0; step < grid.rank(); step++) {
            KernelWriter kernel = new KernelWriter(program, "double");
            boolean end = step == grid.rank() - 1;
            String from = step == 0 ? grid(kernel, false)
                    : kernel.parameters().workspace(SPECTRUM + step % 2, "from", "const double");
            String to = end ? kernel.parameters().writtenArray(target) + " + " + kernel.parameters().integer("offset", offset)
                    : kernel.parameters().workspace(SPECTRUM + (step + 1) % 2, "to", "double");
            if (step == 0) {
                kernel.line("mcrc_transform_real(%s, %s, %s, %d, %d);", from, to, roots(kernel, n), lines(grid), n);
            } else {
                axis(kernel, grid, grid.rank() - 1 - step, from, to, 0);
            }
            launch(kernel, "transform_" + target.name(), frequencies(grid), "Transforms lines along axis "
                    + (grid.rank() - step) + " for " + target.name());
        }
    }

    private void axis(KernelWriter kernel, Grid grid, int axis, String from, String to, int back) {
        int inner = last(grid) / 2 + 1;
        for (int c = axis + 1; c < grid.rank() - 1; c++) {
            inner *= grid.extent(c);
        }
        kernel.line("mcrc_transform_axis(%s, %s, %s, %d, %d, %d, %d);", from, to, roots(kernel, grid.extent(axis)),
                frequencies(grid), grid.extent(axis), inner, back);
    }

    /** Transforms a tensor's array back into the workspace's grid. */
    private void backward(Grid grid, Tensor source) {
        for (int step = 0; step < grid.rank(); step++) {
            KernelWriter kernel = new KernelWriter(program, "double");
            boolean end = step == grid.rank() - 1;
            String from = step == 0 ? kernel.parameters().array(source)
                    : kernel.parameters().workspace(SPECTRUM + step % 2, "from", "const double");
            if (end) {
                kernel.line("mcrc_transform_back(%s, %s, %s, %d, %d, %s);", from, grid(kernel, true),
                        roots(kernel, last(grid)), lines(grid), last(grid), 1.0 / grid.size());
            } else {
                String to = kernel.parameters().workspace(SPECTRUM + (step + 1) % 2, "to", "double");
                axis(kernel, grid, step, from, to, 1);
            }
            launch(kernel, "transform_back_" + source.name(), end ? grid.size() : frequencies(grid),
                    "Transforms lines of " + source.name() + " back along axis " + (step + 1));
        }
    }

    // Kernels

    void write(Spectrum spectrum) {
        Grid grid = spectrum.grid();
        needWorkspaces(grid);
        List<Index> planes = spectrum.planes();
        Index pixel = new Index("x", grid);
        int length = 2 * frequencies(grid);
        KernelWriter kernel = new KernelWriter(program, "double");
        String element = NestWriter.openElements(kernel, grid.size());
        kernel.bindFlat(List.of(pixel), element);
        if (!planes.isEmpty()) {
            kernel.bindFlat(planes, kernel.parameters().integer(PLANE, 0));
        }
        Tensor source = spectrum.source();
        List<Index> rest = new ArrayList<>(planes);
        Read read = (Read) Expressions.readAt(source, source.axes().stream().map(axis -> axis instanceof FiniteDomain
                ? rest.removeFirst() : pixel).toList());
        kernel.line("%s[%s] = %s;", grid(kernel, true), element, kernel.emit(read));
        String name = program.kernelName("take_" + source.name());
        program.add(kernel.text(name, BLOCK, Comments.of("", spectrum.formula())));
        for (int plane = 0; plane < Count.of(planes); plane++) {
            program.launchForEach(name, grid.size(), BLOCK, kernel.parameters().arguments(Map.of(PLANE, plane)));
            forward(grid, spectrum.target(), plane * length);
        }
    }

    void write(Correlation correlation) {
        Grid grid = correlation.grid();
        needWorkspaces(grid);
        KernelWriter add = new KernelWriter(program, "double");
        bind(add, correlation.batch(), correlation.inner());
        addProduct(add, spectrum(add, correlation.left()), correlation.right(), correlation.product(), grid);
        String adding = program.kernelName("multiply_spectra_" + correlation.definition().name());
        program.add(add.text(adding, BLOCK, Comments.of(correlation.definition().comment(), correlation.formula())));
        KernelWriter pick = new KernelWriter(program, "double");
        bind(pick, correlation.batch(), List.of());
        String element = NestWriter.openElements(pick, Count.of(correlation.vectors()));
        pick.bindFlat(correlation.vectors(), element);
        boolean guarded = !Expressions.isAlways(correlation.guard());
        String guard = guarded ? pick.emit(correlation.guard()) : null;
        pick.open();
        Tensor target = correlation.definition().tensor();
        pick.line("%s[%s] = %s[%s];", pick.parameters().writtenArray(target),
                pick.address(program.storage(target).address(
                        correlation.definition().axes().stream().map(IndexForm::of).toList())), grid(pick, false),
                place(pick, grid, correlation.shift()));
        pick.close(guarded ? "if (%s)" : "", guard);
        String picking = program.kernelName("take_" + target.name());
        program.add(pick.text(picking, BLOCK, Comments.of("Takes " + target.name()
                + " at its vectors from the correlation", "")));
        for (int batch = 0; batch < Count.of(correlation.batch()); batch++) {
            for (int inner = 0; inner < Count.of(correlation.inner()); inner++) {
                program.launchForEach(adding, frequencies(grid), BLOCK, add.parameters().arguments(Map.of(
                        Chunk.BATCH, batch, INNER, inner, ACCUMULATE, inner == 0 ? 0 : 1)));
            }
            backward(grid, correlation.product());
            program.launchForEach(picking, Count.of(correlation.vectors()), BLOCK,
                    pick.parameters().arguments(Map.of(Chunk.BATCH, batch)));
        }
    }

    /** Binds indices to what the launch says. */
    private static void bind(KernelWriter kernel, List<Index> batch, List<Index> inner) {
        GatherWriter.bindBatch(kernel, batch);
        if (!inner.isEmpty()) {
            kernel.bindFlat(inner, kernel.parameters().integer(INNER, 0));
        }
    }

    private String spectrum(KernelWriter kernel, Transformed transformed) {
        Tensor tensor = transformed.spectrum().tensor();
        return kernel.parameters().array(tensor) + " + "
                + kernel.address(program.storage(tensor).address(transformed.origin()));
    }

    private void addProduct(KernelWriter kernel, String left, Transformed right, Tensor product, Grid grid) {
        kernel.line("mcrc_add_product(%s, %s, %s, %d, %s);", left, spectrum(kernel, right),
                kernel.parameters().writtenArray(product), frequencies(grid), kernel.parameters().integer(ACCUMULATE, 0));
    }

    /** The position in the grid of the pixel to which a shift points. */
    private static String place(KernelWriter kernel, Grid grid, List<IndexForm> shift) {
        String place = null;
        for (int c = 0; c < grid.rank(); c++) {
            String own = "mcrc_wrap(" + kernel.integer(shift.get(c)) + ", " + grid.extent(c) + ")";
            place = place == null ? own : "(" + place + ") * " + grid.extent(c) + " + " + own;
        }
        return place;
    }

    void write(Convolution convolution) {
        Grid grid = convolution.grid();
        needWorkspaces(grid);
        String name = convolution.definition().name();
        KernelWriter clear = new KernelWriter(program, "double");
        String cleared = NestWriter.openElements(clear, grid.size());
        clear.line("%s[%s] = 0.0;", grid(clear, true), cleared);
        String clearing = program.kernelName("clear_image_" + name);
        program.add(clear.text(clearing, BLOCK, Comments.of(convolution.definition().comment(), convolution.formula())));
        List<List<Drawing>> drawings = convolution.images().stream().map(image -> image.terms().stream()
                .map(term -> drawing(convolution, image, term)).toList()).toList();
        KernelWriter put = put(convolution, grid);
        String putting = program.kernelName("put_" + name);
        program.add(put.text(putting, BLOCK, Comments.of("Puts the sum of the convolutions into " + name, "")));
        List<KernelWriter> adds = new ArrayList<>();
        List<String> addings = new ArrayList<>();
        for (Convolution.Image image : convolution.images()) {
            KernelWriter add = new KernelWriter(program, "double");
            bind(add, convolution.batch(), convolution.inner(image));
            addProduct(add, add.parameters().array(convolution.image()), image.array(), convolution.product(), grid);
            adds.add(add);
            addings.add(program.kernelName("multiply_spectra_" + name));
            program.add(add.text(addings.getLast(), BLOCK, Comments.of("Multiplies the spectra of an image and of "
                    + image.array().array().tensor().name(), "")));
        }
        for (int batch = 0; batch < Count.of(convolution.batch()); batch++) {
            boolean first = true;
            for (int k = 0; k < adds.size(); k++) {
                for (int inner = 0; inner < Count.of(convolution.inner(convolution.images().get(k))); inner++) {
                    Map<String, Integer> integers = Map.of(Chunk.BATCH, batch, INNER, inner, ACCUMULATE,
                            first ? 0 : 1);
                    program.launchForEach(clearing, grid.size(), BLOCK, clear.parameters().arguments());
                    drawings.get(k).forEach(drawing -> draw(drawing, integers));
                    forward(grid, convolution.image(), 0);
                    program.launchForEach(addings.get(k), frequencies(grid), BLOCK,
                            adds.get(k).parameters().arguments(integers));
                    first = false;
                }
            }
            backward(grid, convolution.product());
            program.launchForEach(putting, grid.size(), BLOCK, put.parameters().arguments(Map.of(Chunk.BATCH, batch)));
        }
    }

    /**
     * A kernel that adds the coefficients of a term to an image.
     *
     * @param batch the indices whose values the launch gives; inner likewise
     * @param outer those of them on which it depends where the coefficients stand
     * @param firsts for each joint value of these the first of its places, and the end of all
     */
    private record Drawing(KernelWriter kernel, String name, List<Index> batch, List<Index> inner, List<Index> outer,
            int[] firsts) {}

    /**
     * One thread for each place of the image to which coefficients belong: which vectors point there is known here, so that
     * what falls on one place is added in the order of the vectors.
     */
    private Drawing drawing(Convolution convolution, Convolution.Image image, Convolution.Term term) {
        List<Index> vectors = convolution.vectors(image);
        List<Index> batch = convolution.batch();
        List<Index> inner = convolution.inner(image);
        List<Index> outer = Stream.concat(batch.stream(), inner.stream()).filter(index -> term.shift().stream()
                .anyMatch(form -> form.indices().contains(index))).toList();
        int outerSize = Math.toIntExact(Count.of(outer));
        int size = Math.toIntExact(Count.of(vectors));
        IntStream.Builder placesInOrder = IntStream.builder();
        IntStream.Builder vectorsInOrder = IntStream.builder();
        IntStream.Builder ends = IntStream.builder();
        int[] firsts = new int[outerSize + 1];
        int end = 0;
        for (int outerValue = 0; outerValue < outerSize; outerValue++) {
            Map<Integer, List<Integer>> places = places(convolution.grid(), term, outer, outerValue, vectors, size);
            for (Map.Entry<Integer, List<Integer>> each : places.entrySet()) {
                placesInOrder.add(each.getKey());
                each.getValue().forEach(vectorsInOrder::add);
                end += each.getValue().size();
                ends.add(end);
            }
            firsts[outerValue + 1] = firsts[outerValue] + places.size();
        }
        KernelWriter kernel = new KernelWriter(program, "double");
        bind(kernel, batch, inner);
        String table = program.kernelName("draw_" + convolution.definition().name());
        String number = NestWriter.openElements(kernel, kernel.parameters().integer(PLACES, 0));
        String element = kernel.fresh("entry_of_place");
        kernel.line("const int %s = %s + %s;", element, kernel.parameters().integer(FIRST_PLACE, 0), number);
        kernel.line("double total = 0.0;");
        kernel.open();
        kernel.line("const int term = %s[entry];", kernel.parameters().integers(table + "_vectors",
                vectorsInOrder.build().toArray()));
        kernel.bindFlat(vectors, "term");
        boolean guarded = !Expressions.isAlways(convolution.guard());
        String guard = guarded ? kernel.emit(convolution.guard()) : null;
        if (guarded) {
            kernel.open();
        }
        kernel.line("total += %s;", kernel.emit(term.coefficient()));
        if (guarded) {
            kernel.close("if (%s)", guard);
        }
        String endsName = kernel.parameters().integers(table + "_ends", ends.build().toArray());
        kernel.close("for (int entry = %1$s == 0 ? 0 : %2$s[%1$s - 1]; entry < %2$s[%1$s]; ++entry)", element, endsName);
        kernel.line("%s[%s[%s]] += total;", grid(kernel, true), kernel.parameters().integers(table + "_places",
                placesInOrder.build().toArray()), element);
        program.add(kernel.text(table, BLOCK, Comments.of("Adds to an image", term.coefficient().toString())));
        return new Drawing(kernel, table, batch, inner, outer, firsts);
    }

    /** The places of the image to which a term's coefficients belong, in order, and for each its vectors. */
    private static Map<Integer, List<Integer>> places(Grid grid, Convolution.Term term, List<Index> outer, int outerValue,
            List<Index> vectors, int size) {
        List<Index> all = new ArrayList<>(outer);
        all.addAll(vectors);
        Map<Integer, List<Integer>> places = new TreeMap<>();
        for (int vector = 0; vector < size; vector++) {
            int place = 0;
            for (int c = 0; c < grid.rank(); c++) {
                int shift = value(term.shift().get(c), all, outerValue * size + vector);
                place = place * grid.extent(c) + Math.floorMod(shift, grid.extent(c));
            }
            places.computeIfAbsent(place, _ -> new ArrayList<>()).add(vector);
        }
        return places;
    }

    /** Launches it for the values of batch and inner indices that the integers give. */
    private void draw(Drawing drawing, Map<String, Integer> integers) {
        int outerValue = 0;
        for (Index index : drawing.outer()) {
            int ordinal = drawing.batch().contains(index) ? ordinal(index, drawing.batch(), integers.get(Chunk.BATCH))
                    : ordinal(index, drawing.inner(), integers.get(INNER));
            outerValue = outerValue * index.domain().size() + ordinal;
        }
        int first = drawing.firsts()[outerValue];
        int count = drawing.firsts()[outerValue + 1] - first;
        Map<String, Integer> all = new HashMap<>(integers);
        all.put(FIRST_PLACE, first);
        all.put(PLACES, count);
        program.launchForEach(drawing.name(), count, BLOCK, drawing.kernel().parameters().arguments(all));
    }

    /** The ordinal of one of these indices at one of their joint values. */
    private static int ordinal(Index index, List<Index> indices, int position) {
        int rest = position;
        for (Index each : indices.reversed()) {
            if (each == index) {
                return rest % each.domain().size();
            }
            rest /= each.domain().size();
        }
        throw new IllegalArgumentException(index + " is none of " + indices);
    }

    /** The value of a form for one of the joint values of these indices, the last of which is fastest. */
    private static int value(IndexForm form, List<Index> indices, int position) {
        return form.evaluate(component -> {
            int ordinal = ordinal(component.index(), indices, position);
            return switch (component.index().domain()) {
                case IntegerDomain range -> range.low() + ordinal;
                case VectorDomain set -> set.component(ordinal, component.component());
                case Grid _ -> throw new IllegalStateException("no sum over pixels here");
            };
        });
    }

    private KernelWriter put(Convolution convolution, Grid grid) {
        Tensor target = convolution.definition().tensor();
        KernelWriter kernel = new KernelWriter(program, "double");
        bind(kernel, convolution.batch(), List.of());
        String element = NestWriter.openElements(kernel, grid.size());
        Index pixel = convolution.definition().pixelAxis();
        kernel.bindFlat(List.of(pixel), element);
        Storage storage = program.storage(target);
        kernel.line("%s[%s] = %s[%s];", kernel.parameters().writtenArray(target), kernel.address(storage.address(
                convolution.definition().axes().stream().map(IndexForm::of).toList())), grid(kernel, false), element);
        return kernel;
    }
}
