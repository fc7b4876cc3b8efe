package org.mcrc.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.Microstructure;
import org.mcrc.runtime.field.MicrostructureFiles;
import org.mcrc.runtime.field.Threshold;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.compare.MicrostructureComparator;
import org.mcrc.runtime.field.sample.Checkerboard;
import org.mcrc.runtime.optimize.AdamSettings;
import org.mcrc.runtime.reconstruct.ReconstructionSettings;
import org.mcrc.runtime.reconstruct.SketchedEngine;
import org.mcrc.runtime.reconstruct.Strategy;
import org.mcrc.runtime.reconstruct.TwoPointEngine;

class ReconstructionJobTest {

    private static final Microstructure BOARD = Checkerboard.sample(Extents.of(8, 8), 2);

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter messages = new StringWriter();

    /** The descriptor of the checkerboard, with values that may be spoilt. */
    private record Board(double spoilt) implements ReconstructionJob.Goal {
        @Override
        public Optional<String> description() {
            return Optional.of("a board");
        }


        @Override
        public SequencedMap<String, double[]> original(Signature signature) {
            SequencedMap<String, double[]> fields = new LinkedHashMap<>();
            fields.put("M", BOARD.indicator(1).values());
            return fields;
        }

        @Override
        public Map<String, double[]> target(Engine engine, SequencedMap<String, double[]> original) {
            engine.characterize(original);
            double[] values = engine.values("S@1").clone();
            values[3] += spoilt;
            return Map.of("S@1", values);
        }

        @Override
        public Optional<Map<String, double[]>> coarser(Engine engine, SequencedMap<String, double[]> original, int levels,
                int factor) {
            return Optional.empty();
        }
    }

    private record TwoPointProblem(Backend backend, Precision precision, int threads) implements Problem {

        @Override
        public Signature signature() {
            return TwoPointEngine.ofField(8, 8, 0, 1).signature();
        }

        @Override
        public Engine engine(Precision wanted) {
            TwoPointEngine engine = TwoPointEngine.ofField(8, 8, 0, 1);
            return wanted == Precision.SINGLE ? engine.inSinglePrecision() : engine;
        }

        @Override
        public Optional<SketchedEngine> sketch() {
            return Optional.empty();
        }
    }

    private ReconstructionJob job(double spoilt, Path folder, int iterations, boolean quiet) {
        return new ReconstructionJob(new TwoPointProblem(Backend.CPU, Precision.SINGLE, 1), List.of(), 2, new Board(spoilt),
                ReconstructionSettings.of(1).withIterations(iterations), new Strategy.Single(AdamSettings.DEFAULT), folder,
                quiet, List.of("reconstruct"), List.of(), new LinkedHashMap<>());
    }

    private int run(ReconstructionJob job) {
        return job.run(new PrintWriter(out), new PrintWriter(messages));
    }

    @Test
    void exactRunWritesATranslationOfTheOriginalAndAnswersZero() throws IOException {
        Path folder = directory.resolve("out");
        assertEquals(0, run(job(0, folder, 2000, false)));
        Microstructure found = MicrostructureFiles.read(folder.resolve("M.png"), Threshold.none());
        assertTrue(MicrostructureComparator.compare(BOARD, found).isSame());
        assertTrue(out.toString().startsWith(folder.resolve("M.png")
                + ": exact: its descriptor is the target's up to rounding errors ("), out.toString());
        assertTrue(messages.toString().startsWith("a board" + System.lineSeparator() + "iteration 1 of at most 2000, loss "),
                messages.toString());
        JsonNode report = new ObjectMapper().readTree(folder.resolve("run.json").toFile());
        assertEquals("exact", report.at("/result/stopped").asText());
        assertTrue(report.at("/result/exact").asBoolean());
        assertEquals("threshold", report.at("/descriptor/rounding/M").asText());
        assertEquals(1e-9, report.at("/settings/exact_bound").asDouble());
        assertEquals("single", report.at("/settings/precision").asText());
        assertEquals(report.at("/result/iterations").asInt() + 1,
                Files.readAllLines(folder.resolve("convergence.csv")).size());
    }

    @Test
    void runThatDoesNotGetThereWritesItsBestAndAnswersOne() throws IOException {
        Path folder = directory.resolve("out");
        assertEquals(1, run(job(0, folder, 5, true)));
        assertEquals(5, new ObjectMapper().readTree(folder.resolve("run.json").toFile()).at("/result/iterations").asInt());
        assertTrue(Files.exists(folder.resolve("M.png")));
        assertEquals("", out.toString() + messages);
    }

    @Test
    void targetThatIsNotFiniteIsRefusedAndNothingIsLost() throws IOException {
        Files.writeString(directory.resolve("M.png"), "of an earlier run");
        InputError error = assertThrows(InputError.class, () -> run(job(Double.NaN, directory, 5, true)));
        assertEquals("the target S@1 is NaN at element 3, where it is compared", error.getMessage());
        assertEquals("of an earlier run", Files.readString(directory.resolve("M.png")));
        try (var files = Files.list(directory)) {
            assertArrayEquals(new Object[] {directory.resolve("M.png")}, files.toArray());
        }
    }

    @Test
    void folderThatCannotBeWrittenIsRefusedBeforeTheRun() throws IOException {
        Path file = Files.writeString(directory.resolve("out"), "");
        InputError error = assertThrows(InputError.class, () -> run(job(0, file, 5, false)));
        assertEquals("cannot write to " + file + ": it is a file, not a folder", error.getMessage());
        assertFalse(messages.toString().contains("iteration"));
    }
}
