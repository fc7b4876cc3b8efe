package org.mcrc.compiler.backend.java;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.ArrayTypeName;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.kernel.Cost;
import org.mcrc.compiler.kernel.Nest;
import org.mcrc.compiler.kernel.Storage;

/**
 * Writes a nest of loops as a method or, where it is more than one task, as two: one that shares the work out, and one that
 * does a task of it. How the work is divided depends on extents only, and partial sums are combined in the order of the tasks.
 */
final class NestEmitter {
    private static final int MOST_TASKS = 64;

    /** Below this many operations a nest is not worth waking anybody for. */
    private static final double LEAST_WORK = 50_000;

    /** A result with at least this many elements is divided among tasks by elements; a smaller one by terms. */
    private static final int MANY_ELEMENTS = 64;

    /** The pixels that are summed in lanes before the sum goes on in double precision. */
    private static final int PIXELS_PER_BLOCK = 2048;

    private final ClassContext context;
    private final Nest nest;
    private final Definition definition;
    private final Reduce reduction;
    private final Storage storage;
    private final String array;
    private final String method;

    NestEmitter(ClassContext context, Nest nest) {
        this.context = context;
        this.nest = nest;
        this.definition = nest.definition();
        this.reduction = nest.reduction();
        this.storage = context.storage(definition.tensor());
        this.array = context.array(definition.tensor());
        this.method = context.methodName("compute_" + definition.name());
    }

    /** Methods, the first of which is the one to call. */
    List<MethodSpec> emit() {
        Index pixelAxis = definition.pixelAxis();
        if (pixelAxis != null) {
            return map(pixelAxis);
        }
        boolean split = reduction != null && definition.tensor().size() < MANY_ELEMENTS;
        return split ? splitByTerms() : splitByElements();
    }

    /** The operations of a nest, roughly. */
    static double work(Nest nest) {
        Reduce reduction = nest.reduction();
        double elements = nest.definition().tensor().size()
                * (reduction == null ? 1 : Count.real(reduction.indices()));
        return elements * (1 + Cost.of(reduction == null ? nest.definition().body() : reduction.body()));
    }

    /** Into how many tasks {@code work} operations on {@code extent} rows or elements are divided. */
    static int tasks(double work, int extent) {
        return work < LEAST_WORK ? 1 : Math.min(extent, MOST_TASKS);
    }

    private int tasks(int extent) {
        return tasks(work(nest), extent);
    }

    private MethodSpec.Builder header(String name) {
        return MethodSpec.methodBuilder(name).addModifiers(Modifier.PRIVATE);
    }

    private MethodSpec.Builder documented() {
        return header(method).addJavadoc("$L\n", Comments.formula(definition.comment(), nest.formula()));
    }

    /** The method that does the work, or one that shares it out and one that does a task of it. */
    private List<MethodSpec> methods(int tasks, ExpressionEmitter emitter) {
        CodeBlock work = emitter.scope().code().build();
        if (tasks == 1) {
            return List.of(documented().addCode(work).build());
        }
        String task = context.methodName(method + "_task");
        return List.of(documented().addStatement("workers.run($L, this::$L)", tasks, task).build(),
                header(task).addParameter(TypeName.INT, "task").addCode(work).build());
    }

    // One value for each pixel

    private List<MethodSpec> map(Index pixel) {
        Grid grid = (Grid) pixel.domain();
        int last = grid.rank() - 1;
        int rows = grid.size() / grid.extent(last);
        int tasks = tasks(rows);
        ExpressionEmitter emitter = new ExpressionEmitter(context, new Scope(null));
        List<Index> finite = definition.axes().stream().filter(index -> index != pixel).toList();
        String[] range = range(emitter, "Row", rows, tasks);
        Rows loop = new Rows(emitter);
        finite.forEach(emitter::openLoop);
        loop.open(pixel, range[0], range[1]);
        String column = emitter.names().fresh(pixel.name() + "_" + (last + 1));
        emitter.open();
        boolean vector = nest.vector() == pixel;
        if (vector) {
            emitter.vectorize(pixel, last, column);
        } else {
            emitter.bindComponent(pixel, last, column);
        }
        List<List<IndexForm>> subscripts = definition.axes().stream().map(IndexForm::of).toList();
        boolean masked = vector && grid.extent(last) % context.precision().mostLanes() != 0;
        if (vector) {
            Value value = emitter.emitVector(definition.body());
            String address = emitter.address(storage.address(subscripts));
            if (masked) {
                emitter.scope().code().addStatement("$L.intoArray($L, $L, SPECIES.indexInRange($L, $L))", value.code(),
                        array, address, column, grid.extent(last));
            } else {
                emitter.scope().code().addStatement("$L.intoArray($L, $L)", value.code(), array, address);
            }
            emitter.close("for (int $1L = 0; $1L < $2L; $1L += LANES)", column, grid.extent(last));
        } else {
            Value value = emitter.emit(definition.body());
            emitter.scope().code().addStatement("$L[$L] = $L", array, emitter.address(storage.address(subscripts)),
                    stored(value));
            emitter.close("for (int $1L = 0; $1L < $2L; $1L++)", column, grid.extent(last));
        }
        loop.close();
        finite.reversed().forEach(emitter::closeLoop);
        return methods(tasks, emitter);
    }

    private String stored(Value value) {
        return storage.exact() ? ExpressionEmitter.bare(value.code()) : context.precision().narrow(value.code());
    }

    /** Declares the part of {@code extent} that is the task's. */
    static String[] range(ExpressionEmitter emitter, String what, int extent, int tasks) {
        if (tasks == 1) {
            return new String[] {"0", String.valueOf(extent)};
        }
        String first = emitter.names().fresh("first" + what);
        String last = emitter.names().fresh("last" + what);
        emitter.scope().code().addStatement("final int $L = (int) ($LL * task / $L)", first, extent, tasks);
        emitter.scope().code().addStatement("final int $L = (int) ($LL * (task + 1) / $L)", last, extent, tasks);
        return new String[] {first, last};
    }

    // Values without pixels

    /** Each task has a range of the largest axis. */
    private List<MethodSpec> splitByElements() {
        ExpressionEmitter emitter = new ExpressionEmitter(context, new Scope(null));
        List<Index> order = new ArrayList<>(definition.axes());
        Index outer = order.stream().max(java.util.Comparator.comparingInt(index -> index.domain().size())).orElse(null);
        int tasks = outer == null ? 1 : tasks(outer.domain().size());
        String outerVariable = null;
        String[] range = null;
        Blocks blocks = null;
        if (outer != null) {
            order.remove(outer);
            range = range(emitter, "Element", outer.domain().size(), tasks);
            blocks = walksDownColumns(outer, order) ? new Blocks(emitter, order.removeFirst()) : null;
            emitter.open();
            outerVariable = emitter.names().fresh(outer.name());
            emitter.bindFinite(outer, outerVariable);
        }
        if (blocks != null) {
            blocks.open();
        }
        order.forEach(emitter::openLoop);
        List<List<IndexForm>> subscripts = definition.axes().stream().map(IndexForm::of).toList();
        Value value = reduction == null ? emitter.emit(definition.body()) : total(emitter, null, null);
        String address = definition.axes().isEmpty() ? "0" : emitter.address(storage.address(subscripts));
        emitter.scope().code().addStatement("$L[$L] = $L", array, address, stored(value));
        order.reversed().forEach(emitter::closeLoop);
        if (blocks != null) {
            blocks.close();
        }
        if (outer != null) {
            int low = outer.domain() instanceof IntegerDomain domain ? domain.low() : 0;
            emitter.close("for (int $1L = $2L; $1L < $3L; $1L++)", outerVariable, shifted(range[0], low),
                    shifted(range[1], low));
        }
        if (blocks != null) {
            blocks.closeAll();
        }
        return methods(tasks, emitter);
    }

    /** Whether a large matrix is read line by line and another column by column, as in {@code A[a, b] + A[b, a]}. */
    private boolean walksDownColumns(Index outer, List<Index> inner) {
        return reduction == null && inner.size() == 1 && inner.getFirst().domain() instanceof VectorDomain columns
                && columns.size() > 2 * Blocks.SIZE && Expressions.reads(definition.body()).stream().anyMatch(read ->
                        read.subscripts().size() == 2 && read.subscripts().getLast().equals(IndexForm.of(outer))
                                && read.subscripts().getFirst().equals(IndexForm.of(inner.getFirst())));
    }

    private static String shifted(String code, int by) {
        return by == 0 ? code : code.chars().allMatch(Character::isDigit) ? String.valueOf(Integer.parseInt(code) + by)
                : code + " + " + by;
    }

    /** Each task has a range of the terms and gives a partial result for every element. */
    private List<MethodSpec> splitByTerms() {
        Index divided = reduction.indices().stream().filter(Index::isPixel).findFirst()
                .orElse(reduction.indices().stream().max(java.util.Comparator.comparingInt(
                        index -> index.domain().size())).orElseThrow());
        boolean position = reduction.operator() == ReductionOperator.ARGMAX
                || reduction.operator() == ReductionOperator.ARGMIN;
        int extent = divided.domain() instanceof Grid grid ? grid.size() / grid.extent(grid.rank() - 1)
                : divided.domain().size();
        int tasks = position ? 1 : tasks(extent);
        if (tasks == 1) {
            return splitByElements();
        }
        ExpressionEmitter emitter = new ExpressionEmitter(context, new Scope(null));
        String[] range = range(emitter, "Term", extent, tasks);
        long elements = definition.tensor().size();
        String partial = emitter.names().fresh("partial");
        definition.axes().forEach(emitter::openLoop);
        Value value = total(emitter, divided, range);
        IndexForm element = IndexForm.position(definition.axes());
        emitter.scope().code().addStatement("$L[$L] = $L", partial, ofTask(elements, emitter.integer(element)),
                value.code());
        definition.axes().reversed().forEach(emitter::closeLoop);
        String task = context.methodName(method + "_task");
        MethodSpec caller = documented().addStatement("final double[] $L = new double[$L]", partial, tasks * elements)
                .addStatement("workers.run($L, task -> $L(task, $L))", tasks, task, partial)
                .addCode(combine(context, context.localNames(), nest, partial, tasks, elements, 0)).build();
        return List.of(caller, header(task).addParameter(TypeName.INT, "task")
                .addParameter(ArrayTypeName.of(TypeName.DOUBLE), partial).addCode(emitter.scope().code().build()).build());
    }

    /** Where a number of a task is among those of all tasks, {@code numbers} each. */
    static String ofTask(long numbers, String number) {
        String first = numbers == 1 ? "task" : "task * " + numbers;
        return number.equals("0") ? first : first + " + " + number;
    }

    /**
     * The sums over tasks, in their order.
     *
     * @param locals the names of the method
     * @param partial what the tasks computed, {@code numbers} each, those of the nest from {@code first} on
     */
    static CodeBlock combine(ClassContext context, Names locals, Nest nest, String partial, int tasks, long numbers,
                             long first) {
        Tensor tensor = nest.definition().tensor();
        boolean several = tensor.size() > 1;
        String element = several ? first == 0 ? "element" : first + " + element" : String.valueOf(first);
        String part = partial + "[" + (tasks == 1 ? element : ofTask(numbers, element)) + "]";
        CodeBlock.Builder code = CodeBlock.builder();
        if (several) {
            code.beginControlFlow("for (int element = 0; element < $L; element++)", tensor.size());
        }
        String total = tasks > 1 ? locals.fresh("total") : part;
        if (tasks > 1) {
            ReductionOperator operator = nest.reduction().operator();
            code.addStatement("double $L = $L", total, ExpressionEmitter.identity(operator))
                    .beginControlFlow("for (int task = 0; task < $L; task++)", tasks)
                    .addStatement("$L = $L", total, switch (operator) {
                        case SUM -> total + " + " + part;
                        case PRODUCT -> total + " * " + part;
                        case MAXIMUM -> "Math.max(" + total + ", " + part + ")";
                        case MINIMUM -> "Math.min(" + total + ", " + part + ")";
                        case ARGMAX, ARGMIN -> throw new IllegalStateException("positions are not split");
                    }).endControlFlow();
        }
        code.addStatement("$L[$L] = $L", context.array(tensor), several ? "element" : "0",
                context.storage(tensor).exact() ? total : context.precision().narrow(total));
        if (several) {
            code.endControlFlow();
        }
        return code.build();
    }

    /**
     * Writes the loops of the reduction and gives the variable that holds the result.
     *
     * @param divided the index of which only {@code range} is run through, or null
     */
    private Value total(ExpressionEmitter emitter, Index divided, String[] range) {
        Accumulator total = new Accumulator(emitter, context, reduction.operator(), false);
        total.declare();
        Index pixel = nest.vector();
        List<Index> order = new ArrayList<>(reduction.indices());
        if (pixel != null) {
            order.remove(pixel);
            order.add(pixel);
        }
        for (Index index : order) {
            if (index != pixel) {
                openTerms(emitter, index, divided, range);
            }
        }
        if (pixel != null) {
            vectorTotal(emitter, total, pixel, pixel == divided ? range : null);
        } else {
            boolean guarded = !Expressions.isAlways(reduction.guard());
            Value guard = guarded ? emitter.emit(reduction.guard()) : null;
            if (guarded) {
                emitter.open();
            }
            total.add(emitter.emit(reduction.body()), reduction.indices());
            if (guarded) {
                emitter.close("if ($L)", ExpressionEmitter.bare(guard.code()));
            }
        }
        for (Index index : order.reversed()) {
            if (index != pixel) {
                closeTerms(emitter, index, divided, range);
            }
        }
        return total.result();
    }

    private void openTerms(ExpressionEmitter emitter, Index index, Index divided, String[] range) {
        if (index == divided && index.domain() instanceof Grid grid) {
            dividedRows = new Rows(emitter);
            dividedRows.open(index, range[0], range[1]);
            dividedColumn = emitter.names().fresh(index.name() + "_" + grid.rank());
            emitter.open();
            emitter.bindComponent(index, grid.rank() - 1, dividedColumn);
        } else if (index == divided) {
            emitter.open();
            dividedColumn = emitter.names().fresh(index.name());
            emitter.bindFinite(index, dividedColumn);
        } else {
            emitter.openLoop(index);
        }
    }

    private Rows dividedRows;
    private String dividedColumn;

    private void closeTerms(ExpressionEmitter emitter, Index index, Index divided, String[] range) {
        if (index == divided && index.domain() instanceof Grid grid) {
            emitter.close("for (int $1L = 0; $1L < $2L; $1L++)", dividedColumn, grid.extent(grid.rank() - 1));
            dividedRows.close();
        } else if (index == divided) {
            int low = index.domain() instanceof IntegerDomain domain ? domain.low() : 0;
            emitter.close("for (int $1L = $2L; $1L < $3L; $1L++)", dividedColumn, shifted(range[0], low),
                    shifted(range[1], low));
        } else {
            emitter.closeLoop(index);
        }
    }

    /** Sums rows in lanes, blocks of rows in double precision. */
    private void vectorTotal(ExpressionEmitter emitter, Accumulator total, Index pixel, String[] range) {
        Grid grid = (Grid) pixel.domain();
        int last = grid.rank() - 1;
        int rows = grid.size() / grid.extent(last);
        int rowsPerBlock = Math.max(1, PIXELS_PER_BLOCK / grid.extent(last));
        String from = range == null ? "0" : range[0];
        String to = range == null ? String.valueOf(rows) : range[1];
        String block = emitter.names().fresh("block");
        emitter.open();
        Accumulator lanes = new Accumulator(emitter, context, reduction.operator(), true);
        lanes.declare();
        Rows loop = new Rows(emitter);
        loop.open(pixel, block, "Math.min(" + block + " + " + rowsPerBlock + ", " + to + ")");
        String column = emitter.names().fresh(pixel.name() + "_" + (last + 1));
        emitter.open();
        emitter.vectorize(pixel, last, column);
        Expression body = Expressions.isAlways(reduction.guard()) ? reduction.body() : Expressions.select(
                reduction.guard(), reduction.body(), Expressions.constant(reduction.operator().identity()));
        Value value = emitter.emit(body);
        if (grid.extent(last) % context.precision().mostLanes() != 0) {
            Value identity = emitter.asVector(new Value(ExpressionEmitter.identity(reduction.operator()),
                    Value.Type.NUMBER));
            value = new Value("%s.blend(%s, SPECIES.indexInRange(%s, %d))".formatted(identity.code(),
                    emitter.asVector(value).code(), column, grid.extent(last)), Value.Type.VECTOR);
        }
        lanes.add(value, reduction.indices());
        emitter.close("for (int $1L = 0; $1L < $2L; $1L += LANES)", column, grid.extent(last));
        loop.close();
        total.addLanes(lanes);
        emitter.close("for (int $1L = $2L; $1L < $3L; $1L += $4L)", block, from, to, rowsPerBlock);
    }
}
