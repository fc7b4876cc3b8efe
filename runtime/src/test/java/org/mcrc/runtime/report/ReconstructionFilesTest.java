package org.mcrc.runtime.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.Microstructure;
import org.mcrc.runtime.field.MicrostructureFiles;
import org.mcrc.runtime.field.NdArray;
import org.mcrc.runtime.field.NumpyFiles;
import org.mcrc.runtime.field.Threshold;
import org.mcrc.runtime.optimize.AdamSettings;
import org.mcrc.runtime.reconstruct.DescriptorScale;
import org.mcrc.runtime.reconstruct.Event;
import org.mcrc.runtime.reconstruct.Iteration;
import org.mcrc.runtime.reconstruct.ReconstructionResult;
import org.mcrc.runtime.reconstruct.ReconstructionSettings;
import org.mcrc.runtime.reconstruct.Rounding;
import org.mcrc.runtime.reconstruct.StopReason;
import org.mcrc.runtime.reconstruct.Strategy;

class ReconstructionFilesTest {

    private static final Signature SIGNATURE = new Signature("mixed", List.of(1, 3), 3, List.of(
            new Signature.Field("M", List.of(1, 3), 0, 1, false),
            new Signature.Field("I", List.of(1, 3, 3), 0, 1, true),
            new Signature.Field("angle", List.of(1, 3), -2, 2, false)),
            List.of(), List.of(), List.of("bound", "sum"));

    private static final SequencedMap<String, double[]> ROUNDED = new LinkedHashMap<>();
    private static final SequencedMap<String, double[]> CONTINUOUS = new LinkedHashMap<>();

    static {
        ROUNDED.put("M", new double[] {0, 1, 1});
        ROUNDED.put("I", new double[] {0, 0, 1, 1, 0, 0, 0, 1, 0});
        ROUNDED.put("angle", new double[] {-2, 0, 5});
        CONTINUOUS.put("M", new double[] {0.1, 0.7, 0.9});
        CONTINUOUS.put("I", new double[] {0, 0.1, 0.7, 0.6, 0, 0, 0.1, 1.1, 0});
        CONTINUOUS.put("angle", ROUNDED.get("angle"));
    }

    private static final ReconstructionResult RESULT = new ReconstructionResult(StopReason.ITERATION_LIMIT, false, ROUNDED,
            CONTINUOUS, new Losses(0.25, 0.2, Map.of("bound", 0.05, "sum", 0.0)), OptionalDouble.of(0.3), 0.15, 2,
            List.of(new Iteration(1, 0.5, new Losses(0.4, 0.3, Map.of("bound", 0.1, "sum", 0.0)), OptionalDouble.of(0.5),
                            OptionalDouble.of(0.25)),
                    new Iteration(2, 1.25, new Losses(0.25, 0.2, Map.of("bound", 0.05, "sum", 0.0)),
                            OptionalDouble.empty(), OptionalDouble.empty())),
            List.of(new Event(1, 0.75, Event.Kind.SOFTEN, "softened, number 1")), 1.5, new DescriptorScale(2, 1));

    private final ReconstructionFiles files = new ReconstructionFiles(SIGNATURE, Rounding.of(SIGNATURE));

    @TempDir
    Path directory;

    private RunReport report() {
        SequencedMap<String, Double> parameters = new LinkedHashMap<>();
        parameters.put("P", 31.0);
        SequencedMap<String, String> roundings = new LinkedHashMap<>();
        roundings.put("M", "threshold");
        return new RunReport(List.of("reconstruct", "mixed.mcr"), "2026-01-02T03:04:05+01:00",
                List.of(new InputFile("like", "board.png", 3, "abc")),
                new RunReport.Descriptor("mixed", SIGNATURE.extents(), 3, parameters, roundings),
                RunReport.Settings.of(ReconstructionSettings.of(7), new Strategy.Single(AdamSettings.PAPER), 1e-9, "cpu", "single", 2),
                Versions.current(), RunReport.Result.of(RESULT), files.names());
    }

    @Test
    void everyFileThatIsAnnouncedIsWritten() throws IOException {
        files.write(directory, RESULT, report());
        assertEquals(List.of("M.png", "M.npy", "M.continuous.npy", "I.png", "I.npy", "I.continuous.npy", "angle.png",
                "angle.npy", "convergence.csv", "run.json"), files.names());
        try (var listed = Files.list(directory)) {
            assertEquals(files.names().stream().sorted().toList(),
                    listed.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void microstructuresReadBackFromPicturesAndArrays() {
        files.write(directory, RESULT, report());
        Microstructure two = MicrostructureFiles.read(directory.resolve("M.png"), Threshold.none());
        assertArrayEquals(new int[] {0, 1, 1}, two.labels());
        assertEquals(two, MicrostructureFiles.read(directory.resolve("M.npy"), Threshold.none()));
        Microstructure three = MicrostructureFiles.read(directory.resolve("I.png"), Threshold.none());
        assertArrayEquals(new int[] {2, 0, 1}, three.labels());
        assertEquals(three, MicrostructureFiles.read(directory.resolve("I.npy"), Threshold.none()));
        assertEquals(NdArray.of(new int[] {1, 3}, new double[] {0.1, 0.7, 0.9}),
                NumpyFiles.readArray(directory.resolve("M.continuous.npy")));
        assertEquals(NdArray.of(new int[] {1, 3}, new double[] {-2, 0, 5}),
                NumpyFiles.readArray(directory.resolve("angle.npy")));
    }

    @Test
    void aVolumeReadsBackFromItsPages() {
        Signature signature = new Signature("volume", List.of(2, 1, 2), 3,
                List.of(new Signature.Field("I", List.of(2, 1, 2, 3), 0, 1, true)), List.of(), List.of(), List.of());
        SequencedMap<String, double[]> indicators = new LinkedHashMap<>();
        indicators.put("I", new double[] {0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1});
        ReconstructionFiles volume = new ReconstructionFiles(signature, Rounding.of(signature));
        volume.write(directory, new ReconstructionResult(RESULT.reason(), false, indicators, indicators, RESULT.losses(),
                RESULT.roundedError(), RESULT.relativeError(), 2, RESULT.iterations(), List.of(), 1.5, RESULT.scale()), report());
        assertEquals(List.of("I.png", "I.tif", "I.npy", "I.continuous.npy", "convergence.csv", "run.json"), volume.names());
        Microstructure pages = MicrostructureFiles.read(directory.resolve("I.tif"), Threshold.none());
        assertEquals(List.of(2, 1, 2), pages.extents().values());
        assertArrayEquals(new int[] {2, 0, 1, 2}, pages.labels());
    }

    @Test
    void convergenceHasALineForEachIteration() throws IOException {
        files.write(directory, RESULT, report());
        assertEquals("""
                iteration,seconds,loss,error,bound,sum,rounded_error
                1,0.500000,0.4,0.3,0.1,0.0,0.5
                2,1.250000,0.25,0.2,0.05,0.0,
                """, Files.readString(directory.resolve("convergence.csv")));
    }

    @Test
    void reportHoldsSettingsVersionsInputsAndResult() throws IOException {
        files.write(directory, RESULT, report());
        JsonNode report = new ObjectMapper().readTree(directory.resolve("run.json").toFile());
        assertEquals("mixed.mcr", report.at("/command/1").asText());
        assertEquals("abc", report.at("/inputs/0/sha256").asText());
        assertEquals(31, report.at("/descriptor/parameters/P").asDouble());
        assertEquals(7, report.at("/settings/seed").asLong());
        assertEquals(0.001, report.at("/settings/learning_rate").asDouble());
        assertTrue(report.at("/settings/learning_rate_decay").isMissingNode(), "a constant rate has no decay");
        assertEquals(0.5, report.at("/settings/initial_mean").asDouble());
        assertEquals(Runtime.version().feature(), Integer.parseInt(
                report.at("/versions/java").asText().replaceFirst(".* (\\d+).*", "$1")), report.at("/versions/java").asText());
        assertEquals("iteration limit", report.at("/result/stopped").asText());
        assertEquals(0.15, report.at("/result/relative_error").asDouble());
        assertEquals(2, report.at("/result/iterations").asInt());
        assertEquals(0.05, report.at("/result/penalties/bound").asDouble());
        assertEquals("run.json", report.at("/files/9").asText());
    }

    @Test
    void inputFileCarriesItsHash() throws IOException {
        Path file = Files.writeString(directory.resolve("abc.txt"), "abc");
        // FIPS 180-2, appendix B.1
        assertEquals(new InputFile("like", file.toString(), 3,
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), InputFile.of("like", file));
    }
}
