package org.mcrc.compiler.backend.java;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.kernel.ChainedProduct;
import org.mcrc.compiler.kernel.Fold;
import org.mcrc.compiler.kernel.Gram;
import org.mcrc.compiler.kernel.Storage;
import org.mcrc.compiler.kernel.Vectorizable;

/**
 * Writes what is particular to a contraction, the production of its operands and the epilogue with its folds, and the call
 * of the runtime's packed register-tile loops around them.
 */
final class ContractionEmitter {
    private final ClassContext context;
    private final Precision precision;

    ContractionEmitter(ClassContext context) {
        this.context = context;
        this.precision = context.precision();
    }

    /** Methods, the first of which is the one to call. */
    List<MethodSpec> gram(Gram gram) {
        String method = context.methodName("compute_" + gram.target().name());
        String array = context.array(gram.target());
        MethodSpec.Builder caller = MethodSpec.methodBuilder(method).addModifiers(Modifier.PRIVATE)
                .addJavadoc("$L\n", Comments.formula(gram.comment(), gram.formula()));
        ExpressionEmitter emitter = emitter();
        Value scale = emitter.emit(gram.scale());
        List<MethodSpec> producers = new ArrayList<>();
        producers.add(producer("produce_" + gram.target().name(), gram.batch(), gram.rows(), gram.pixel(), gram.left()));
        if (!gram.symmetric()) {
            producers.add(producer("produce_columns_" + gram.target().name(), gram.batch(), gram.columns(), gram.pixel(),
                    gram.right()));
        }
        long elements = Math.multiplyExact(Count.of(gram.rows()), Count.of(gram.columns()));
        String result = array;
        if (!gram.batch().isEmpty()) {
            result = context.scratch(gram.target().name() + "_slice", elements);
        }
        List<String> variables = openBatch(emitter, gram.batch());
        emitter.scope().code().addStatement("contraction.$L($L, $L, $L, $L, $L)",
                gram.symmetric() ? "gram" : "product",
                gram.symmetric() ? Count.of(gram.rows()) : Count.of(gram.rows()) + ", " + Count.of(gram.columns()),
                pixelVectors(gram.pixel()), producers.stream().map(producer -> reference(producer, variables))
                        .collect(java.util.stream.Collectors.joining(", ")), scale.code(), result);
        if (!gram.batch().isEmpty()) {
            emitter.scope().code().addStatement("System.arraycopy($L, 0, $L, $L, $L)", result, array,
                    emitter.integer(IndexForm.position(gram.batch()).times(Math.toIntExact(elements))), elements);
        }
        gram.batch().reversed().forEach(emitter::closeLoop);
        List<MethodSpec> methods = new ArrayList<>(List.of(caller.addCode(emitter.scope().code().build()).build()));
        methods.addAll(producers);
        return methods;
    }

    /** Opens a loop for each index of a batch and gives the loops' variables. */
    private static List<String> openBatch(ExpressionEmitter emitter, List<Index> batch) {
        List<String> variables = new ArrayList<>();
        for (Index index : batch) {
            emitter.openLoop(index);
            String captured = emitter.names().fresh("each_" + index.name());
            emitter.scope().code().addStatement("final int $L = $L", captured, emitter.integer(IndexForm.of(index, 0)));
            variables.add(captured);
        }
        return variables;
    }

    /** A method as an argument: its leading parameters, the values of the batch, are bound. */
    private static String reference(MethodSpec method, List<String> variables) {
        if (variables.isEmpty()) {
            return "this::" + method.name();
        }
        List<String> parameters = method.parameters().stream().skip(variables.size())
                .map(parameter -> parameter.name()).toList();
        List<String> arguments = new ArrayList<>(variables);
        arguments.addAll(parameters);
        return "(" + String.join(", ", parameters) + ") -> " + method.name() + "(" + String.join(", ", arguments) + ")";
    }

    /** Declares the indices of a batch as leading parameters. */
    private static void bindBatch(ExpressionEmitter emitter, MethodSpec.Builder method, List<Index> batch) {
        for (Index index : batch) {
            String parameter = emitter.names().fresh(index.name());
            method.addParameter(TypeName.INT, parameter);
            emitter.bindFinite(index, parameter);
        }
    }

    /** The pixel vectors of a grid as a Java expression: each row is made of whole ones. */
    private static String pixelVectors(Index pixel) {
        Grid grid = (Grid) pixel.domain();
        int last = grid.extent(grid.rank() - 1);
        return grid.size() / last + " * Math.ceilDiv(" + last + ", LANES)";
    }

    private static MethodSpec.Builder method(String name) {
        return MethodSpec.methodBuilder(name).addModifiers(Modifier.PRIVATE);
    }

    private MethodSpec.Builder addTile(MethodSpec.Builder method) {
        return method.addParameter(TypeName.INT, "firstRow").addParameter(TypeName.INT, "lastRow")
                .addParameter(TypeName.INT, "firstPixelVector").addParameter(TypeName.INT, "lastPixelVector")
                .addParameter(ArrayTypeName.of(precision.element()), "tile").addParameter(TypeName.INT, "offset")
                .addParameter(TypeName.INT, "stride");
    }

    private ExpressionEmitter emitter() {
        ExpressionEmitter emitter = new ExpressionEmitter(context, new Scope(null));
        for (String parameter : List.of("firstRow", "lastRow", "firstInner", "lastInner", "firstPixelVector",
                "lastPixelVector", "tile", "offset", "stride", "chunk", "row", "inner", "line", "column", "lane", "pixelVector", "z")) {
            emitter.names().fresh(parameter);
        }
        return emitter;
    }

    private MethodSpec producer(String suggestion, List<Index> batch, List<Index> rows, Index pixel, Expression operand) {
        ExpressionEmitter emitter = emitter();
        MethodSpec.Builder method = method(context.methodName(suggestion));
        bindBatch(emitter, method, batch);
        openRows(emitter, rows);
        boolean vector = Vectorizable.test(operand, pixel);
        openPixels(emitter, pixel, vector);
        String place = "offset + (row - firstRow) * stride + (pixelVector - firstPixelVector) * LANES";
        CodeBlock.Builder code = emitter.scope().code();
        if (vector) {
            Value value = masked(emitter, emitter.emitVector(operand), pixel);
            code.addStatement("$L.intoArray(tile, $L)", value.code(), place);
        } else {
            Value value = emitter.emit(operand);
            code.addStatement("tile[$L + lane] = $L", place, precision.narrow(value.code()));
        }
        closePixels(emitter, pixel, vector);
        if (!vector && isRagged(pixel)) {
            emitter.open();
            emitter.scope().code().addStatement("tile[$L + lane] = 0", place);
            emitter.close("for (int lane = Math.max(0, $L - $L); lane < LANES; lane++)", lastExtent(pixel), "column");
        }
        closeVectors(emitter);
        closeRows(emitter);
        return addTile(method).addJavadoc("Produces $L\n", Comments.formula("", operand.toString()))
                .addCode(emitter.scope().code().build()).build();
    }

    private Value masked(ExpressionEmitter emitter, Value value, Index pixel) {
        if (!isRagged(pixel)) {
            return value;
        }
        return new Value("%s.broadcast(SPECIES, 0).blend(%s, SPECIES.indexInRange(column, %d))".formatted(
                context.vectorName(), value.code(), lastExtent(pixel)), Value.Type.VECTOR);
    }

    private boolean isRagged(Index pixel) {
        return lastExtent(pixel) % precision.mostLanes() != 0;
    }

    private static int lastExtent(Index pixel) {
        Grid grid = (Grid) pixel.domain();
        return grid.extent(grid.rank() - 1);
    }

    private void openRows(ExpressionEmitter emitter, List<Index> rows) {
        emitter.open();
        bindFlat(emitter, rows, "row");
    }

    /** Binds indices to the variable {@code flat}, which counts their values, the last index fastest. */
    private static void bindFlat(ExpressionEmitter emitter, List<Index> indices, String flat) {
        if (indices.size() == 1 && !(indices.getFirst().domain() instanceof IntegerDomain range && range.low() != 0)) {
            emitter.bindFinite(indices.getFirst(), flat);
            return;
        }
        String rest = flat;
        for (int k = indices.size() - 1; k >= 0; k--) {
            Index index = indices.get(k);
            int low = index.domain() instanceof IntegerDomain range ? range.low() : 0;
            String variable = emitter.names().fresh(index.name());
            String ordinal = k == 0 ? rest : rest + " % " + index.domain().size();
            emitter.scope().code().addStatement("final int $L = $L", variable, low == 0 ? ordinal : ordinal + " + " + low);
            if (k > 0) {
                String above = emitter.names().fresh("rest");
                emitter.scope().code().addStatement("final int $L = $L / $L", above, rest, index.domain().size());
                rest = above;
            }
            emitter.bindFinite(index, variable);
        }
    }

    private void closeRows(ExpressionEmitter emitter) {
        emitter.close("for (int row = firstRow; row < lastRow; row++)");
    }

    private void openPixels(ExpressionEmitter emitter, Index pixel, boolean vector) {
        Grid grid = (Grid) pixel.domain();
        int last = grid.rank() - 1;
        emitter.open();
        CodeBlock.Builder code = emitter.scope().code();
        code.addStatement("final int line = pixelVector / Math.ceilDiv($L, LANES)", grid.extent(last));
        code.addStatement("final int column = (pixelVector - line * Math.ceilDiv($1L, LANES)) * LANES",
                grid.extent(last));
        String rest = "line";
        for (int c = last - 1; c > 0; c--) {
            String component = emitter.names().fresh(pixel.name() + "_" + (c + 1));
            String above = emitter.names().fresh("above");
            code.addStatement("final int $L = $L % $L", component, rest, grid.extent(c));
            code.addStatement("final int $L = $L / $L", above, rest, grid.extent(c));
            emitter.bindComponent(pixel, c, component);
            rest = above;
        }
        emitter.bindComponent(pixel, 0, rest);
        if (vector) {
            emitter.vectorize(pixel, last, "column");
        } else {
            emitter.open();
            String component = emitter.names().fresh(pixel.name() + "_" + (last + 1));
            emitter.scope().code().addStatement("final int $L = column + lane", component);
            emitter.bindComponent(pixel, last, component);
        }
    }

    private void closePixels(ExpressionEmitter emitter, Index pixel, boolean vector) {
        if (!vector) {
            emitter.close("for (int lane = 0; lane < Math.min(LANES, $L - column); lane++)", lastExtent(pixel));
        }
    }

    private void closeVectors(ExpressionEmitter emitter) {
        emitter.close("for (int pixelVector = firstPixelVector; pixelVector < lastPixelVector; pixelVector++)");
    }

    /** Methods, the first of which is the one to call. */
    List<MethodSpec> chain(ChainedProduct chain) {
        Fold first = chain.first();
        Gram second = chain.second();
        String base = second.target().name();
        Fold.Term term = first.terms().getFirst();
        MethodSpec operand = producer("produce_" + base, List.of(), term.inner(), first.pixel(), term.operand());
        MethodSpec matrix = matrix("coefficients_" + base, first, term);
        MethodSpec epilogue = epilogue(first, Map.of(), Map.of());
        MethodSpec columns = producer("produce_columns_" + base, List.of(), second.columns(), second.pixel(),
                second.right());
        MethodSpec.Builder caller = MethodSpec.methodBuilder(context.methodName("compute_" + base))
                .addModifiers(Modifier.PRIVATE)
                .addJavadoc("$L\n", Comments.formula(first.comment(), first.formula()))
                .addJavadoc("$L\n", Comments.formula(second.comment(), second.formula()));
        ExpressionEmitter emitter = emitter();
        Value scale = emitter.emit(second.scale());
        emitter.scope().code().addStatement("contraction.chain($L, $L, $L, this::$L, this::$L, this::$L, $L, this::$L, $L, $L)",
                Count.of(first.rows()), Count.of(term.inner()), pixelVectors(first.pixel()), matrix.name(),
                operand.name(), epilogue.name(), Count.of(second.columns()), columns.name(), scale.code(),
                context.array(second.target()));
        return List.of(caller.addCode(emitter.scope().code().build()).build(), matrix, operand, epilogue, columns);
    }

    /** Methods, the first of which is the one to call. */
    List<MethodSpec> fold(Fold fold) {
        String base = fold.z().tensor().name();
        Map<Tensor, Storage> parts = new LinkedHashMap<>();
        Map<Tensor, String> fields = new LinkedHashMap<>();
        for (Tensor target : fold.writes()) {
            if (!fold.isDirect(target)) {
                parts.put(target, fold.accumulator(target));
                fields.put(target, context.accumulator("parts_" + target.name()));
            }
        }
        List<MethodSpec> operands = new ArrayList<>();
        List<MethodSpec> matrices = new ArrayList<>();
        for (Fold.Term term : fold.terms()) {
            operands.add(producer("produce_" + base, fold.batch(), term.inner(), fold.pixel(), term.operand()));
            matrices.add(matrix("coefficients_" + base, fold, term));
        }
        MethodSpec epilogue = epilogue(fold, parts, fields);
        MethodSpec.Builder caller = MethodSpec.methodBuilder(context.methodName("fold_" + base))
                .addModifiers(Modifier.PRIVATE).addJavadoc("$L\n", Comments.formula(fold.comment(), fold.formula()));
        long longest = parts.values().stream().mapToLong(Storage::length).sum();
        caller.addStatement("final int pixelVectors = $L", pixelVectors(fold.pixel()));
        caller.addStatement("final int chunks = contraction.chunks(pixelVectors, $LL)", longest);
        fields.forEach((target, field) -> caller.addStatement("$L = $L.cleared($L, chunks, $L, workers)", field,
                context.type(JavaBackend.FOLD_PARTS), field, parts.get(target).length()));
        ExpressionEmitter emitter = emitter();
        List<String> variables = openBatch(emitter, fold.batch());
        emitter.scope().code().addStatement("contraction.reverse($L, $L, pixelVectors, $L, $L, chunks, $L)",
                Count.of(fold.rows()), fold.terms().stream().mapToLong(term -> Count.of(term.inner())).sum(),
                inOrder(JavaBackend.MATRIX_PRODUCER, fold.terms(), matrices, variables),
                inOrder(JavaBackend.PRODUCER, fold.terms(), operands, variables), reference(epilogue, variables));
        fold.batch().reversed().forEach(emitter::closeLoop);
        caller.addCode(emitter.scope().code().build());
        fields.forEach((target, field) -> {
            Storage part = parts.get(target);
            Storage whole = context.storage(target);
            caller.addStatement("$L.fold($L, $L, $L, $L, $L, $L, workers)", context.type(JavaBackend.FOLD_PARTS), field,
                    ints(part.tensor().grid().extents()), part.planes(), ints(part.halo()), context.array(target),
                    ints(whole.halo()));
        });
        List<MethodSpec> methods = new ArrayList<>(List.of(caller.build()));
        methods.addAll(matrices);
        methods.addAll(operands);
        methods.add(epilogue);
        return methods;
    }

    /** The producers of all terms as one: those of the second follow those of the first. */
    private String inOrder(ClassName type, List<Fold.Term> terms, List<MethodSpec> methods, List<String> variables) {
        if (methods.size() == 1) {
            return reference(methods.getFirst(), variables);
        }
        StringBuilder text = new StringBuilder(context.type(type) + ".inOrder(new int[] {");
        text.append(terms.stream().map(term -> String.valueOf(Count.of(term.inner())))
                .collect(java.util.stream.Collectors.joining(", ")));
        text.append("}, ").append(context.type(ClassName.get(List.class))).append(".of(");
        text.append(methods.stream().map(method -> reference(method, variables))
                .collect(java.util.stream.Collectors.joining(", ")));
        return text.append("))").toString();
    }

    /** The coefficients of the reverse contraction, computed while they are packed. */
    private MethodSpec matrix(String suggestion, Fold fold, Fold.Term term) {
        ExpressionEmitter emitter = emitter();
        MethodSpec.Builder method = method(context.methodName(suggestion));
        bindBatch(emitter, method, fold.batch());
        openRows(emitter, fold.rows());
        emitter.open();
        CodeBlock.Builder code = emitter.scope().code();
        bindFlat(emitter, term.inner(), "inner");
        Value value = emitter.emit(term.matrix());
        code.addStatement("tile[offset + (row - firstRow) * stride + inner - firstInner] = $L",
                precision.narrow(value.code()));
        emitter.close("for (int inner = firstInner; inner < lastInner; inner++)");
        closeRows(emitter);
        return method.addParameter(TypeName.INT, "firstRow").addParameter(TypeName.INT, "lastRow")
                .addParameter(TypeName.INT, "firstInner").addParameter(TypeName.INT, "lastInner")
                .addParameter(ArrayTypeName.of(precision.element()), "tile").addParameter(TypeName.INT, "offset")
                .addParameter(TypeName.INT, "stride")
                .addJavadoc("Produces $L\n", Comments.formula("", term.matrix().toString()))
                .addCode(emitter.scope().code().build()).build();
    }

    static CodeBlock ints(List<Integer> numbers) {
        return CodeBlock.of("new int[] {$L}", numbers.stream().map(String::valueOf)
                .collect(java.util.stream.Collectors.joining(", ")));
    }

    private MethodSpec epilogue(Fold fold, Map<Tensor, Storage> parts, Map<Tensor, String> fields) {
        ExpressionEmitter emitter = emitter();
        MethodSpec.Builder method = method(context.methodName("epilogue_" + fold.z().tensor().name()));
        bindBatch(emitter, method, fold.batch());
        method.addParameter(TypeName.INT, "chunk");
        Map<Tensor, String> locals = new LinkedHashMap<>();
        fields.forEach((target, field) -> {
            String local = emitter.names().fresh("accumulator");
            emitter.scope().code().addStatement("final $T[] $L = $L[chunk]", precision.element(), local, field);
            locals.put(target, local);
        });
        boolean vector = fold.contributions().stream().allMatch(contribution ->
                Vectorizable.test(contribution.value(), fold.pixel())
                        && Vectorizable.isContiguous(contribution.subscripts(), contribution.target(), fold.pixel()));
        openRows(emitter, fold.rows());
        openPixels(emitter, fold.pixel(), vector);
        String place = "offset + (row - firstRow) * stride + (pixelVector - firstPixelVector) * LANES";
        CodeBlock.Builder code = emitter.scope().code();
        if (vector) {
            code.addStatement("final $T z = $T.fromArray(SPECIES, tile, $L)", precision.vector(), precision.vector(),
                    place);
            emitter.provide(fold.z(), new Value("z", Value.Type.VECTOR));
        } else {
            code.addStatement("final double z = tile[$L + lane]", place);
            emitter.provide(fold.z(), new Value("z", Value.Type.NUMBER));
        }
        List<Expression> values = fold.contributions().stream().map(Fold.Contribution::value).toList();
        for (Fold.Contribution contribution : fold.contributions()) {
            Tensor target = contribution.target();
            boolean direct = !parts.containsKey(target);
            Storage storage = direct ? context.storage(target) : parts.get(target);
            String address = emitter.address(storage.address(contribution.subscripts()));
            String part = direct ? context.array(target) : locals.get(target);
            if (vector && direct && isRagged(fold.pixel())) {
                // Beyond the end of a row lies what another worker may be writing.
                Value value = emitter.asVector(emitter.emit(contribution.value(), values));
                String mask = emitter.names().fresh("inside");
                code.addStatement("final var $L = SPECIES.indexInRange(column, $L)", mask, lastExtent(fold.pixel()));
                code.addStatement("$1T.fromArray(SPECIES, $2L, $3L, $5L).add($4L).intoArray($2L, $3L, $5L)",
                        precision.vector(), part, address, value.code(), mask);
            } else if (vector) {
                Value value = masked(emitter, emitter.asVector(emitter.emit(contribution.value(), values)),
                        fold.pixel());
                code.addStatement("$1T.fromArray(SPECIES, $2L, $3L).add($4L).intoArray($2L, $3L)", precision.vector(),
                        part, address, value.code());
            } else {
                Value value = emitter.emit(contribution.value(), values);
                code.addStatement("$L[$L] += $L", part, address, precision.narrow(value.code()));
            }
        }
        closePixels(emitter, fold.pixel(), vector);
        closeVectors(emitter);
        closeRows(emitter);
        return addTile(method)
                .addJavadoc("What a finished tile of z adds to $L.\n", fold.writes())
                .addCode(emitter.scope().code().build()).build();
    }
}
