package org.mcrc.runtime.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Demand;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.AtomicFile;
import org.mcrc.runtime.field.NdArray;
import org.mcrc.runtime.field.NumpyFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mcrc evaluate FILE --field F.npy --target D.npz}. */
@Command(
        name = "evaluate",
        description = {
            "Evaluates the loss of fields: L, the descriptor error E and each penalty.",
            "The fields may leave their ranges, as they do during a reconstruction; by more than the width of these only with"
                    + " --backend evaluator, where the descriptor has exponentials of fields.",
        },
        footer = {"", "Example:",
            "  mcrc evaluate s2.mcr --field M=field.npy --target target.npz --gradient M=gradient.npy"})
final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    private HelpOption help;

    @Mixin
    private DescriptorOptions descriptor;

    @Mixin
    private EngineOptions engine;

    @Option(names = "--field", required = true, paramLabel = "NAME=FILE",
            description = "A field's values (.npy), the axes of the pixels first; one for each field. With one field"
                    + " its name may be left out.")
    private List<String> fields;

    @Option(names = "--target", required = true, paramLabel = "FILE",
            description = "The target values (.npz), as mcrc characterize writes them.")
    private Path target;

    @Option(names = "--gradient", paramLabel = "NAME=FILE",
            description = "Write dL/dfield to this file (.npy); may be repeated.")
    private List<String> gradients = new ArrayList<>();

    @Option(names = "--outputs", paramLabel = "FILE", description = "Write the outputs' values to this file (.npz).")
    private Path outputs;

    @Option(names = "--json", description = "Print one JSON document and nothing else on standard output.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter messages = spec.commandLine().getErr();
        if (outputs != null) {
            NumpyFiles.requireArchiveName(outputs);
        }
        DescriptorLoader loader = DescriptorLoader.load(descriptor.file(), messages);
        Map<String, Path> gradientFiles = FieldArrays.files(gradients, "--gradient", FieldArrays.names(loader));
        List<Path> written = new ArrayList<>(gradientFiles.values());
        if (outputs != null) {
            written.add(outputs);
        }
        AtomicFile.requireWritable(written);
        FieldArrays arrays = FieldArrays.read(fields, loader);
        TargetFile targets = TargetFile.read(target);
        int phases = descriptor.phases().orElseGet(() -> arrays.phases().orElseGet(() -> targets.origin()
                .map(TargetOrigin::phases).orElse(DescriptorOptions.TWO_PHASES)));
        BindResult bound = loader.bind(arrays.extents(), phases, descriptor.settings(), messages);
        targets.warn(TargetOrigin.of(bound, engine.precision()), messages);
        try (Engine evaluated = engine.engine(bound.program(),
                gradientFiles.isEmpty() ? Demand.VALUES : Demand.GRADIENT)) {
            Signature signature = evaluated.signature();
            Map<String, double[]> values = arrays.values(signature);
            if (engine.backend() != Backend.EVALUATOR && arrays.isFarOutside(signature)
                    && Pipeline.needsRanges(bound.program())) {
                throw new InputError("a field is farther outside of its range than that is wide: the exponentials of "
                        + signature.name() + " are taken apart, and are right only up to there",
                        "take --backend evaluator, or declare the field with a range that holds its values");
            }
            Map<String, double[]> compared = targets.values(signature);
            compared.forEach(evaluated::setTarget);
            refuseUnused(targets, signature);
            Map<String, double[]> computed = new LinkedHashMap<>();
            gradientFiles.keySet().forEach(name -> computed.put(name, new double[signature.field(name).size()]));
            Losses losses = evaluated.evaluate(values, computed);
            TargetFile.requireFinite(evaluated, compared);
            warnIfUndefined(losses, messages);
            for (Map.Entry<String, Path> file : gradientFiles.entrySet()) {
                NumpyFiles.writeArray(file.getValue(), NdArray.of(shape(signature.field(file.getKey()).shape()),
                        computed.get(file.getKey())), engine.format());
            }
            if (outputs != null) {
                NumpyFiles.writeArchive(outputs, outputs(evaluated), engine.format());
            }
            out.print(json ? document(losses, signature) : table(losses, signature));
            out.flush();
        }
        return Main.DONE;
    }

    private static void warnIfUndefined(Losses losses, PrintWriter messages) {
        if (!Double.isFinite(losses.loss())) {
            messages.println("warning: the loss is " + losses.loss() + ": with these fields something in the formulas is not"
                    + " defined, as a mean or a maximum over nothing or a division by zero is");
            messages.flush();
        }
    }

    private void refuseUnused(TargetFile targets, Signature signature) {
        List<String> unused = targets.unused(signature);
        if (!unused.isEmpty()) {
            throw new InputError(target + " holds " + String.join(", ", unused) + ", which " + signature.name()
                    + " does not have at this size", "characterize and evaluate with the same descriptor, --set and"
                    + " number of levels");
        }
    }

    /** The outputs' values by their names in files, in order. */
    static Map<String, NdArray> outputs(Engine engine) {
        Map<String, NdArray> values = new LinkedHashMap<>();
        for (Signature.Entry output : engine.signature().outputs()) {
            values.put(output.name(), NdArray.of(shape(output.shape()), engine.values(output.name())));
        }
        return values;
    }

    static int[] shape(List<Integer> extents) {
        return extents.stream().mapToInt(Integer::intValue).toArray();
    }

    private static String document(Losses losses, Signature signature) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
            generator.writeStartObject();
            generator.writeNumberField("L", losses.loss());
            generator.writeNumberField("E", losses.error());
            generator.writeObjectFieldStart("penalties");
            for (String penalty : signature.penalties()) {
                generator.writeNumberField(penalty, losses.penalties().get(penalty));
            }
            generator.writeEndObject();
            generator.writeEndObject();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return text + System.lineSeparator();
    }

    private static String table(Losses losses, Signature signature) {
        Map<String, Double> rows = new LinkedHashMap<>();
        rows.put("L", losses.loss());
        rows.put("E", losses.error());
        signature.penalties().forEach(penalty -> rows.put(penalty, losses.penalties().get(penalty)));
        int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        rows.forEach((name, value) -> text.append(name).append(" ".repeat(width - name.length() + 2)).append(value)
                .append(System.lineSeparator()));
        return text.toString();
    }
}
