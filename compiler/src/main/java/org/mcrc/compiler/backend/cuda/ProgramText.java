package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Storage;
import org.mcrc.compiler.simplify.Ranges;

/** What the kernels of one program share: tables, workspaces, names; and the text and the launches so far. */
final class ProgramText {
    /** How far fields may be outside of their ranges, in the ranges' widths. */
    private static final double MARGIN = 1;

    private final KernelProgram program;
    private final Ranges ranges;
    private final CudaPrecision precision;
    private final Names names = new Names();
    private final StringBuilder text = new StringBuilder();
    private final Map<VectorDomain, VectorPlaces> places = new LinkedHashMap<>();
    private final Map<String, int[]> tables = new LinkedHashMap<>();
    private final Map<String, double[]> numbers = new LinkedHashMap<>();
    private final Map<String, Long> workspaces = new LinkedHashMap<>();
    private final Map<Tensor, Tensor> transposed = new LinkedHashMap<>();
    private final Map<Tensor, Tensor> symmetrized = new LinkedHashMap<>();
    private List<LaunchPlan.Step> steps = new ArrayList<>();

    ProgramText(KernelProgram program, CudaPrecision precision) {
        this.program = program;
        this.precision = precision;
        this.ranges = new Ranges(program.index(), MARGIN);
    }

    /** The greatest absolute value of an expression; infinite where none is known. */
    double magnitude(Expression expression) {
        return ranges.magnitude(expression);
    }

    CudaPrecision precision() {
        return precision;
    }

    Storage storage(Tensor tensor) {
        return program.storage(tensor);
    }

    /** A target with its two axes exchanged, which is kept in a workspace of this name. */
    Tensor transposed(Tensor target) {
        return transposed.computeIfAbsent(target, _ -> {
            Tensor exchanged = new Tensor(target.name() + "_transposed", Tensor.Kind.TARGET, target.axes().reversed());
            needWorkspace(exchanged.name(), target.size() * precision.bytes());
            return exchanged;
        });
    }

    /** What is kept transposed, by target. */
    Map<Tensor, Tensor> transposed() {
        return transposed;
    }

    /** The sum of a target of equal axes and of itself with its axes exchanged, which is kept in a workspace of this name. */
    Tensor symmetrized(Tensor target) {
        return symmetrized.computeIfAbsent(target, _ -> {
            Tensor sum = new Tensor(target.name() + "_symmetrized", Tensor.Kind.TARGET, target.axes());
            needWorkspace(sum.name(), target.size() * precision.bytes());
            return sum;
        });
    }

    /** What is kept so, by target. */
    Map<Tensor, Tensor> symmetrized() {
        return symmetrized;
    }

    /** The type of the elements of a tensor's array. */
    String elementType(Tensor tensor) {
        return storage(tensor).exact() ? "double" : precision.element();
    }

    /** The type in which to compute where so many values are computed: few of them in double precision. */
    String numberType(long values) {
        return values <= 1 << 16 ? "double" : precision.element();
    }

    /** The names of one more kernel: what others use, but not what the program's kernels and tables are called. */
    Names localNames() {
        return names.copy();
    }

    /** A name for a kernel. */
    String kernelName(String suggestion) {
        return names.fresh(suggestion);
    }

    /** The tables of a set, the same for all kernels. */
    VectorPlaces places(VectorDomain domain) {
        return places.computeIfAbsent(domain, set -> new VectorPlaces(names.fresh("set_" + set.name()), set));
    }

    /** The name of a table of integers: that of one with the same that was named after the same suggestion, or a new one. */
    String tableName(String suggestion, int[] values) {
        String name = suggestion;
        for (int k = 2; tables.containsKey(name) && !Arrays.equals(tables.get(name), values); k++) {
            name = suggestion + "_" + k;
        }
        return name;
    }

    /** Keeps constant integers under a name that says all about them: what is there already stays. */
    void addTable(String name, int[] values) {
        tables.putIfAbsent(name, values);
    }

    /** Keeps constant real numbers likewise. */
    void addNumbers(String name, double[] values) {
        numbers.putIfAbsent(name, values);
    }

    /** Asks for a workspace of at least so many bytes; kernels that share it follow one another. */
    void needWorkspace(String name, long bytes) {
        workspaces.merge(name, bytes, Math::max);
    }

    Map<String, Long> workspaces() {
        return workspaces;
    }

    Map<String, int[]> tables() {
        return tables;
    }

    Map<String, double[]> numbers() {
        return numbers;
    }

    /** Adds a kernel's text. */
    void add(String kernel) {
        text.append('\n').append(kernel);
    }

    String text() {
        return text.toString();
    }

    /** The launches of what is written meanwhile, in their order. */
    List<LaunchPlan.Step> launchesOf(Runnable writing) {
        steps = new ArrayList<>();
        writing.run();
        return List.copyOf(steps);
    }

    /** Adds a launch. */
    void launch(LaunchPlan.Step step) {
        steps.add(step);
    }

    /** Adds a launch of one-dimensional blocks, one thread for each element; none where there are no elements. */
    void launchForEach(String kernel, long elements, int block, List<LaunchPlan.Argument> arguments) {
        if (elements == 0) {
            return;
        }
        launch(new LaunchPlan.Step(kernel, Math.toIntExact(Math.ceilDiv(elements, block)), 1, block, arguments));
    }

    /** Indices in the order in which elements lie in memory: pixels last. */
    static List<Index> inMemory(List<Index> indices) {
        List<Index> ordered = new ArrayList<>(indices.stream().filter(index -> !index.isPixel()).toList());
        ordered.addAll(indices.stream().filter(Index::isPixel).toList());
        return ordered;
    }
}
