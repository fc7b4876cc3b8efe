package org.mcrc.compiler.backend.java;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.RunningReduction;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.kernel.Cost;
import org.mcrc.compiler.kernel.Fold;
import org.mcrc.compiler.kernel.Nest;
import org.mcrc.compiler.kernel.ReverseScan;
import org.mcrc.compiler.kernel.Scan;
import org.mcrc.compiler.kernel.Storage;

/**
 * Writes scans, which take the pixels of a block through all steps of a running reduction together: what was combined so
 * far lies in an array of as many numbers as the block has pixels, in a cache, and the loops over pixels inside a step are
 * independent of one another.
 */
final class ScanEmitter {
    /** The pixels of a block in a scan: what is combined of them stays in the first cache. */
    private static final int PIXELS_PER_BLOCK = 1024;

    /** The numbers of a block in a reverse scan, for all steps: they stay in the second cache. */
    private static final int NUMBERS_PER_BLOCK = 32 * 1024;

    /** A block of fewer pixels spends its time in starting loops. */
    private static final int LEAST_PIXELS = 64;

    /** The most partial sums of all tasks. */
    private static final int MOST_PARTIAL_SUMS = 1 << 22;

    /** The most blocks of rows that fold into a target: twice what works at the same time. */
    private static final int MOST_FOLDS = 64;

    private final ClassContext context;
    private final ExpressionEmitter emitter;

    ScanEmitter(ClassContext context) {
        this.context = context;
        this.emitter = new ExpressionEmitter(context, new Scope(null));
    }

    /**
     * The loops over the pixels of a block: some rows, or a part of one. A pixel's number in the block is that of its
     * row times {@link #pitch} plus that of its column.
     */
    private final class Block {
        private final Index pixel;
        private final int extent;
        private final int pitch;
        private final int rows;
        private final String firstRow;
        private final String lastRow;
        private final String firstColumn;
        private Rows loop;
        private String column;

        Block(Index pixel, int pixels, String firstRow) {
            Grid grid = (Grid) pixel.domain();
            int lanes = context.precision().mostLanes();
            this.pixel = pixel;
            extent = grid.extent(grid.rank() - 1);
            pitch = Math.min(Math.ceilDiv(extent, lanes), pixels / lanes) * lanes;
            rows = pitch < extent ? 1 : Math.max(1, pixels / pitch);
            this.firstRow = firstRow;
            lastRow = emitter.names().fresh("endRow");
            firstColumn = pitch < extent ? emitter.names().fresh("block") : "0";
        }

        int length() {
            return rows * pitch;
        }

        void declare(String end) {
            emitter.scope().code().addStatement("final int $L = Math.min($L + $L, $L)", lastRow, firstRow, rows, end);
        }

        /** Opens the loops over the block; gives the number of the first pixel of the vector. */
        String open() {
            loop = new Rows(emitter);
            loop.open(pixel, firstRow, lastRow);
            String line = "(" + loop.row() + " - " + firstRow + ") * " + pitch;
            emitter.open();
            column = emitter.names().fresh(pixel.name() + "_" + ((Grid) pixel.domain()).rank());
            emitter.vectorize(pixel, ((Grid) pixel.domain()).rank() - 1, column);
            String place = emitter.names().fresh("place");
            emitter.scope().code().addStatement("final int $L = $L + $L$L", place, line, column,
                    firstColumn.equals("0") ? "" : " - " + firstColumn);
            return place;
        }

        /** The further argument of a store that leaves out the lanes that are no pixels, where there may be such. */
        String mask() {
            return extent % context.precision().mostLanes() == 0 ? ""
                    : ", SPECIES.indexInRange(%s, %d)".formatted(column, extent);
        }

        /** The value of pixels, and 0 in the lanes that are none. */
        Value masked(Value value) {
            return mask().isEmpty() ? emitter.asVector(value) : new Value("%s.broadcast(SPECIES, 0).blend(%s%s)".formatted(
                    context.vectorName(), emitter.asVector(value).code(), mask()), Value.Type.VECTOR);
        }

        void close() {
            emitter.close("for (int $1L = $2L; $1L < $3L; $1L += LANES)", column, firstColumn,
                    firstColumn.equals("0") ? String.valueOf(extent)
                            : "Math.min(" + firstColumn + " + " + pitch + ", " + extent + ")");
            loop.close();
        }
    }

    /** Writes loops over all blocks of some rows around {@code body}. */
    private void blocks(Index pixel, int pixels, String firstRow, String lastRow, java.util.function.Consumer<Block> body) {
        String row = emitter.names().fresh("blockRow");
        emitter.open();
        Block block = new Block(pixel, pixels, row);
        block.declare(lastRow);
        boolean columns = !block.firstColumn.equals("0");
        if (columns) {
            emitter.open();
        }
        body.accept(block);
        if (columns) {
            emitter.close("for (int $1L = 0; $1L < $2L; $1L += $3L)", block.firstColumn, block.extent, block.pitch);
        }
        emitter.close("for (int $1L = $2L; $1L < $3L; $1L += $4L)", row, firstRow, lastRow, block.rows);
    }

    private String array(String suggestion, long length) {
        String name = emitter.names().fresh(suggestion);
        emitter.scope().code().addStatement("final $1T[] $2L = new $1T[$3L]", context.precision().element(), name, length);
        return name;
    }

    private void fill(String array, int length, double value) {
        emitter.scope().code().addStatement("$L.fill($L, 0, $L, $L)", context.type(ClassContext.ARRAYS), array, length,
                context.precision().narrow(ExpressionEmitter.number(value)));
    }

    private Value load(String suggestion, String array, String place) {
        String name = emitter.names().fresh(suggestion);
        emitter.scope().code().addStatement("final $1T $2L = $1T.fromArray(SPECIES, $3L, $4L)",
                context.precision().vector(), name, array, place);
        return new Value(name, Value.Type.VECTOR);
    }

    private Value named(String suggestion, String code) {
        String name = emitter.names().fresh(suggestion);
        emitter.scope().code().addStatement("final $T $L = $L", context.precision().vector(), name, code);
        return new Value(name, Value.Type.VECTOR);
    }

    private void store(Value value, String array, String place) {
        emitter.scope().code().addStatement("$L.intoArray($L, $L)", value.code(), array, place);
    }

    private static String combined(ReductionOperator operator, String left, String right) {
        return left + switch (operator) {
            case SUM -> ".add(";
            case PRODUCT -> ".mul(";
            case MAXIMUM -> ".max(";
            case MINIMUM -> ".min(";
            case ARGMAX, ARGMIN -> throw new IllegalStateException("positions do not run");
        } + right + ")";
    }

    private static MethodSpec.Builder header(String name) {
        return MethodSpec.methodBuilder(name).addModifiers(Modifier.PRIVATE);
    }

    // Sums of running reductions

    /** Methods, the first of which is the one to call. */
    List<MethodSpec> emit(Scan scan) {
        Tensor target = scan.definition().tensor();
        String method = context.methodName("scan_" + target.name());
        String taskMethod = context.methodName("scan_" + target.name() + "_task");
        Grid grid = (Grid) scan.pixel().domain();
        int rows = grid.size() / grid.extent(grid.rank() - 1);
        double work = (double) grid.size() * target.size() * (1 + Cost.of(scan.value()));
        int tasks = Math.max(1, Math.min(NestEmitter.tasks(work, rows), (int) (MOST_PARTIAL_SUMS / target.size())));
        MethodSpec.Builder caller = header(method).addJavadoc("$L\n", Comments.formula(scan.definition().comment(),
                scan.formula())).addStatement("final double[] partial = new double[$L]", tasks * target.size());
        caller.addStatement("workers.run($L, task -> $L(task, partial))", tasks, taskMethod);
        caller.addCode(NestEmitter.combine(context, context.localNames(), new Nest(scan.definition(), scan.pixel()),
                "partial", tasks, target.size(), 0));
        MethodSpec.Builder task = header(taskMethod).addParameter(TypeName.INT, "task")
                .addParameter(ArrayTypeName.of(TypeName.DOUBLE), "partial");
        String[] range = NestEmitter.range(emitter, "Row", rows, tasks);
        List<String> running = new ArrayList<>();
        scan.running().forEach(each -> running.add(array("running", PIXELS_PER_BLOCK)));
        blocks(scan.pixel(), PIXELS_PER_BLOCK, range[0], range[1], block -> {
            scan.others().forEach(emitter::openLoop);
            for (int k = 0; k < running.size(); k++) {
                begin(scan.running().get(k), running.get(k), block);
            }
            emitter.openLoop(scan.along());
            step(scan, running, block);
            emitter.closeLoop(scan.along());
            scan.others().reversed().forEach(emitter::closeLoop);
        });
        return List.of(caller.build(), task.addCode(emitter.scope().code().build()).build());
    }

    /** The steps before the first sum. */
    private void begin(RunningReduction running, String array, Block block) {
        ReductionOperator operator = running.reduction().operator();
        fill(array, block.length(), operator.identity());
        int low = ((IntegerDomain) running.step().domain()).low();
        if (running.lastBefore() < low) {
            return;
        }
        emitter.open();
        String step = emitter.names().fresh(running.step().name());
        emitter.bindFinite(running.step(), step);
        String place = block.open();
        Value before = load("before", array, place);
        store(new Value(combined(operator, before.code(), emitter.emitVector(running.reduction().body()).code()),
                Value.Type.VECTOR), array, place);
        block.close();
        emitter.close("for (int $1L = $2L; $1L <= $3L; $1L++)", step, low, running.lastBefore());
    }

    /** One step of all reductions for the pixels of a block, and the sum of what they give. */
    private void step(Scan scan, List<String> running, Block block) {
        Accumulator sum = new Accumulator(emitter, context, ReductionOperator.SUM, true);
        sum.declare();
        String place = block.open();
        List<Expression> together = new ArrayList<>(List.of(scan.value()));
        scan.running().forEach(each -> together.add(each.term()));
        for (int k = 0; k < running.size(); k++) {
            RunningReduction reduction = scan.running().get(k);
            Value before = load("before", running.get(k), place);
            Value term = emitter.asVector(emitter.emit(reduction.term(), together));
            ReductionOperator operator = reduction.reduction().operator();
            Value value = named(operator.symbol(), combined(operator, before.code(), term.code()));
            store(value, running.get(k), place);
            emitter.provide(reduction.reduction(), value);
        }
        sum.add(block.masked(emitter.emit(scan.value(), together)), List.of());
        block.close();
        emitter.scope().code().addStatement("partial[$L] += $L.sum($L)", NestEmitter.ofTask(scan.definition().tensor().size(),
                emitter.integer(IndexForm.position(scan.definition().axes()))), context.type(ExpressionEmitter.LANES),
                sum.result().code());
    }

    // Adjoints of running products

    /** Methods, the first of which is the one to call. */
    List<MethodSpec> emit(ReverseScan scan) {
        String base = scan.z().tensor().name();
        String method = context.methodName("fold_" + base);
        String taskMethod = context.methodName("fold_" + base + "_task");
        Map<Tensor, String> fields = new LinkedHashMap<>();
        scan.contributions().forEach(each -> fields.computeIfAbsent(each.target(), target ->
                context.accumulator("parts_" + target.name())));
        Grid grid = (Grid) scan.pixel().domain();
        // Between two blocks that work at the same time lies one that does not: what they add to is apart.
        int height = Math.max(Math.max(1, scan.reach()), Math.ceilDiv(grid.extent(0), MOST_FOLDS));
        int tasks = Math.max(1, grid.extent(0) / height);
        MethodSpec.Builder caller = header(method).addJavadoc("$L\n", Comments.formula(scan.comment(), scan.formula()));
        String support = context.type(JavaBackend.FOLD_PARTS);
        fields.forEach((target, field) -> caller.addStatement("$L = $L.cleared($L, 1, $L, workers)", field, support, field,
                scan.accumulator(target).length()));
        caller.addStatement("workers.run($L, pair -> $L(2 * pair))", Math.ceilDiv(tasks, 2), taskMethod);
        if (tasks > 1) {
            caller.addStatement("workers.run($L, pair -> $L(2 * pair + 1))", tasks / 2, taskMethod);
        }
        fields.forEach((target, field) -> caller.addStatement("$L.fold($L, $L, $L, $L, $L, $L, workers)", support, field,
                ContractionEmitter.ints(target.grid().extents()), scan.accumulator(target).planes(),
                ContractionEmitter.ints(scan.accumulator(target).halo()), context.array(target),
                ContractionEmitter.ints(context.storage(target).halo())));
        return List.of(caller.build(), task(scan, taskMethod, tasks, fields));
    }

    private MethodSpec task(ReverseScan scan, String name, int tasks, Map<Tensor, String> fields) {
        Grid grid = (Grid) scan.pixel().domain();
        int rowsOfSlab = grid.size() / grid.extent(grid.rank() - 1) / grid.extent(0);
        CodeBlock.Builder code = emitter.scope().code();
        String firstRow = emitter.names().fresh("firstRow");
        String lastRow = emitter.names().fresh("lastRow");
        code.addStatement("final int $L = (int) ($LL * task / $L) * $L", firstRow, grid.extent(0), tasks, rowsOfSlab);
        code.addStatement("final int $L = (int) ($LL * (task + 1) / $L) * $L", lastRow, grid.extent(0), tasks, rowsOfSlab);
        Map<Tensor, String> targets = new HashMap<>();
        fields.forEach((target, field) -> {
            String local = emitter.names().fresh("accumulator");
            code.addStatement("final $T[] $L = $L[0]", context.precision().element(), local, field);
            targets.put(target, local);
        });
        int steps = scan.step().domain().size();
        int pixels = Math.max(LEAST_PIXELS, Math.min(PIXELS_PER_BLOCK, NUMBERS_PER_BLOCK / steps));
        String before = array("before", (long) steps * pixels);
        String after = array("after", pixels);
        blocks(scan.pixel(), pixels, firstRow, lastRow, block -> {
            scan.others().forEach(emitter::openLoop);
            products(scan, block, before);
            sums(scan, block, before, after, targets);
            scan.others().reversed().forEach(emitter::closeLoop);
        });
        return header(name).addParameter(TypeName.INT, "task").addCode(emitter.scope().code().build()).build();
    }

    /** The products of the factors before each. */
    private void products(ReverseScan scan, Block block, String before) {
        IntegerDomain steps = (IntegerDomain) scan.step().domain();
        fill(before, block.length(), 1);
        emitter.open();
        String step = emitter.names().fresh(scan.step().name());
        emitter.bindFinite(scan.step(), step);
        String line = line(step, steps, block);
        String place = block.open();
        Value product = load("product", before, line + " + " + place);
        store(new Value(product.code() + ".mul(" + emitter.emitVector(scan.factor()).code() + ")", Value.Type.VECTOR),
                before, line + " + " + block.length() + " + " + place);
        block.close();
        emitter.close("for (int $1L = $2L; $1L < $3L; $1L++)", step, steps.low(), steps.high());
    }

    /** Where the numbers of a step begin. */
    private String line(String step, IntegerDomain steps, Block block) {
        String line = emitter.names().fresh("line");
        emitter.scope().code().addStatement("final int $L = $L * $L", line,
                steps.low() == 0 ? step : "(" + step + " - " + steps.low() + ")", block.length());
        return line;
    }

    /** The sums after each factor, and what each factor contributes. */
    private void sums(ReverseScan scan, Block block, String before, String after, Map<Tensor, String> targets) {
        IntegerDomain steps = (IntegerDomain) scan.step().domain();
        fill(after, block.length(), 0);
        emitter.open();
        String step = emitter.names().fresh(scan.step().name());
        emitter.bindFinite(scan.step(), step);
        String line = line(step, steps, block);
        String place = block.open();
        List<Expression> together = new ArrayList<>(List.of(scan.seedAtStep(), scan.factor()));
        scan.contributions().forEach(each -> together.add(each.value()));
        Value later = load("later", after, place);
        Value sum = named("sum", later.code() + ".add(" + emitter.asVector(emitter.emit(scan.seedAtStep(), together)).code()
                + ")");
        store(new Value(sum.code() + ".mul(" + emitter.asVector(emitter.emit(scan.factor(), together)).code() + ")",
                Value.Type.VECTOR), after, place);
        Value product = load("product", before, line + " + " + place);
        emitter.provide(scan.z(), named("z", product.code() + ".mul(" + sum.code() + ")"));
        for (Fold.Contribution contribution : scan.contributions()) {
            String address = emitter.address(scan.accumulator(contribution.target()).address(contribution.subscripts()));
            Value value = emitter.asVector(emitter.emit(contribution.value(), together));
            emitter.scope().code().addStatement("$1T.fromArray(SPECIES, $2L, $3L).add($4L).intoArray($2L, $3L$5L)",
                    context.precision().vector(), targets.get(contribution.target()), address, value.code(), block.mask());
        }
        block.close();
        emitter.close("for (int $1L = $3L; $1L >= $2L; $1L--)", step, steps.low(), steps.high());
    }
}
