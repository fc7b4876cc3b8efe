package org.mcrc.compiler.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;

/**
 * Bound programs against an independent float64 computation of the same descriptors (NumPy): outputs, E, L and penalties.
 */
class ConformanceTest {
    private static final Path CASES = Path.of("src/test/resources/org/mcrc/compiler/conformance");
    private static final double RELATIVE = 1e-9;
    private static final double ABSOLUTE = 1e-11;

    static Stream<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void evaluatesAsComputedIndependently(String name) throws IOException {
        Path folder = CASES.resolve(name);
        JsonNode expected = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
        Map<String, double[]> fields = new HashMap<>();
        List<Integer> shape = new ArrayList<>();
        for (JsonNode field : expected.get("fields")) {
            NumpyFile array = NumpyFile.read(folder.resolve("field_" + field.asText() + ".npy"));
            fields.put(field.asText(), array.values());
            shape.addAll(array.shape());
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
        boolean ownIndices = Files.readString(folder.resolve(name + ".mcr")).matches("(?s).*\nfield \\w+\\[.*");
        List<Integer> extents = ownIndices ? shape.subList(0, shape.size() - 1) : shape;
        IndexProgram program = Bound.file(folder.resolve(name + ".mcr"), extents, phases, params).program();
        Map<String, double[]> targets = new HashMap<>();
        NumpyFile.readAll(folder.resolve("target.npz")).forEach((entry, array) -> targets.put(entry + "*", array.values()));
        Map<String, double[]> values = new Evaluator(program).evaluate(fields, targets);

        Map<String, NumpyFile> outputs = NumpyFile.readAll(folder.resolve("outputs.npz"));
        assertEquals(outputs.keySet().stream().sorted().toList(),
                program.outputs().stream().map(IndexProgram.Output::entry).sorted().toList());
        for (IndexProgram.Output output : program.outputs()) {
            assertEquals(outputs.get(output.entry()).shape(),
                    output.value().axes().stream().map(axis -> axis.size()).toList());
            assertClose(outputs.get(output.entry()).values(), values.get(output.value().name()), output.entry());
        }
        assertClose(new double[] {expected.get("E").asDouble()}, values.get(program.error().name()), "E");
        assertClose(new double[] {expected.get("L").asDouble()}, values.get(program.loss().name()), "L");
        assertEquals(expected.get("penalties").size(), program.penalties().size());
        for (IndexProgram.Penalty penalty : program.penalties()) {
            assertClose(new double[] {expected.get("penalties").get(penalty.name()).asDouble()},
                    values.get(penalty.value().name()), penalty.name());
        }
    }

    private static void assertClose(double[] expected, double[] actual, String what) {
        assertEquals(expected.length, actual.length, what);
        double scale = 0;
        for (double value : expected) {
            scale = Double.isNaN(value) ? scale : Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(Double.isNaN(expected[i]), Double.isNaN(actual[i]), what + " " + i);
            if (!Double.isNaN(expected[i])) {
                assertTrue(Math.abs(expected[i] - actual[i]) <= ABSOLUTE + RELATIVE * scale,
                        what + " " + i + ": " + actual[i] + ", expected " + expected[i]);
            }
        }
    }
}
