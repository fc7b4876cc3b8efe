package org.mcrc.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Microstructure;
import org.mcrc.runtime.field.MicrostructureFiles;
import org.mcrc.runtime.field.NdArray;
import org.mcrc.runtime.field.NumpyFiles;
import org.mcrc.runtime.field.RealFormat;
import org.mcrc.runtime.field.Threshold;
import org.mcrc.runtime.field.sample.Checkerboard;

class ReconstructCommandTest {

    private static final String SOFT_THRESHOLD = """
            descriptor soft
            param P = 4
            field M in [0, 1]
            vectors R = halfwindow(P)
            function f(z) = c1 / (1 + exp(-10 * (z + c2))) + c3
              solve c1 = 1, c2 = -0.7, c3 = 0
              where f(0) = 0, f(1) = 1, f''(0.75) = 0
            let e[x, r: R] = f((M[x] + M[x + r]) / 2)
            output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
            penalty bound = mean[x]((relu(M[x] - 1) + relu(-M[x]))^2) weight 10 * E
            """;

    @TempDir
    private Path folder;

    private Path descriptor;
    private Path board;
    private String out;
    private String err;

    @BeforeEach
    void writeInput() throws IOException {
        descriptor = Files.writeString(folder.resolve("soft.mcr"), SOFT_THRESHOLD);
        board = folder.resolve("board.png");
        MicrostructureFiles.write(board, Checkerboard.sample(Extents.of(8, 8), 2));
    }

    private int run(Object... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        int status = Main.run(new PrintWriter(outText), new PrintWriter(errText),
                Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return status;
    }

    @Test
    void checkerboardComesBackAsATranslationOfItself() throws IOException {
        Path results = folder.resolve("out");
        assertEquals(0, run("reconstruct", descriptor, "--like", board, "--seed", 2, "-o", results), () -> out + err);
        assertTrue(out.startsWith(results.resolve("M.png") + ": exact"), out);
        assertEquals(0, run("compare", board, results.resolve("M.png")));
        JsonNode report = report(results);
        assertEquals(4, report.at("/descriptor/parameters/P").asDouble());
        assertEquals(2, report.at("/inputs").size());
    }

    private static JsonNode report(Path results) throws IOException {
        return new ObjectMapper().readTree(results.resolve("run.json").toFile());
    }

    private static JsonNode result(Path results) throws IOException {
        return report(results).at("/result");
    }

    /** The penalty pulls the field away from the target: |M - 1/2| + 3 (M - 1)^2 is least where M is 5/6. */
    @Test
    void theToleranceIsThatOfWhatIsDelivered() throws IOException {
        Path held = Files.writeString(folder.resolve("held.mcr"), """
                descriptor held
                field M in [0, 2]
                output phi = mean[x](M[x])
                penalty hold = mean[x]((M[x] - 1)^2) weight 3
                """);
        Path target = folder.resolve("target.npz");
        NumpyFiles.writeArchive(target, Map.of("phi@1", NdArray.of(new int[0], new double[] {0.5})), RealFormat.DOUBLE);
        Path start = folder.resolve("start.npy");
        double[] ones = new double[64];
        Arrays.fill(ones, 1);
        NumpyFiles.writeArray(start, NdArray.of(new int[] {8, 8}, ones), RealFormat.DOUBLE);
        for (String optimizer : List.of("lbfgs", "auto")) {
            Path results = folder.resolve(optimizer);
            run("reconstruct", held, "--target", target, "--size", "8x8", "--start", start, "--optimizer", optimizer,
                    "--tolerance", 0.5, "--iterations", 300, "-o", results);
            // 5/6 - 1/2 is two thirds of 1/2.
            assertEquals(2.0 / 3, result(results).at("/relative_error").asDouble(), 1e-3, optimizer);
            assertFalse(result(results).at("/stopped").asText().equals("tolerance"), out);
        }
    }

    @Test
    void soItIsOfRoundedFieldsAndSketches() throws IOException {
        Path disks = folder.resolve("disks.png");
        assertEquals(0, run("sample", "disks", "--size", "16x16", "--radius", 2, "--seed", 1, "-o", disks), () -> err);
        Path results = folder.resolve("out");
        assertEquals(0, run("reconstruct", descriptor, "--like", disks, "--set", "P=3", "--seed", 6, "--sketch", 1,
                "--no-multigrid", "--tolerance", 0.1, "-o", results), () -> out + err);
        assertEquals("tolerance", result(results).at("/stopped").asText());
        assertTrue(result(results).at("/relative_error").asDouble() <= 0.1, result(results)::toString);
    }

    /** At the start no pixel is above one half: nothing is left of it after rounding, and 0 / 0 is no number. */
    @Test
    void aRoundedFieldWithoutADescriptorIsNotTheBest() throws IOException {
        Path ratio = Files.writeString(folder.resolve("ratio.mcr"), """
                descriptor ratio
                field M in [0, 1]
                output phi = mean[x](M[x])
                output q[r: halfwindow(2)] = mean[x](M[x] * M[x + r]) / mean[x](M[x])
                penalty bound = mean[x]((relu(M[x] - 1) + relu(-M[x]))^2) weight 10 * E
                """);
        Path start = folder.resolve("start.npy");
        NumpyFiles.writeArray(start, NdArray.of(new int[] {16, 16}, new Random(1).doubles(256, 0.2, 0.4).toArray()),
                RealFormat.DOUBLE);
        Path disks = folder.resolve("disks.png");
        assertEquals(0, run("sample", "disks", "--size", "16x16", "--radius", 2, "--seed", 1, "-o", disks), () -> err);
        Path results = folder.resolve("out");
        run("reconstruct", ratio, "--like", disks, "--optimizer", "adam", "--start", start, "--iterations", 300, "-o", results);
        assertTrue(result(results).at("/relative_error").asDouble(Double.NaN) < 1, result(results)::toString);
    }

    /** A step of L-BFGS that is too long leads out of the domain of the logarithm. */
    @Test
    void lbfgsTurnsBackWhereTheLossIsNotFinite() throws IOException {
        Path logarithms = Files.writeString(folder.resolve("logarithms.mcr"), """
                descriptor logarithms
                field M in [0, 2]
                output S[r: halfwindow(2)] = mean[x](log(M[x] + 0.01) * log(M[x + r] + 0.01))
                penalty bound = mean[x]((relu(M[x] - 2) + relu(-M[x]))^2) weight 10 * E
                """);
        Path target = folder.resolve("target.npz");
        double[] ones = new double[13];
        Arrays.fill(ones, 1);
        NumpyFiles.writeArchive(target, Map.of("S@1", NdArray.of(new int[] {13}, ones)), RealFormat.DOUBLE);
        Path results = folder.resolve("out");
        run("reconstruct", logarithms, "--target", target, "--size", "8x8", "--optimizer", "lbfgs", "--iterations", 60,
                "-o", results);
        List<String> lines = Files.readAllLines(results.resolve("convergence.csv"));
        int first = 1;
        while (!lines.get(first).contains("NaN")) {
            first++;
        }
        assertTrue(lines.subList(first, lines.size()).stream().anyMatch(line -> !line.contains("NaN")), lines::toString);
    }

    /** Of another size than the image's or not, the field is that of two phases. */
    @Test
    void whetherFieldsAreRoundedDoesNotDependOnTheSize() throws IOException {
        Path open = Files.writeString(folder.resolve("open.mcr"), """
                descriptor open
                field M
                output S[r: halfwindow(2)] = mean[x](M[x] * M[x + r])
                """);
        for (String size : List.of("8x8", "12x12")) {
            Path results = folder.resolve(size);
            run("reconstruct", open, "--like", board, "--size", size, "--iterations", 20, "-o", results);
            JsonNode report = report(results);
            assertEquals("threshold", report.at("/descriptor/rounding/M").asText(), report::toPrettyString);
        }
    }

    @Test
    void levelsAreThoseThatItWasReconstructedOn() throws IOException {
        Path target = folder.resolve("target.npz");
        assertEquals(0, run("sample", "checkerboard", "--size", "64x64", "-o", folder.resolve("large.png")), () -> err);
        assertEquals(0, run("characterize", descriptor, folder.resolve("large.png"), "-o", target), () -> err);
        // The file holds nothing of the coarser level.
        Path results = folder.resolve("out");
        run("reconstruct", descriptor, "--target", target, "--size", "64x64", "--iterations", 1, "-o", results);
        JsonNode report = report(results);
        assertEquals(1, report.at("/settings/levels").asInt(), report::toPrettyString);
    }

    /** The used file's second level is a quarter as large, and the level on which reconstruction could begin a half. */
    @Test
    void valuesOfLevelsOfAnotherSizeAreNotUsed() throws IOException {
        Files.writeString(folder.resolve("quarter.mcr"), """
                descriptor quarter
                field M in [0, 1]
                multigrid coarsest 16 factor 4
                output S[r: halfwindow(2)] = mean[x](M[x] * M[x + r])
                """);
        Path whole = Files.writeString(folder.resolve("whole.mcr"), """
                descriptor whole
                field M in [0, 1]
                use a from "quarter.mcr"
                """);
        Path large = folder.resolve("large.png");
        Path target = folder.resolve("target.npz");
        assertEquals(0, run("sample", "disks", "--size", "64x64", "-o", large), () -> err);
        assertEquals(0, run("characterize", whole, large, "-o", target), () -> err);
        Path results = folder.resolve("out");
        run("reconstruct", whole, "--target", target, "--size", "64x64", "--iterations", 1, "-o", results);
        JsonNode report = report(results);
        assertEquals(1, report.at("/settings/levels").asInt(), report::toPrettyString);
    }

    @Test
    void optionsThatSayNothingAreRefused() {
        assertEquals(2, run("reconstruct", descriptor, "--target", board, "--size", "8x8", "--phase", 1));
        assertTrue(err.contains("--phase is about the image of --like"), err);
        assertEquals(2, run("reconstruct", descriptor, "--like", board, "--seed", Long.MAX_VALUE, "--batch", 2));
        assertTrue(err.contains("--seed 9223372036854775807 and the 1 after it are too large"), err);
    }

    @Test
    void aBatchIsSeveralSeeds() throws IOException {
        Path results = folder.resolve("out");
        assertEquals(0, run("reconstruct", descriptor, "--like", board, "--seed", 2, "--batch", 2, "-o", results),
                () -> out + err);
        List<String> lines = out.lines().toList();
        assertEquals(3, lines.size());
        assertTrue(lines.getFirst().startsWith("seed  ended by  relative error  iterations  seconds  file"), out);
        assertTrue(err.contains("seed 2: exact, ") && err.contains("seed 3: exact, "), err);
        assertEquals(0, run("reconstruct", descriptor, "--like", board, "--seed", 3, "-o", folder.resolve("alone")));
        for (int seed : new int[] {2, 3}) {
            Path file = results.resolve("seed-" + seed).resolve("M.png");
            assertTrue(lines.get(seed - 1).startsWith(seed + "     exact") && lines.get(seed - 1).endsWith(file.toString()));
            JsonNode report = new ObjectMapper().readTree(file.resolveSibling("run.json").toFile());
            assertEquals(seed, report.at("/settings/seed").asLong());
        }
        // A run of a batch is the run that its seed alone is.
        assertEquals(-1, Files.mismatch(results.resolve("seed-3/M.continuous.npy"),
                folder.resolve("alone/M.continuous.npy")));
        assertEquals(2, run("reconstruct", descriptor, "--like", board, "--batch", 0, "-o", results));
        assertTrue(err.contains("--batch is at least 1"), err);
    }

    @Test
    void quasiNewtonStepsReconstructToo() throws IOException {
        Path results = folder.resolve("out");
        assertEquals(0, run("reconstruct", descriptor, "--like", board, "--seed", 2, "--optimizer", "lbfgs", "-o", results),
                () -> out + err);
        assertEquals(0, run("compare", board, results.resolve("M.png")));
        JsonNode settings = new ObjectMapper().readTree(results.resolve("run.json").toFile()).at("/settings");
        assertEquals("lbfgs", settings.at("/optimizer").asText());
        assertEquals(20, settings.at("/history").asInt());
        assertFalse(settings.at("/projected").asBoolean());
        assertTrue(settings.at("/learning_rate").isMissingNode());
        for (String ofAdam : new String[] {"--learning-rate=0.1", "--paper"}) {
            assertEquals(2, run("reconstruct", descriptor, "--like", board, "--optimizer", "lbfgs", ofAdam, "-o", results));
            assertTrue(err.contains("is about Adam"), err);
        }
    }

    @Test
    void byDefaultItBeginsOnACoarserLevelAndComparesSketches() throws IOException {
        Path large = folder.resolve("large.png");
        MicrostructureFiles.write(large, Checkerboard.sample(Extents.of(64, 64), 8));
        Path results = folder.resolve("out");
        assertEquals(0, run("reconstruct", descriptor, "--like", large, "--set", "P=8", "--seed", 2, "-o", results),
                () -> out + err);
        assertTrue(err.contains("32x32 pixels: relative error"), err);
        JsonNode report = report(results);
        assertEquals("auto", report.at("/settings/optimizer").asText());
        assertEquals(16, report.at("/settings/sketch_columns").asInt());
        assertEquals(2, report.at("/settings/levels").asInt());
        assertTrue(report.at("/settings/plateau").isMissingNode());
        assertEquals("coarse", report.at("/result/events/0/kind").asText());
        // A coarser level may have been tried more than once.
        List<String> kinds = report.at("/result/events").findValuesAsText("kind");
        assertEquals("sketch", kinds.stream().filter(kind -> !kind.equals("coarse")).findFirst().orElseThrow());
        // What is written is exact by the descriptor itself, not by a sketch of it.
        Path ofOriginal = folder.resolve("original.npz");
        Path ofResult = folder.resolve("result.npz");
        run("characterize", descriptor, large, "--set", "P=8", "--precision", "double", "-o", ofOriginal);
        run("characterize", descriptor, results.resolve("M.png"), "--set", "P=8", "--precision", "double", "-o", ofResult);
        double[] expected = NumpyFiles.readArchive(ofOriginal).get("S@1").values();
        assertArrayEquals(expected, NumpyFiles.readArchive(ofResult).get("S@1").values(), 1e-9);
    }

    @Test
    void whatAutoDoesCanBeLeftOut() throws IOException {
        Path results = folder.resolve("out");
        assertEquals(0, run("reconstruct", descriptor, "--like", board, "--seed", 2, "--sketch", "off", "--no-multigrid",
                "-o", results), () -> out + err);
        JsonNode settings = new ObjectMapper().readTree(results.resolve("run.json").toFile()).at("/settings");
        assertEquals(0, settings.at("/sketch_columns").asInt());
        assertEquals(1, settings.at("/levels").asInt());
        assertEquals(2, run("reconstruct", descriptor, "--like", board, "--sketch", "64", "-o", results));
        assertTrue(err.contains("at least 256 columns"), err);
        assertEquals(2, run("reconstruct", descriptor, "--like", board, "--sketch", "many", "-o", results));
        assertTrue(err.contains("neither auto nor off nor a number of columns"), err);
        for (String ofAuto : new String[] {"--sketch=16", "--no-multigrid"}) {
            assertEquals(2, run("reconstruct", descriptor, "--like", board, "--optimizer", "adam", ofAuto, "-o", results));
            assertTrue(err.contains("about --optimizer auto"), err);
        }
        assertEquals(2, run("reconstruct", descriptor, "--like", board, "--plateau", "10", "-o", results));
        assertTrue(err.contains("--plateau is about --optimizer adam and lbfgs"), err);
    }

    @Test
    void targetFromAFileIsReconstructedAtTheGivenSize() {
        Path target = folder.resolve("target.npz");
        assertEquals(0, run("characterize", descriptor, board, "-o", target), () -> out + err);
        Path results = folder.resolve("out");
        assertEquals(0, run("reconstruct", descriptor, "--target", target, "--size", "8x8", "--quiet", "-o", results),
                () -> out + err);
        assertEquals("", out + err);
        assertEquals(0, run("compare", board, results.resolve("M.png")));
    }

    /** A volume whose slices are like an image: the image's values, for each axis the same, are the target. */
    @Test
    void aVolumeIsReconstructedFromAnImage() throws IOException {
        Path slices = Files.writeString(folder.resolve("slices.mcr"), """
                descriptor sliced
                field M in [0, 1]
                slices all
                output S[k: 0..2] = mean[x](M[x] * M[x + (0, k)])
                """);
        Path results = folder.resolve("out");
        run("reconstruct", slices, "--like", board, "--size", "8x8x8", "-o", results, "--iterations", 3);
        assertArrayEquals(new int[] {8, 8, 8}, NumpyFiles.readArray(results.resolve("M.npy")).shape());
        Path target = folder.resolve("target.npz");
        assertEquals(0, run("characterize", slices, board, "-o", target, "--precision", "double"));
        run("reconstruct", slices, "--target", target, "--size", "8x8x8", "-o", folder.resolve("by-file"), "--iterations", 3);
        assertEquals(-1, Files.mismatch(results.resolve("M.continuous.npy"), folder.resolve("by-file/M.continuous.npy")));
    }

    /** Here with sketches of 16 columns; what single pixels gain is measured by the descriptor itself. */
    @Test
    void singlePixelsAreChangedAtTheEnd() throws IOException {
        Path disks = folder.resolve("disks.png");
        assertEquals(0, run("sample", "disks", "--size", "16x16", "--radius", "3", "--seed", 3, "-o", disks));
        Path results = folder.resolve("out");
        assertEquals(1, run("reconstruct", descriptor, "--like", disks, "--no-multigrid", "--set", "P=7", "--iterations", 20,
                "-o", results));
        Matcher searched = Pattern.compile("changes of single pixels .* took the relative error from (\\S+) to (\\S+)")
                .matcher(err);
        assertTrue(searched.find(), err);
        double found = Double.parseDouble(searched.group(2));
        assertTrue(found < Double.parseDouble(searched.group(1)), err);
        JsonNode result = new ObjectMapper().readTree(results.resolve("run.json").toFile()).at("/result");
        assertEquals(found, result.at("/relative_error").asDouble(), 0.05 * found);
        assertTrue(result.at("/events").findValuesAsText("kind").contains("pixels"));
    }

    /** What an interrupted run leaves is where the next one begins. */
    @Test
    void aRunBeginsWithAGivenField() throws IOException {
        Path results = folder.resolve("out");
        Path given = folder.resolve("given.npy");
        double[] values = new double[64];
        Arrays.setAll(values, pixel -> 0.2 + 0.6 * ((pixel / 8 / 2 + pixel % 8 / 2) % 2));
        NumpyFiles.writeArray(given, NdArray.of(new int[] {8, 8}, values), RealFormat.DOUBLE);
        assertEquals(0, run("reconstruct", descriptor, "--like", board, "--start", given, "-o", results, "--precision", "double"));
        // A board that is grey comes back as itself, and not as a translation of it.
        assertEquals(MicrostructureFiles.read(board, Threshold.none()),
                MicrostructureFiles.read(results.resolve("M.png"), Threshold.none()));
        JsonNode report = report(results);
        assertEquals("given", report.at("/settings/initialization").asText());
        assertEquals(given.toString(), report.at("/inputs/2/path").asText());

        assertEquals(2, run("reconstruct", descriptor, "--like", board, "--start", results.resolve("M.npy"), "-o", results));
        assertTrue(err.contains("the result would replace"), err);
        assertEquals(2, run("reconstruct", descriptor, "--like", board, "--start", given, "--batch", 2));
        assertTrue(err.contains("leave --start out"), err);
        NumpyFiles.writeArray(given, NdArray.zeros(4, 4), RealFormat.DOUBLE);
        assertEquals(2, run("reconstruct", descriptor, "--like", board, "--start", given, "-o", results));
        assertTrue(err.contains("has the shape (4, 4)"), err);
    }

    @Test
    void aTargetOfAnotherDescriptorOrParamIsSaid() throws IOException {
        Path target = folder.resolve("target.npz");
        assertEquals(0, run("characterize", descriptor, board, "-o", target));
        Path results = folder.resolve("out");
        run("reconstruct", descriptor, "--target", target, "--size", "8x8", "-o", results, "--iterations", 1);
        assertFalse(err.contains("warning"), err);

        Path weighted = Files.writeString(folder.resolve("weighted.mcr"), SOFT_THRESHOLD
                .replace("param P = 4", "param P = 4 param alpha = 10 param lambda = 10")
                .replace("-10 *", "-alpha *").replace("weight 10", "weight lambda"));
        assertEquals(0, run("characterize", weighted, board, "-o", target));
        run("reconstruct", weighted, "--target", target, "--size", "8x8", "-o", results, "--iterations", 1, "--set",
                "lambda=3");
        assertFalse(err.contains("warning"), () -> "no output depends on lambda: " + err);
        run("reconstruct", weighted, "--target", target, "--size", "8x8", "-o", results, "--iterations", 1, "--set", "alpha=3");
        assertTrue(err.contains("warning: " + target + " was characterized with alpha = 10, and here it is 3: the values do not"
                + " mean the same"), err);

        Path other = Files.writeString(folder.resolve("other.mcr"),
                SOFT_THRESHOLD.replace("descriptor soft", "descriptor hard"));
        run("reconstruct", other, "--target", target, "--size", "8x8", "-o", results, "--iterations", 1);
        assertTrue(err.contains("was characterized with the descriptor soft, and this is hard"), err);
        assertEquals(0, run("evaluate", other, "--field", results.resolve("M.continuous.npy"), "--target", target));
        assertTrue(err.contains("was characterized with the descriptor soft, and this is hard"), err);

        // A comment of somebody else's says nothing.
        NumpyFiles.writeArchive(target, NumpyFiles.readArchive(target), RealFormat.SINGLE, "{\"descriptor\":\"other\"}");
        assertEquals(0, run("evaluate", other, "--field", results.resolve("M.continuous.npy"), "--target", target), () -> err);
        assertFalse(err.contains("warning"), err);
    }

    /** The file knows how many phases there were. */
    @Test
    void aTargetBringsItsNumberOfPhases() throws IOException {
        Path three = folder.resolve("three.png");
        MicrostructureFiles.write(three, new Microstructure(Extents.of(2, 3), new int[] {2, 0, 1, 1, 1, 1}, 3));
        Path fractions = Files.writeString(folder.resolve("fractions.mcr"), """
                descriptor fractions
                field I[p: phases] in [0, 1]
                output phi[p: phases] = mean[x](I[x, p])
                """);
        Path target = folder.resolve("target.npz");
        assertEquals(0, run("characterize", fractions, three, "-o", target));
        Path results = folder.resolve("out");
        run("reconstruct", fractions, "--target", target, "--size", "2x3", "-o", results, "--iterations", 30);
        assertEquals(3, new ObjectMapper().readTree(results.resolve("run.json").toFile()).at("/descriptor/phases").asInt());
    }

    @Test
    void ofThreePhasesTheFirstIsReconstructedAndThatIsSaid() throws IOException {
        Path three = folder.resolve("three.png");
        int[] labels = new int[64];
        for (int pixel = 0; pixel < labels.length; pixel++) {
            labels[pixel] = pixel / 8 < 2 ? 1 : pixel % 2 * 2;
        }
        MicrostructureFiles.write(three, new Microstructure(Extents.of(8, 8), labels, 3));
        Path results = folder.resolve("out");
        assertEquals(0, run("reconstruct", descriptor, "--like", three, "--seed", 2, "-o", results), () -> out + err);
        assertTrue(err.startsWith("warning: " + three + " has 3 grey levels"), err);
        assertTrue(err.contains("--phase k"), err);
        assertEquals(16, Arrays.stream(NumpyFiles.readArray(results.resolve("M.npy")).values()).sum());
    }

    @Test
    void inputThatDoesNotFitIsRefusedWithOneMessage() {
        Path target = folder.resolve("target.npz");
        NumpyFiles.writeArchive(target, Map.of("S@1", NdArray.zeros(5, 5)), RealFormat.SINGLE);
        Path results = folder.resolve("out");
        assertEquals(2, run("reconstruct", descriptor, "--target", target, "--size", "8x8", "-o", results));
        assertTrue(err.startsWith("error: " + target
                + " is not a target for soft at 8x8: its S@1 has the shape (5, 5), and here it has (41, 41)"), err);

        assertEquals(2, run("reconstruct", descriptor, "--like", board, "-o", board.resolve("out")));
        assertTrue(err.startsWith("error: cannot write to the folder "), err);

        assertEquals(2, run("reconstruct", descriptor, board, "-o", results));
        assertTrue(err.startsWith("error: '" + board + "' is one argument too many; a microstructure is given with --like"), err);
        assertEquals(2, run("reconstruct", descriptor, "--like", target, "-o", results));
        assertTrue(err.contains("which holds values of a descriptor (--target)"), err);
        assertEquals(2, run("reconstruct", descriptor, "--like", board, "--P", "5"));
        assertTrue(err.startsWith("error: there is no option --P; a param of the descriptor is set with --set P=VALUE"), err);
        assertFalse(Files.exists(results));
    }

    @Test
    void inputIsNotReplacedByTheResult() throws IOException {
        Path input = folder.resolve("M.png");
        Files.copy(board, input);
        byte[] before = Files.readAllBytes(input);
        assertEquals(2, run("reconstruct", descriptor, "--like", input, "-o", folder));
        assertEquals("error: the result would replace " + input + ", which this run reads\n"
                + "  give another folder with -o\n", err);
        assertArrayEquals(before, Files.readAllBytes(input));
    }

    @Test
    void neitherIsWhatTheDescriptorReads() throws IOException {
        Path weights = folder.resolve("M.npy");
        NumpyFiles.writeArray(weights, NdArray.of(new int[] {3}, new double[] {1, 2, 3}), RealFormat.DOUBLE);
        Path weighted = Files.writeString(folder.resolve("weighted.mcr"), """
                descriptor weighted
                field M in [0, 1]
                data w[k: 0..2] from "M.npy"
                output S[k: 0..2] = w[k] * mean[x](M[x] * M[x + (0, k)])
                """);
        byte[] before = Files.readAllBytes(weights);
        assertEquals(2, run("reconstruct", weighted, "--like", board, "-o", folder));
        assertTrue(err.startsWith("error: the result would replace " + weights + ", which this run reads"), err);
        assertArrayEquals(before, Files.readAllBytes(weights));

        Path results = folder.resolve("out");
        run("reconstruct", weighted, "--like", board, "-o", results, "--iterations", 1);
        JsonNode data = new ObjectMapper().readTree(results.resolve("run.json").toFile()).at("/inputs/2");
        assertEquals("data", data.at("/role").asText());
        assertEquals(weights.toString(), data.at("/path").asText());
    }

    /** The number of phases is a fact of the microstructure: both commands have to find the same one. */
    @Test
    void phasesAreCountedAsCharacterizeCountsThem() throws IOException {
        Path three = folder.resolve("three.png");
        MicrostructureFiles.write(three, new Microstructure(Extents.of(2, 3), new int[] {2, 0, 1, 1, 1, 1}, 3));
        Path counted = Files.writeString(folder.resolve("counted.mcr"), """
                descriptor counted
                field M in [0, 1]
                output S = phases * mean[x](M[x])
                """);
        Path values = folder.resolve("values.npz");
        assertEquals(0, run("characterize", counted, three, "-o", values));
        // Phase 1 has four of six pixels.
        assertEquals("S@1  2.0", out.strip());
        Path results = folder.resolve("out");
        run("reconstruct", counted, "--like", three, "-o", results, "--iterations", 1);
        JsonNode report = report(results);
        assertEquals(3, report.at("/descriptor/phases").asInt());
        assertEquals(2.0, report.at("/result/target_norm").asDouble(), 1e-6);
    }

    /** The slope of a root at 0 is infinite: Adam with projection, which a descriptor without penalties gets, ends there. */
    @Test
    void aSlopeThatCeasesToBeFiniteEndsTheRun() throws IOException {
        Path roots = Files.writeString(folder.resolve("roots.mcr"), """
                descriptor roots
                field M in [0, 1]
                vectors R = halfwindow(2)
                output S[r: R] = mean[x](sqrt(M[x] * M[x + r]))
                """);
        Path results = folder.resolve("out");
        assertEquals(1, run("reconstruct", roots, "--like", board, "-o", results, "--no-multigrid"));
        assertTrue(out.contains("not exact: the loss or its gradient ceased to be finite"), out);
        JsonNode result = new ObjectMapper().readTree(results.resolve("run.json").toFile()).at("/result");
        assertEquals("not finite", result.at("/stopped").asText());
        assertTrue(result.at("/iterations").asInt() < 500, "it does not begin again and again");
        assertTrue(Double.isFinite(result.at("/relative_error").asDouble()));
    }

    /** Means over 2x2 pixels of this board are one half everywhere, and the descriptor of that is the logarithm of 0. */
    @Test
    void aCoarserLevelWithoutFiniteValuesIsLeftOut() throws IOException {
        Path fine = folder.resolve("fine.png");
        MicrostructureFiles.write(fine, Checkerboard.sample(Extents.of(64, 64), 1));
        Path edges = Files.writeString(folder.resolve("edges.mcr"), """
                descriptor edges
                field M in [0, 1]
                output S = log(mean[x](abs(M[x + (0, 1)] - M[x])))
                penalty bound = mean[x]((relu(M[x] - 1) + relu(-M[x]))^2) weight 10 * E
                """);
        Path results = folder.resolve("out");
        run("reconstruct", edges, "--like", fine, "-o", results, "--iterations", 20);
        assertTrue(err.contains("32x32 pixels: left out, its loss or the gradient is not a finite number"), err);
        assertTrue(Files.exists(results.resolve("M.png")));
    }

    @Test
    void sizeBeyondTheMemoryIsRefusedWithTheAmount() throws IOException {
        Path mean = Files.writeString(folder.resolve("mean.mcr"), """
                descriptor volume
                field M in [0, 1]
                output phi = mean[x](M[x])
                """);
        Path target = folder.resolve("target.npz");
        NumpyFiles.writeArchive(target, Map.of("phi@1", NdArray.scalar(0.5)), RealFormat.DOUBLE);
        assertEquals(2, run("reconstruct", mean, "--target", target, "--size", "46000x46000", "-o", folder.resolve("out")));
        // 16 arrays of 46000^2 doubles are 270.8 GB.
        assertTrue(err.startsWith("error: reconstructing 46000x46000 pixels with volume would take 270.8 GB of memory"), err);
    }

    @Test
    void processThatIsToldToEndWritesWhatThereIs() throws IOException, InterruptedException {
        Path results = folder.resolve("out");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
                "org.mcrc.runtime.cli.Main", "reconstruct", descriptor.toString(), "--like", board.toString(), "--paper",
                "--learning-rate", "1e-9", "--plateau", "100000000", "--iterations", "100000000", "-o", results.toString())
                .redirectOutput(folder.resolve("summary.txt").toFile()).start();
        try (BufferedReader progress = process.errorReader()) {
            String line = progress.readLine();
            while (line != null && !line.startsWith("iteration 1 ")) {
                line = progress.readLine();
            }
            assertFalse(Files.exists(results.resolve("run.json")));
            process.toHandle().destroy();
            progress.transferTo(Writer.nullWriter());
        }
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals("interrupted", new ObjectMapper().readTree(results.resolve("run.json").toFile())
                .at("/result/stopped").asText());
        assertTrue(Files.exists(results.resolve("M.png")));
        assertTrue(Files.readString(folder.resolve("summary.txt")).startsWith(results.resolve("M.png") + ": interrupted"));
    }
}
