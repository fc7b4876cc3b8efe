package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Demand;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.Microstructure;
import org.mcrc.runtime.field.MicrostructureFiles;
import org.mcrc.runtime.field.NdArray;
import org.mcrc.runtime.field.NumpyFiles;
import org.mcrc.runtime.field.Threshold;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mcrc characterize FILE IMAGE}. */
@Command(
        name = "characterize",
        description = {
            "Computes the descriptor of a microstructure. With -o its values are written, as a target for reconstruct"
                    + " and evaluate; reports and values that are single numbers are printed.",
            "Fields of real numbers, and several fields, are given as arrays with --field instead of IMAGE.",
        },
        footer = {"", "Example:", "  mcrc characterize s2s3.mcr board.png -o target.npz"})
final class CharacterizeCommand implements Callable<Integer> {
    /** Arrays with more values are not printed. */
    private static final int MOST_SHOWN = 8;

    @Mixin
    private HelpOption help;

    @Mixin
    private DescriptorOptions descriptor;

    @Mixin
    private EngineOptions engine;

    @Parameters(index = "1", arity = "0..1", paramLabel = "IMAGE",
            description = "The microstructure: .png, .tif, .bmp or .npy.")
    private Path image;

    @Option(names = "--field", paramLabel = "NAME=FILE",
            description = "A field's values (.npy) instead of IMAGE; one for each field.")
    private List<String> fields = new ArrayList<>();

    @Option(names = "--phase", paramLabel = "K",
            description = "The phase whose indicator the field is, if it is no field of all phases (default: 1).")
    private Integer phase;

    @Option(names = "--threshold", paramLabel = "LEVEL", converter = ThresholdConverter.class,
            description = "Pixels above this grey level are phase 1, the others phase 0; otsu finds the level.")
    private Threshold threshold = Threshold.none();

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Write the values to this file (.npz).")
    private Path output;

    @Spec
    private CommandSpec spec;

    /** The values of all outputs and reports by their names, and what computed them. */
    private record Characterized(Map<String, NdArray> outputs, Map<String, NdArray> reports, TargetOrigin origin) {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter messages = spec.commandLine().getErr();
        if ((image == null) == fields.isEmpty()) {
            throw new InputError(
                    image == null ? "there is nothing to characterize" : "IMAGE and --field exclude each other",
                    "give an IMAGE, or each field with --field NAME=FILE.npy");
        }
        if (output != null) {
            NumpyFiles.requireArchiveName(output);
        }
        DescriptorLoader loader = DescriptorLoader.load(descriptor.file(), messages);
        Characterized values = image == null ? ofArrays(loader, messages) : ofImage(loader, messages);
        if (output != null) {
            NumpyFiles.writeArchive(output, values.outputs(), engine.format(), values.origin().text());
        }
        List<List<String>> rows = new ArrayList<>();
        values.outputs().forEach((name, array) -> rows.add(row(name, array)));
        values.reports().forEach((name, array) -> rows.add(row(name, array)));
        Table.print(out, rows, "");
        out.flush();
        return Main.DONE;
    }

    private static List<String> row(String name, NdArray array) {
        return List.of(name, array.rank() == 0 ? String.valueOf(array.values()[0])
                : array.size() <= MOST_SHOWN ? Arrays.toString(array.values()) : array.shapeText());
    }

    private Characterized ofArrays(DescriptorLoader loader, PrintWriter messages) {
        FieldArrays arrays = FieldArrays.read(fields, loader);
        int phases = descriptor.phases().orElse(arrays.phases().orElse(DescriptorOptions.TWO_PHASES));
        BindResult binding = loader.bind(arrays.extents(), phases, descriptor.settings(), messages);
        try (Engine bound = engine.engine(binding.program(), Demand.VALUES)) {
            Map<String, double[]> values = arrays.values(bound.signature());
            arrays.requireInRange(bound.signature());
            bound.characterize(values);
            return characterized(bound, TargetOrigin.of(binding, engine.precision()));
        }
    }

    private Characterized ofImage(DescriptorLoader loader, PrintWriter messages) {
        Microstructure microstructure = MicrostructureFiles.read(image, threshold);
        BindResult binding = loader.bind(microstructure.extents().values(), descriptor.phases(microstructure),
                descriptor.settings(), messages);
        try (Engine bound = engine.engine(binding.program(), Demand.VALUES)) {
            OptionalInt chosen = phase == null ? OptionalInt.empty() : OptionalInt.of(phase);
            MicrostructureFields.warn(bound.signature(), microstructure, image.toString(), chosen, messages);
            bound.characterize(MicrostructureFields.of(bound.signature(), microstructure, image.toString(), chosen));
            if (Arrays.stream(microstructure.labels()).distinct().count() == 1) {
                messages.println("warning: there is nothing to see in " + MicrostructureFields.description(microstructure,
                        image.toString()));
                messages.flush();
            }
            return characterized(bound, TargetOrigin.of(binding, engine.precision()));
        }
    }

    private static Characterized characterized(Engine engine, TargetOrigin origin) {
        Map<String, NdArray> reports = new LinkedHashMap<>();
        for (Signature.Entry report : engine.signature().reports()) {
            reports.put(report.name(), NdArray.of(EvaluateCommand.shape(report.shape()), engine.values(report.name())));
        }
        return new Characterized(EvaluateCommand.outputs(engine), reports, origin);
    }
}
