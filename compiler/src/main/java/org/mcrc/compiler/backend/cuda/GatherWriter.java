package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.kernel.Fold;
import org.mcrc.compiler.kernel.Storage;

/**
 * Writes what adds the contributions of computed elements z[pixel, rows] to other tensors. Every element of a target
 * collects what comes to it, in the order of the rows: so there is nothing to add at the same time, and the sum is the same
 * in every run.
 */
final class GatherWriter {
    private static final int BLOCK = NestWriter.BLOCK;

    /** Threads that fill any device, and that the largest has room for at once. */
    private static final long ENOUGH_THREADS = 3 << 16;

    /** Rows for each thread below which it does not pay to divide them among more threads. */
    private static final long LEAST_ROWS = 16;

    /** The rows that a thread looks at together: what it loads of them is on its way at the same time. */
    private static final int LOADS_UNDER_WAY = 8;

    /** The parts of the rows whose sums it adds up together, likewise. */
    private static final int PARTS_UNDER_WAY = 16;

    private final ProgramText program;

    GatherWriter(ProgramText program) {
        this.program = program;
    }

    /** A contribution, and the workspace where what it adds lies. */
    sealed interface Source {
        Fold.Contribution contribution();

        String place();
    }

    /** It adds elements. */
    record Elements(Fold.Contribution contribution, String place) implements Source {}

    /** It adds what has been added up of a pixel's elements: so many sums, each of some of the rows. */
    record SumsOfColumns(Fold.Contribution contribution, String place, int count) implements Source {}

    /** It adds what has been added up along lines, of so many columns. */
    record SumsOfRuns(Fold.Contribution contribution, String place, Runs runs, long columns) implements Source {}

    /**
     * What is gathered.
     *
     * @param z what the values call the element
     * @param batch indices whose values the launch gives
     * @param chunk the pixels that are there
     */
    record Gather(Read z, List<Index> batch, List<Index> rows, Index pixel, List<Source> sources, ZElements elements,
            Chunk chunk) {
        List<Fold.Contribution> contributions() {
            return sources.stream().map(Source::contribution).toList();
        }
    }

    /** Writes the kernels for every target, and gives their launches for integers of the launch: batch and first pixel. */
    List<Consumer<Map<String, Integer>>> write(Gather gather) {
        List<Consumer<Map<String, Integer>>> launches = new ArrayList<>();
        Set<Tensor> targets = new LinkedHashSet<>();
        gather.contributions().forEach(each -> targets.add(each.target()));
        Fold all = new Fold(gather.z(), gather.batch(), gather.rows(), gather.pixel(), List.of(),
                gather.contributions(), "");
        for (Tensor target : targets) {
            List<Source> own = gather.sources().stream().filter(each -> each.contribution().target().equals(target))
                    .toList();
            launches.add(all.isDirect(target) ? direct(gather, target, own.getFirst()) : collect(gather, target, own));
        }
        return launches;
    }

    /** Each element of z has an element of the target for itself. */
    private Consumer<Map<String, Integer>> direct(Gather gather, Tensor target, Source source) {
        Fold.Contribution contribution = source.contribution();
        long rows = Count.of(gather.rows());
        int pixels = gather.chunk().size();
        KernelWriter kernel = new KernelWriter(program, program.precision().element());
        bindBatch(kernel, gather.batch());
        String element = NestWriter.openElements(kernel, Math.multiplyExact(rows, pixels));
        kernel.line("const int row = %s / %d;", element, pixels);
        kernel.line("const int column = %s %% %d;", element, pixels);
        kernel.bindFlat(gather.rows(), "row");
        String place = gather.chunk().placeInVariable(kernel, "column");
        if (gather.chunk().isRagged()) {
            kernel.line("if (%s >= %d) {", place, gather.pixel().domain().size());
            kernel.line("    return;");
            kernel.line("}");
        }
        kernel.bindFlat(List.of(gather.pixel()), place);
        kernel.provide(gather.z(), z(kernel, gather, source, "row", "column"));
        String value = kernel.emit(contribution.value());
        String array = kernel.parameters().writtenArray(target);
        kernel.line("%s[%s] += %s;", array, kernel.address(program.storage(target).address(contribution.subscripts())),
                value);
        String name = program.kernelName("add_to_" + target.name());
        program.add(kernel.text(name, BLOCK, Comments.of("Every element of " + gather.z().tensor().name()
                + " adds to one of " + target.name(), contribution.value().toString())));
        return integers -> program.launchForEach(name, rows * pixels, BLOCK, kernel.parameters().arguments(integers));
    }

    /** The element of a contribution, or a sum of some, in a variable. */
    private String z(KernelWriter kernel, Gather gather, Source source, String row, String column) {
        String name = kernel.fresh("z");
        ZElements elements = gather.elements();
        String array = kernel.parameters().workspace(source.place(), switch (source) {
            case Elements _ -> "elements";
            case SumsOfColumns _ -> "sums_of_columns";
            case SumsOfRuns _ -> "sums_of_runs";
        }, "const " + program.precision().element());
        String place = "static_cast<long long>(%s) * %d + %s".formatted(row, elements.rowStride(), column);
        if (elements.slices() == 1) {
            kernel.line("const %s %s = %s[%s];", kernel.numberType(), name, array, place);
        } else {
            kernel.line("%s %s = %s;", kernel.numberType(), name, kernel.literal(0));
            kernel.line("for (int slice = 0; slice < %d; ++slice) {", elements.slices());
            kernel.line("    %s += %s[slice * %dLL + %s];", name, array, elements.sliceStride(), place);
            kernel.line("}");
        }
        return name;
    }

    /**
     * What contributions have in common that are gathered in one loop.
     *
     * @param bound the indices of rows that the place of the target's element determines
     * @param looped the other ones
     * @param sums whether it has been added up over rows already
     */
    private record Group(List<Index> bound, List<Index> looped, boolean sums) {}

    /** A thread, or one in each of several parts of the rows, for every element of the target. */
    private Consumer<Map<String, Integer>> collect(Gather gather, Tensor target, List<Source> sources) {
        Storage storage = program.storage(target);
        List<Index> axes = new ArrayList<>();
        for (Domain axis : target.axes()) {
            axes.add(new Index(axis instanceof Grid ? "y" : "t", axis));
        }
        long elements = target.size();
        long longest = 1;
        Map<Group, List<Source>> groups = new LinkedHashMap<>();
        for (Source source : sources) {
            Group group = group(gather, target, source);
            groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(source);
            longest = Math.max(longest, switch (source) {
                case Elements _ -> Count.of(group.looped());
                case SumsOfColumns sums -> sums.count();
                case SumsOfRuns sums -> sums.runs().count();
            });
        }
        // Where only some pixels are there, something comes to about as many elements.
        long busy = gather.chunk().isWhole() ? elements : Math.min(elements, 2L * gather.chunk().size());
        int parts = Math.toIntExact(Math.clamp(Math.ceilDiv(ENOUGH_THREADS, busy), 1,
                Math.ceilDiv(longest, LEAST_ROWS)));
        int blocks = Math.toIntExact(Math.ceilDiv(elements, BLOCK));
        KernelWriter kernel = new KernelWriter(program, program.precision().element());
        bindBatch(kernel, gather.batch());
        if (parts == 1) {
            NestWriter.openElements(kernel, elements);
        } else {
            // All threads of a block go on to the barrier.
            kernel.line("const int thread = blockIdx.x * %d + threadIdx.x;", BLOCK);
            kernel.line("const bool inside = thread < %d;", elements);
            kernel.line("const int element = inside ? thread : 0;");
        }
        kernel.bindFlat(ProgramText.inMemory(axes), "element");
        kernel.line("double total = 0.0;");
        groups.forEach((group, members) -> collect(kernel, gather, target, axes, group, members, parts));
        String address = kernel.address(storage.address(axes.stream().map(IndexForm::of).toList()));
        if (parts > 1) {
            String partial = kernel.parameters().workspace(NestWriter.PARTIAL, NestWriter.PARTIAL, "double");
            kernel.line("if (inside) {");
            kernel.line("    %s[blockIdx.y * %d + element] = total;", partial, elements);
            kernel.line("}");
            program.needWorkspace(NestWriter.PARTIAL, elements * parts * Double.BYTES);
            kernel.line("if (!mcrc_is_last(%s + blockIdx.x, %d) || !inside) {", NestWriter.counters(program, kernel, blocks),
                    parts);
            kernel.line("    return;");
            kernel.line("}");
            kernel.line("total = 0.0;");
            kernel.open();
            kernel.line("total += %s[part * %d + element];", partial, elements);
            kernel.closeUnrolled(PARTS_UNDER_WAY, "for (int part = 0; part < %d; ++part)", parts);
        }
        String array = kernel.parameters().writtenArray(target);
        kernel.line("%s[%s] += total;", array, address);
        String name = program.kernelName("gather_" + target.name());
        program.add(kernel.text(name, BLOCK, Comments.of(target.name() + ": every element gathers what "
                + gather.z().tensor().name() + " adds to it", "")));
        return integers -> program.launch(new LaunchPlan.Step(name, blocks, parts, BLOCK,
                kernel.parameters().arguments(integers)));
    }

    private static Group group(Gather gather, Tensor target, Source source) {
        if (!(source instanceof Elements)) {
            return new Group(List.of(), List.of(), true);
        }
        Fold.Contribution contribution = source.contribution();
        List<Index> bound = new ArrayList<>();
        for (int axis = 0; axis < target.axes().size(); axis++) {
            List<IndexForm> subscript = contribution.subscripts().get(axis);
            Domain own = target.axes().get(axis);
            gather.rows().stream().filter(row -> row.domain().equals(own)
                    && subscript.equals(IndexForm.of(row)) && !bound.contains(row)).findFirst().ifPresent(bound::add);
        }
        List<Index> looped = new ArrayList<>(gather.rows());
        looped.removeAll(bound);
        return new Group(bound, looped, false);
    }

    /** Adds what comes from the rows of a group; of several parts each takes its share of them. */
    private void collect(KernelWriter kernel, Gather gather, Tensor target, List<Index> axes, Group group,
            List<Source> members, int parts) {
        if (group.sums()) {
            for (Source member : members) {
                switch (member) {
                    case SumsOfColumns sums -> collectSums(kernel, gather, axes, sums, parts);
                    case SumsOfRuns sums -> collectRuns(kernel, axes, sums, parts);
                    case Elements _ -> throw new IllegalStateException(member + " is no sum");
                }
            }
            return;
        }
        for (Index row : group.bound()) {
            int axis = boundAxis(target, members.getFirst().contribution(), row);
            kernel.bindSame(row, axes.get(axis));
        }
        if (!gather.chunk().isWhole()) {
            members.forEach(each -> collectFromChunk(kernel, gather, target, axes, group, each, parts));
            return;
        }
        long rows = Count.of(group.looped());
        long rowsOfPart = Math.ceilDiv(rows, parts);
        kernel.open();
        if (!group.looped().isEmpty()) {
            kernel.bindFlat(group.looped(), "step");
        }
        String row = kernel.integer(IndexForm.position(gather.rows()));
        for (Source source : members) {
            kernel.open();
            add(kernel, gather, axes, source, row);
            kernel.close("");
        }
        if (group.looped().isEmpty()) {
            kernel.close("if (blockIdx.y == 0)");
        } else if (parts == 1) {
            kernel.closeUnrolled(LOADS_UNDER_WAY, "for (int step = 0; step < %d; ++step)", rows);
        } else {
            kernel.closeUnrolled(LOADS_UNDER_WAY,
                    "for (int step = blockIdx.y * %1$d; step < mcrc_clamp((blockIdx.y + 1) * %1$d, %2$d); ++step)",
                    rowsOfPart, rows);
        }
    }

    /** Adds what has been added up over some of the rows each. */
    private void collectSums(KernelWriter kernel, Gather gather, List<Index> axes, SumsOfColumns source, int parts) {
        kernel.open();
        add(kernel, gather, axes, source, "tile");
        closeShared(kernel, "tile", source.count(), parts);
    }

    /** Adds the sums of every run: those of its line where lines wrap in a segment, else of all segments that reach so far. */
    private void collectRuns(KernelWriter kernel, List<Index> axes, SumsOfRuns source, int parts) {
        Runs runs = source.runs();
        Index own = axes.getFirst();
        Grid grid = (Grid) own.domain();
        int last = grid.rank() - 1;
        String array = kernel.parameters().workspace(source.place(), "sums_of_runs", "const " + program.precision().element());
        String inLine = kernel.integer(IndexForm.of(own, last));
        kernel.open();
        String line = "";
        for (int c = 0; c < last; c++) {
            String from = kernel.fresh("from_" + (c + 1));
            kernel.line("const int %s = mcrc_wrap(%s - %s[run], %d);", from, kernel.integer(IndexForm.of(own, c)),
                    kernel.parameters().table("runs_offsets", runs.offsets()[c]), grid.extent(c));
            line = c == 0 ? from : "(%s * %d + %s)".formatted(line, grid.extent(c), from);
        }
        String ofRun = "%s[run * %dLL".formatted(array, runs.stride(source.columns()));
        String lineStart = line.isEmpty() ? "" : " + %s * %d".formatted(line, runs.stride(runs.line()));
        if (runs.wraps()) {
            kernel.line("total += %s%s + %s];", ofRun, lineStart, inLine);
        } else {
            int segments = runs.line() / Runs.SEGMENT;
            kernel.line("const int place_in_line = mcrc_wrap(%s - %s[run], %d);", inLine,
                    kernel.parameters().table("runs_least", runs.least()), runs.line());
            for (int before = 0; before * Runs.SEGMENT < runs.sumsOfSegment(); before++) {
                int beyond = before * Runs.SEGMENT;
                String segment = "place_in_line / %d".formatted(Runs.SEGMENT);
                String read = "%s%s + %s * %d + place_in_line %% %d%s]".formatted(ofRun, lineStart,
                        before == 0 ? segment : "mcrc_wrap(%s - %d, %d)".formatted(segment, before, segments),
                        runs.sumsOfSegment(), Runs.SEGMENT, before == 0 ? "" : " + " + beyond);
                kernel.line("total += %s;", beyond + Runs.SEGMENT <= runs.sumsOfSegment() ? read
                        : "place_in_line %% %d < %d ? %s : %s".formatted(Runs.SEGMENT, runs.sumsOfSegment() - beyond, read,
                        kernel.literal(0)));
            }
        }
        closeShared(kernel, "run", runs.count(), parts);
    }

    /** Closes a loop of which each of the parts has its share. */
    private static void closeShared(KernelWriter kernel, String variable, long count, int parts) {
        if (parts == 1) {
            kernel.closeUnrolled(LOADS_UNDER_WAY, "for (int %1$s = 0; %1$s < %2$d; ++%1$s)", variable, count);
        } else {
            kernel.closeUnrolled(LOADS_UNDER_WAY, "for (int %1$s = blockIdx.y; %1$s < %2$d; %1$s += %3$d)", variable, count,
                    parts);
        }
    }

    /** Adds the contribution of the row that is bound. */
    private void add(KernelWriter kernel, Gather gather, List<Index> axes, Source source, String row) {
        add(kernel, gather, axes, source, row, false);
    }

    /** @param there whether the pixel from which it comes is known to be there */
    private void add(KernelWriter kernel, Gather gather, List<Index> axes, Source source, String row, boolean there) {
        Fold.Contribution contribution = source.contribution();
        List<String> conditions = bindPixel(kernel, gather, axes, contribution);
        String column = kernel.fresh("column_of_z");
        String place = kernel.integer(IndexForm.position(List.of(gather.pixel())));
        kernel.line("const int %s = %s;", column, gather.chunk().column(kernel, place));
        if (!there) {
            conditions.addAll(gather.chunk().inside(column));
        }
        if (!conditions.isEmpty()) {
            kernel.open();
        }
        kernel.provide(gather.z(), z(kernel, gather, source, row, column));
        kernel.line("total += %s;", kernel.emit(contribution.value()));
        if (!conditions.isEmpty()) {
            kernel.close("if (%s)", String.join(" && ", conditions));
        }
    }

    /**
     * The contributions of the pixels that are there, looking only at rows from which something can come: where the distance
     * along the first axis is a component of the row's vector, these follow one another, for vectors are in order.
     */
    private void collectFromChunk(KernelWriter kernel, Gather gather, Tensor target, List<Index> axes, Group group,
            Source source, int parts) {
        Fold.Contribution contribution = source.contribution();
        long rows = Count.of(group.looped());
        Grid grid = (Grid) gather.pixel().domain();
        int axis = target.axes().indexOf(target.grid());
        IndexForm offset = contribution.subscripts().get(axis).getFirst().minus(IndexForm.of(gather.pixel(), 0));
        int line = grid.size() / grid.extent(0);
        boolean lines = gather.chunk().size() % line == 0;
        Index vector = group.looped().size() == 1 && group.looped().getFirst().domain() instanceof VectorDomain
                ? group.looped().getFirst() : null;
        IndexForm.Component first = vector == null ? null : new IndexForm.Component(vector, 0);
        int coefficient = first == null ? 0 : offset.linearCoefficient(first);
        if (!lines || rows == 1 || Math.abs(coefficient) != 1
                && offset.indices().stream().anyMatch(group.looped()::contains)) {
            everyRow(kernel, gather, axes, group, source, parts);
            return;
        }
        String firstLine = "(" + gather.chunk().place(kernel, "0") + ") / " + line;
        int count = gather.chunk().size() / line;
        if (coefficient == 0) {
            // Either all rows come from a line that is there or none does.
            kernel.open();
            String from = kernel.fresh("from");
            kernel.line("const int %s = mcrc_wrap(%s, %d) - %s;", from, kernel.integer(IndexForm.of(axes.get(axis), 0)
                    .minus(offset)), grid.extent(0), firstLine);
            kernel.open();
            everyRow(kernel, gather, axes, group, source, parts);
            kernel.close("if (%1$s >= 0 && %1$s < %2$d)", from, count);
            kernel.close("");
            return;
        }
        VectorDomain set = (VectorDomain) vector.domain();
        int low = set.component(0, 0);
        int extent = set.component(set.size() - 1, 0) - low + 1;
        int[] starts = new int[extent + 1];
        for (int k = 0; k <= extent; k++) {
            int member = 0;
            while (member < set.size() && set.component(member, 0) < low + k) {
                member++;
            }
            starts[k] = member;
        }
        String table = kernel.parameters().integers(program.places(set).name() + "_starts", starts);
        // Without the vector's part: what is left is the line that this component must reach, give or take a period.
        IndexForm rest = IndexForm.of(axes.get(axis), 0).minus(offset.minus(IndexForm.of(first).times(coefficient)));
        kernel.open();
        kernel.line("const int reached = %s + period * %d - %s;", kernel.integer(rest), grid.extent(0), firstLine);
        String last = String.valueOf(count - 1);
        if (gather.chunk().isRagged()) {
            last = kernel.fresh("last_line");
            kernel.line("const int %s = mcrc_clamp(%d - %s, %d);", last, grid.extent(0) - 1, firstLine, count - 1);
        }
        String least = coefficient == 1 ? "reached - " + last : "-reached";
        String greatest = coefficient == 1 ? "reached" : last + " - reached";
        kernel.line("const int begin = %s[mcrc_clamp(%s - %d, %d)];", table, least, low, extent);
        kernel.line("const int end = %s[mcrc_clamp(%s + 1 - %d, %d)];", table, greatest, low, extent);
        kernel.open();
        kernel.bindFlat(group.looped(), "step");
        add(kernel, gather, axes, source, kernel.integer(IndexForm.position(gather.rows())), true);
        kernel.closeUnrolled(LOADS_UNDER_WAY, "for (int step = begin + %s; step < end; step += %d)",
                parts == 1 ? "0" : "static_cast<int>(blockIdx.y)", parts);
        // Vectors may be longer than the image.
        long farthest = Arrays.stream(offset.bounds()).map(Math::abs).max().getAsLong();
        kernel.close("for (int period = -%1$d; period <= %1$d; ++period)", Math.ceilDiv(farthest + 1, grid.extent(0)));
    }

    /** Adds a contribution of all rows, whatever pixels are there. */
    private void everyRow(KernelWriter kernel, Gather gather, List<Index> axes, Group group, Source source, int parts) {
        kernel.open();
        if (!group.looped().isEmpty()) {
            kernel.bindFlat(group.looped(), "step");
        }
        add(kernel, gather, axes, source, kernel.integer(IndexForm.position(gather.rows())));
        closeShared(kernel, "step", Count.of(group.looped()), parts);
    }

    /** The axis of the target whose place is that of a row's index. */
    private static int boundAxis(Tensor target, Fold.Contribution contribution, Index row) {
        for (int axis = 0; axis < target.axes().size(); axis++) {
            if (contribution.subscripts().get(axis).equals(IndexForm.of(row))) {
                return axis;
            }
        }
        throw new IllegalStateException("no axis of " + target + " is " + row);
    }

    /** The pixel from which the contribution comes; and what must be true so that it comes from there. */
    private static List<String> bindPixel(KernelWriter kernel, Gather gather, List<Index> axes,
            Fold.Contribution contribution) {
        List<String> conditions = new ArrayList<>();
        for (int axis = 0; axis < axes.size(); axis++) {
            List<IndexForm> subscript = contribution.subscripts().get(axis);
            Index own = axes.get(axis);
            if (own.domain() instanceof Grid grid) {
                for (int c = 0; c < grid.rank(); c++) {
                    // A slice has fewer components than the grid, and stands where the other subscripts say.
                    IndexForm form = subscript.get(c);
                    int component = componentOf(gather.pixel(), form);
                    if (component < 0) {
                        conditions.add("mcrc_wrap(" + kernel.integer(form) + ", " + grid.extent(c) + ") == "
                                + kernel.integer(IndexForm.of(own, c)));
                        continue;
                    }
                    IndexForm offset = form.minus(IndexForm.of(gather.pixel(), component));
                    if (offset.indices().contains(gather.pixel())) {
                        throw new IllegalStateException(contribution + " is not at a distance of its pixel");
                    }
                    String name = kernel.fresh("from_" + (component + 1));
                    kernel.line("const int %s = mcrc_wrap(%s, %d);", name, kernel.integer(
                            IndexForm.of(own, c).minus(offset)), grid.extent(c));
                    kernel.bindComponent(gather.pixel(), component, name);
                }
            }
        }
        for (int axis = 0; axis < axes.size(); axis++) {
            List<IndexForm> subscript = contribution.subscripts().get(axis);
            Index own = axes.get(axis);
            boolean same = own.domain() instanceof Grid || gather.rows().stream().anyMatch(row ->
                    row.domain().equals(own.domain()) && subscript.equals(IndexForm.of(row)));
            if (!same) {
                for (int c = 0; c < subscript.size(); c++) {
                    conditions.add(kernel.integer(subscript.get(c)) + " == " + kernel.integer(IndexForm.of(own, c)));
                }
            }
        }
        return conditions;
    }

    /** The component of the pixel that a form mentions, or -1. */
    private static int componentOf(Index pixel, IndexForm form) {
        for (int c = 0; c < pixel.domain().components(); c++) {
            if (form.mentions(new IndexForm.Component(pixel, c))) {
                return c;
            }
        }
        return -1;
    }

    /** Binds the indices of a batch to what the launch says. */
    static void bindBatch(KernelWriter kernel, List<Index> batch) {
        if (!batch.isEmpty()) {
            kernel.bindFlat(batch, kernel.parameters().integer(Chunk.BATCH, 0));
        }
    }
}
