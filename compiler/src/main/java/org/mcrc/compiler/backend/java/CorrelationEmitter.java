package org.mcrc.compiler.backend.java;

import com.palantir.javapoet.MethodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.kernel.Convolution;
import org.mcrc.compiler.kernel.Correlation;
import org.mcrc.compiler.kernel.Spectrum;
import org.mcrc.compiler.kernel.Storage;
import org.mcrc.compiler.kernel.Transformed;

/** Writes the loops around the runtime's Fourier transforms: over planes, over vectors that are looked up or put in. */
final class CorrelationEmitter {
    private final ClassContext context;

    CorrelationEmitter(ClassContext context) {
        this.context = context;
    }

    /** Methods, the first of which is the one to call. */
    List<MethodSpec> spectrum(Spectrum spectrum) {
        ExpressionEmitter emitter = emitter();
        List<Index> planes = spectrum.planes();
        planes.forEach(emitter::openLoop);
        statement(emitter, "$L.spectrum($L, $L, $L, $L, $L)", context.spectralGrid(spectrum.grid()),
                context.array(spectrum.source()), gridOrigin(emitter, spectrum.source(), planes),
                halo(spectrum.source()), context.array(spectrum.target()),
                address(emitter, spectrum.target(), Spectrum.origin(spectrum.target(), planes)));
        planes.reversed().forEach(emitter::closeLoop);
        return method("transform_" + spectrum.source().name(), "", spectrum.formula(), emitter);
    }

    /** Methods, the first of which is the one to call. */
    List<MethodSpec> correlation(Correlation correlation) {
        ExpressionEmitter emitter = emitter();
        String grid = context.spectralGrid(correlation.grid());
        String product = context.array(correlation.product());
        boolean perElement = correlation.vectors().stream()
                .anyMatch(Expressions.freeIndices(correlation.guard())::contains);
        correlation.batch().forEach(emitter::openLoop);
        String batchGuard = openGuard(emitter, perElement ? Expressions.always() : correlation.guard());
        statement(emitter, "$T.clear($L, workers)", JavaBackend.SPECTRAL_GRID, product);
        correlation.inner().forEach(emitter::openLoop);
        statement(emitter, "$L.addCorrelation($L, $L, $L, $L, $L)", grid, array(correlation.left()),
                origin(emitter, correlation.left()), array(correlation.right()), origin(emitter, correlation.right()), product);
        correlation.inner().reversed().forEach(emitter::closeLoop);
        statement(emitter, "$L.inverse($L)", grid, product);
        correlation.vectors().forEach(emitter::openLoop);
        String elementGuard = openGuard(emitter, perElement ? correlation.guard() : Expressions.always());
        Tensor target = correlation.definition().tensor();
        String place = address(emitter, target, correlation.definition().axes().stream().map(IndexForm::of).toList());
        String value = product + "[" + position(emitter, grid, correlation.shift()) + "]";
        statement(emitter, "$L[$L] = $L", context.array(target), place,
                context.storage(target).exact() ? value : context.precision().narrow(value));
        closeGuard(emitter, elementGuard);
        correlation.vectors().reversed().forEach(emitter::closeLoop);
        closeGuard(emitter, batchGuard);
        correlation.batch().reversed().forEach(emitter::closeLoop);
        return method("compute_" + target.name(), correlation.definition().comment(), correlation.formula(), emitter);
    }

    /** Methods, the first of which is the one to call. */
    List<MethodSpec> convolution(Convolution convolution) {
        ExpressionEmitter emitter = emitter();
        String grid = context.spectralGrid(convolution.grid());
        String image = context.array(convolution.image());
        String product = context.array(convolution.product());
        convolution.batch().forEach(emitter::openLoop);
        statement(emitter, "$T.clear($L, workers)", JavaBackend.SPECTRAL_GRID, product);
        for (Convolution.Image each : convolution.images()) {
            boolean perElement = convolution.vectors(each).stream()
                    .anyMatch(Expressions.freeIndices(convolution.guard())::contains);
            convolution.inner(each).forEach(emitter::openLoop);
            String outerGuard = openGuard(emitter, perElement ? Expressions.always() : convolution.guard());
            statement(emitter, "$T.clear($L, workers)", JavaBackend.SPECTRAL_GRID, image);
            convolution.vectors(each).forEach(emitter::openLoop);
            String elementGuard = openGuard(emitter, perElement ? convolution.guard() : Expressions.always());
            for (Convolution.Term term : each.terms()) {
                String position = position(emitter, grid, term.shift());
                statement(emitter, "$L[$L] += $L", image, position, emitter.emit(term.coefficient()).code());
            }
            closeGuard(emitter, elementGuard);
            convolution.vectors(each).reversed().forEach(emitter::closeLoop);
            statement(emitter, "$L.forward($L, 0)", grid, image);
            statement(emitter, "$L.addCorrelation($L, 0, $L, $L, $L)", grid, image, array(each.array()),
                    origin(emitter, each.array()), product);
            closeGuard(emitter, outerGuard);
            convolution.inner(each).reversed().forEach(emitter::closeLoop);
        }
        Tensor target = convolution.definition().tensor();
        statement(emitter, "$L.inverse($L)", grid, product);
        statement(emitter, "$L.store($L, $L, $L, $L)", grid, product, context.array(target),
                gridOrigin(emitter, target, convolution.batch()), halo(target));
        convolution.batch().reversed().forEach(emitter::closeLoop);
        return method("compute_" + target.name(), convolution.definition().comment(), convolution.formula(), emitter);
    }

    private ExpressionEmitter emitter() {
        return new ExpressionEmitter(context, new Scope(null));
    }

    private static void statement(ExpressionEmitter emitter, String format, Object... arguments) {
        emitter.scope().code().addStatement(format, arguments);
    }

    private List<MethodSpec> method(String name, String comment, String formula, ExpressionEmitter emitter) {
        return List.of(MethodSpec.methodBuilder(context.methodName(name)).addModifiers(Modifier.PRIVATE)
                .addJavadoc("$L\n", Comments.formula(comment, formula)).addCode(emitter.scope().code().build()).build());
    }

    /** Opens a block for the values for which a condition holds; null where it always does. */
    private static String openGuard(ExpressionEmitter emitter, Expression guard) {
        if (Expressions.isAlways(guard)) {
            return null;
        }
        String condition = emitter.emit(guard).code();
        emitter.open();
        return condition;
    }

    private static void closeGuard(ExpressionEmitter emitter, String condition) {
        if (condition != null) {
            emitter.close("if ($L)", condition);
        }
    }

    private String array(Transformed transformed) {
        return context.array(transformed.spectrum().tensor());
    }

    private String origin(ExpressionEmitter emitter, Transformed transformed) {
        return address(emitter, transformed.spectrum().tensor(), transformed.origin());
    }

    private String address(ExpressionEmitter emitter, Tensor tensor, List<List<IndexForm>> subscripts) {
        return emitter.address(context.storage(tensor).address(subscripts));
    }

    /** Where the padded grid of a plane begins. */
    private String gridOrigin(ExpressionEmitter emitter, Tensor tensor, List<Index> planes) {
        Storage storage = context.storage(tensor);
        Storage.Address address = storage.address(Spectrum.origin(tensor, planes));
        return emitter.address(new Storage.Address(address.linear().plus(-storage.origin()), address.lookups()));
    }

    private String position(ExpressionEmitter emitter, String grid, List<IndexForm> shift) {
        List<String> components = new ArrayList<>();
        shift.forEach(form -> components.add(emitter.integer(form)));
        return grid + ".position(" + String.join(", ", components) + ")";
    }

    private String halo(Tensor tensor) {
        return "new int[] {" + context.storage(tensor).halo().stream().map(String::valueOf)
                .collect(Collectors.joining(", ")) + "}";
    }
}
