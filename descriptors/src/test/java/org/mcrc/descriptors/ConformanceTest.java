package org.mcrc.descriptors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.runtime.cli.Main;
import org.mcrc.runtime.field.NdArray;
import org.mcrc.runtime.field.NumpyFiles;

/**
 * The command {@code evaluate} gives what an independent computation gave. A case is a folder with NAME.mcr, field_*.npy
 * and target.npz, and with outputs.npz, gradient_*.npy and expected.json as they were computed in double precision with
 * NumPy.
 */
class ConformanceTest {
    private static final double RELATIVE = 1e-9;
    private static final double ABSOLUTE = 1e-11;

    /** The cases lie with the compiler, which binds and evaluates them in its own tests. */
    private static final Path CASES = Path.of("../compiler/src/test/resources/org/mcrc/compiler/conformance");

    @TempDir
    private Path folder;

    static List<Path> cases() throws IOException {
        try (Stream<Path> cases = Files.list(CASES)) {
            return cases.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theKernelsGiveTheExpectedValues(Path example) throws IOException {
        requireExpected(example, "cpu");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theEvaluatorGivesTheExpectedValues(Path example) throws IOException {
        requireExpected(example, "evaluator");
    }

    private void requireExpected(Path example, String backend) throws IOException {
        JsonNode expected = new ObjectMapper().readTree(example.resolve("expected.json").toFile());
        List<String> fields = new ArrayList<>();
        expected.get("fields").forEach(field -> fields.add(field.asText()));
        JsonNode printed = evaluate(example, fields, expected.get("options"), backend);

        requireSame(NdArray.scalar(expected.get("L").asDouble()), NdArray.scalar(printed.get("L").asDouble()), "L");
        requireSame(NdArray.scalar(expected.get("E").asDouble()), NdArray.scalar(printed.get("E").asDouble()), "E");
        expected.get("penalties").properties().forEach(penalty -> requireSame(
                NdArray.scalar(penalty.getValue().asDouble()),
                NdArray.scalar(printed.get("penalties").get(penalty.getKey()).asDouble()), penalty.getKey()));
        Map<String, NdArray> outputs = NumpyFiles.readArchive(folder.resolve("outputs.npz"));
        Map<String, NdArray> expectedOutputs = NumpyFiles.readArchive(example.resolve("outputs.npz"));
        assertEquals(expectedOutputs.keySet(), outputs.keySet());
        expectedOutputs.forEach((name, array) -> requireSame(array, outputs.get(name), name));
        for (String field : fields) {
            requireSame(NumpyFiles.readArray(example.resolve("gradient_" + field + ".npy")),
                    NumpyFiles.readArray(folder.resolve(field + ".npy")), "the gradient of " + field);
        }
    }

    private JsonNode evaluate(Path example, List<String> fields, JsonNode options, String backend) throws IOException {
        List<String> command = new ArrayList<>(List.of("evaluate",
                example.resolve(example.getFileName() + ".mcr").toString(),
                "--target", example.resolve("target.npz").toString(),
                "--outputs", folder.resolve("outputs.npz").toString(),
                "--precision", "double", "--backend", backend, "--json"));
        for (String field : fields) {
            command.addAll(List.of("--field", field + "=" + example.resolve("field_" + field + ".npy")));
            command.addAll(List.of("--gradient", field + "=" + folder.resolve(field + ".npy")));
        }
        options.forEach(option -> command.add(option.asText()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(new PrintWriter(out), new PrintWriter(err), command.toArray(String[]::new));
        assertEquals(0, status, err::toString);
        return new ObjectMapper().readTree(out.toString());
    }

    /** Not a number in the same places; elsewhere near, relative to the greatest value. */
    private static void requireSame(NdArray expected, NdArray actual, String what) {
        assertArrayEquals(expected.shape(), actual.shape(), what);
        double[] wanted = expected.values();
        double[] values = actual.values();
        double scale = 0;
        for (double value : wanted) {
            scale = Double.isNaN(value) ? scale : Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < wanted.length; i++) {
            int place = i;
            assertTrue(Double.isNaN(wanted[i]) ? Double.isNaN(values[i])
                            : Math.abs(values[i] - wanted[i]) <= ABSOLUTE + RELATIVE * scale,
                    () -> what + " at " + place + ": " + values[place] + ", expected " + wanted[place]);
        }
    }
}
