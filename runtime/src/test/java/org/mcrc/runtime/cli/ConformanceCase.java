package org.mcrc.runtime.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.field.NdArray;
import org.mcrc.runtime.field.NumpyFiles;

/** A descriptor with a field and a target, and what an independent program computed of them in double precision. */
public final class ConformanceCase {
    private static final Path CASES = Path.of("../compiler/src/test/resources/org/mcrc/compiler/conformance");

    private final Path folder;
    private final JsonNode expected;
    private final Map<String, double[]> fields = new LinkedHashMap<>();
    private final IndexProgram program;

    private ConformanceCase(Path folder) throws IOException {
        this.folder = folder;
        this.expected = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
        List<Integer> shape = new ArrayList<>();
        for (JsonNode field : expected.get("fields")) {
            NdArray array = NumpyFiles.readArray(folder.resolve("field_" + field.asText() + ".npy"));
            fields.put(field.asText(), array.values());
            for (int extent : array.shape()) {
                shape.add(extent);
            }
        }
        Map<String, Double> params = new HashMap<>();
        int phases = 2;
        for (int i = 0; i < expected.get("options").size(); i += 2) {
            String value = expected.get("options").get(i + 1).asText();
            switch (expected.get("options").get(i).asText()) {
                case "--phases" -> phases = Integer.parseInt(value);
                case "--set" -> params.put(value.split("=")[0], Double.valueOf(value.split("=")[1]));
                default -> throw new IllegalArgumentException(expected.get("options").toString());
            }
        }
        Path file = folder.resolve(name() + ".mcr");
        boolean ownIndices = Files.readString(file).matches("(?s).*\nfield \\w+\\[.*");
        List<Integer> extents = ownIndices ? shape.subList(0, shape.size() - 1) : shape;
        PrintWriter messages = new PrintWriter(new StringWriter());
        this.program = DescriptorLoader.load(file, messages).bind(extents, phases, params, messages).program();
    }

    /** The names of all cases. */
    public static List<String> names() {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.map(each -> each.getFileName().toString()).sorted().toList();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** The case of that name. */
    public static ConformanceCase of(String name) {
        try {
            return new ConformanceCase(CASES.resolve(name));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    public String name() {
        return folder.getFileName().toString();
    }

    /** The program as it was bound. */
    public IndexProgram program() {
        return program;
    }

    /**
     * Evaluates the case twice and compares: what differs by more than the tolerance, relative to the greatest of its kind.
     *
     * @param gradients what the evaluation gives, by field, for whoever wants to compare bits
     */
    public Optional<String> compare(Engine engine, double tolerance, Map<String, double[]> gradients) {
        Map<String, NdArray> targets = NumpyFiles.readArchive(folder.resolve("target.npz"));
        targets.forEach((entry, array) -> engine.setTarget(entry, array.values()));
        fields.forEach((field, values) -> gradients.put(field, new double[values.length]));
        engine.evaluate(fields, gradients);
        Losses losses = engine.evaluate(fields, gradients);
        Optional<String> failure = compare("L", new double[] {expected.get("L").asDouble()},
                new double[] {losses.loss()}, tolerance);
        failure = failure.or(() -> compare("E", new double[] {expected.get("E").asDouble()},
                new double[] {losses.error()}, tolerance));
        for (Map.Entry<String, Double> penalty : losses.penalties().entrySet()) {
            failure = failure.or(() -> compare(penalty.getKey(),
                    new double[] {expected.get("penalties").get(penalty.getKey()).asDouble()},
                    new double[] {penalty.getValue()}, tolerance));
        }
        for (Map.Entry<String, NdArray> output : NumpyFiles.readArchive(folder.resolve("outputs.npz")).entrySet()) {
            failure = failure.or(() -> compare(output.getKey(), output.getValue().values(), engine.values(output.getKey()),
                    tolerance));
        }
        for (Map.Entry<String, double[]> gradient : gradients.entrySet()) {
            Path file = folder.resolve("gradient_" + gradient.getKey() + ".npy");
            failure = failure.or(() -> compare("dL/d" + gradient.getKey(), NumpyFiles.readArray(file).values(),
                    gradient.getValue(), 10 * tolerance));
        }
        return failure;
    }

    private static Optional<String> compare(String what, double[] wanted, double[] actual, double tolerance) {
        double scale = 1e-6;
        for (double value : wanted) {
            scale = Double.isNaN(value) ? scale : Math.max(scale, Math.abs(value));
        }
        for (int k = 0; k < wanted.length; k++) {
            boolean same = Double.isNaN(wanted[k]) ? Double.isNaN(actual[k])
                    : Math.abs(wanted[k] - actual[k]) <= tolerance * scale;
            if (!same) {
                return Optional.of("%s[%d] is %.17g, not %.17g".formatted(what, k, actual[k], wanted[k]));
            }
        }
        return Optional.empty();
    }
}
