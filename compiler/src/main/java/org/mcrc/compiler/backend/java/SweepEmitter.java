package org.mcrc.compiler.backend.java;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.kernel.Nest;
import org.mcrc.compiler.kernel.Storage;
import org.mcrc.compiler.kernel.Sweep;
import org.mcrc.compiler.simplify.Simplifier;

/**
 * Writes one pass over pixels as a method or, where it is more than one task, as two: one that shares rows out and combines
 * the tasks' sums in their order, and one that does a task. Every element of a member is a variable of its own. Sums run in lanes over a block of pixels,
 * then in double precision, so that they are as exact for a large image as for a small one.
 */
final class SweepEmitter {
    /** The pixels that are summed in single precision before the sum goes on in double precision. */
    private static final int PIXELS_PER_BLOCK = 512;

    private final ClassContext context;
    private final Sweep sweep;
    private final Index pixel;
    private final Grid grid;
    private final int last;
    private final ExpressionEmitter emitter;
    private final String method;
    private final List<Element> elements = new ArrayList<>();

    SweepEmitter(ClassContext context, Sweep sweep) {
        this.context = context;
        this.sweep = sweep;
        this.pixel = sweep.pixel();
        this.grid = (Grid) pixel.domain();
        this.last = grid.rank() - 1;
        this.emitter = new ExpressionEmitter(context, new Scope(null));
        String name = "compute_" + sweep.members().stream().map(member -> member.definition().name())
                .collect(Collectors.joining("_and_"));
        this.method = context.methodName(name);
        sweep.members().forEach(member -> addElements(member, 0, Map.of()));
    }

    /**
     * An element of a member, for some values of the member's axes besides the pixel.
     *
     * @param operator how the values of the pixels are combined, or null where each is stored
     * @param value an expression of the pixel
     * @param subscripts where it is stored
     */
    private record Element(Nest member, ReductionOperator operator, Expression value, List<List<IndexForm>> subscripts) {
        boolean isStored() {
            return operator == null;
        }
    }

    private void addElements(Nest member, int axis, Map<Index, List<IndexForm>> values) {
        Definition definition = member.definition();
        if (axis == definition.axes().size()) {
            elements.add(element(member, values));
            return;
        }
        Index index = definition.axes().get(axis);
        if (!(index.domain() instanceof FiniteDomain domain)) {
            addElements(member, axis + 1, values);
            return;
        }
        for (List<IndexForm> value : Unrolling.values(domain)) {
            Map<Index, List<IndexForm>> more = new HashMap<>(values);
            more.put(index, value);
            addElements(member, axis + 1, more);
        }
    }

    private Element element(Nest member, Map<Index, List<IndexForm>> values) {
        Definition definition = member.definition();
        List<List<IndexForm>> subscripts = definition.axes().stream().map(index ->
                values.getOrDefault(index, IndexForm.of(index))).toList();
        Reduce reduction = member.reduction();
        boolean map = definition.pixelAxis() != null;
        Expression value = map ? definition.body() : ofPixel(reduction);
        Expression simple = Simplifier.simplify(Unrolling.unroll(Expressions.substitute(value, values)));
        return new Element(member, map ? null : reduction.operator(), simple, subscripts);
    }

    /** What a pixel contributes to a reduction: its value where the guard holds, reduced over what else is. */
    private Expression ofPixel(Reduce reduction) {
        List<Index> others = reduction.indices().stream().filter(index -> index != pixel).toList();
        if (!others.isEmpty()) {
            return Expressions.reduce(reduction.operator(), others, reduction.guard(), reduction.body());
        }
        return Expressions.isAlways(reduction.guard()) ? reduction.body() : Expressions.select(reduction.guard(),
                reduction.body(), Expressions.constant(reduction.operator().identity()));
    }

    private List<Element> sums() {
        return elements.stream().filter(element -> !element.isStored()).toList();
    }

    /** Methods, the first of which is the one to call. */
    List<MethodSpec> emit() {
        int rows = grid.size() / grid.extent(last);
        int tasks = NestEmitter.tasks(sweep.members().stream().mapToDouble(NestEmitter::work).sum(), rows);
        MethodSpec.Builder caller = header(method);
        sweep.members().forEach(member -> caller.addJavadoc("$L\n", Comments.formula(member.definition().comment(),
                member.formula())));
        List<LaneTotal> totals = pass(rows, tasks);
        CodeBlock.Builder work = emitter.scope().code();
        if (tasks == 1) {
            storeSums(totals);
            return List.of(caller.addCode(work.build()).build());
        }
        String name = context.methodName(method + "_task");
        MethodSpec.Builder task = header(name).addParameter(TypeName.INT, "task");
        if (totals.isEmpty()) {
            caller.addStatement("workers.run($L, this::$L)", tasks, name);
        } else {
            task.addParameter(ArrayTypeName.of(TypeName.DOUBLE), "partial");
            for (int k = 0; k < totals.size(); k++) {
                work.addStatement("partial[$L] = $L", NestEmitter.ofTask(totals.size(), String.valueOf(k)),
                        totals.get(k).result());
            }
            caller.addStatement("final double[] partial = new double[$L]", (long) tasks * totals.size())
                    .addStatement("workers.run($L, task -> $L(task, partial))", tasks, name).addCode(combine(tasks));
        }
        return List.of(caller.build(), task.addCode(work.build()).build());
    }

    /** Without other tasks sums are what they are. */
    private void storeSums(List<LaneTotal> totals) {
        int sum = 0;
        for (Nest member : sweep.members()) {
            Tensor tensor = member.definition().tensor();
            for (int element = 0; member.definition().pixelAxis() == null && element < tensor.size(); element++) {
                String total = totals.get(sum++).result();
                emitter.scope().code().addStatement("$L[$L] = $L", context.array(tensor), element,
                        context.storage(tensor).exact() ? total : context.precision().narrow(total));
            }
        }
    }

    /** The sums of all tasks, in their order. */
    private CodeBlock combine(int tasks) {
        CodeBlock.Builder code = CodeBlock.builder();
        Names locals = context.localNames();
        long numbers = sums().size();
        long first = 0;
        for (Nest member : sweep.members()) {
            if (member.definition().pixelAxis() == null) {
                code.add(NestEmitter.combine(context, locals, member, "partial", tasks, numbers, first));
                first += member.definition().tensor().size();
            }
        }
        return code.build();
    }

    private static MethodSpec.Builder header(String name) {
        return MethodSpec.methodBuilder(name).addModifiers(Modifier.PRIVATE);
    }

    /** Writes the loops over a task's pixels; gives the sums that they leave. */
    private List<LaneTotal> pass(int rows, int tasks) {
        String[] range = NestEmitter.range(emitter, "Row", rows, tasks);
        List<LaneTotal> totals = sums().stream().map(sum -> new LaneTotal(emitter, context, sum.operator())).toList();
        totals.forEach(LaneTotal::declare);
        if (totals.isEmpty()) {
            rows(range, () -> columns("0", String.valueOf(grid.extent(last)), totals));
        } else if (grid.extent(last) > PIXELS_PER_BLOCK) {
            rows(range, () -> columnBlocks(totals));
        } else {
            rowBlocks(range, totals);
        }
        return totals;
    }

    // Loops

    private void rows(String[] range, Runnable body) {
        Rows rows = new Rows(emitter);
        rows.open(pixel, range[0], range[1]);
        body.run();
        rows.close();
    }

    private void rowBlocks(String[] range, List<LaneTotal> totals) {
        int rowsPerBlock = PIXELS_PER_BLOCK / grid.extent(last);
        String block = emitter.names().fresh("block");
        emitter.open();
        totals.forEach(LaneTotal::open);
        rows(new String[] {block, "Math.min(" + block + " + " + rowsPerBlock + ", " + range[1] + ")"},
                () -> columns("0", String.valueOf(grid.extent(last)), totals));
        totals.forEach(LaneTotal::close);
        emitter.close("for (int $1L = $2L; $1L < $3L; $1L += $4L)", block, range[0], range[1], rowsPerBlock);
    }

    private void columnBlocks(List<LaneTotal> totals) {
        String block = emitter.names().fresh("block");
        emitter.open();
        totals.forEach(LaneTotal::open);
        int extent = grid.extent(last);
        columns(block, extent % PIXELS_PER_BLOCK == 0 ? block + " + " + PIXELS_PER_BLOCK
                : "Math.min(" + block + " + " + PIXELS_PER_BLOCK + ", " + extent + ")", totals);
        totals.forEach(LaneTotal::close);
        emitter.close("for (int $1L = 0; $1L < $2L; $1L += $3L)", block, extent, PIXELS_PER_BLOCK);
    }

    private void columns(String from, String to, List<LaneTotal> totals) {
        String column = emitter.names().fresh(pixel.name() + "_" + (last + 1));
        emitter.open();
        emitter.vectorize(pixel, last, column);
        CodeBlock.Builder code = emitter.scope().code();
        List<Value> values = emitter.emitAll(elements.stream().map(Element::value).toList());
        String mask = null;
        if (grid.extent(last) % context.precision().mostLanes() != 0) {
            mask = emitter.names().fresh("inside");
            code.addStatement("final $T $L = SPECIES.indexInRange($L, $L)", emitter.type(Value.Type.MASK), mask, column,
                    grid.extent(last));
        }
        int sum = 0;
        for (int k = 0; k < elements.size(); k++) {
            if (elements.get(k).isStored()) {
                store(elements.get(k), emitter.asVector(values.get(k)), mask);
            } else {
                totals.get(sum++).add(values.get(k), mask);
            }
        }
        emitter.close("for (int $1L = $2L; $1L < $3L; $1L += LANES)", column, from, to);
    }

    private void store(Element element, Value value, String mask) {
        Storage storage = context.storage(element.member().definition().tensor());
        String address = emitter.address(storage.address(element.subscripts()));
        emitter.scope().code().addStatement("$L.intoArray($L, $L$L)", value.code(),
                context.array(storage.tensor()), address, mask == null ? "" : ", " + mask);
    }
}
