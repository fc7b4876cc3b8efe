package org.mcrc.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.runtime.field.NdArray;
import org.mcrc.runtime.field.NumpyFiles;
import org.mcrc.runtime.field.RealFormat;

class MainTest {
    private static final String VOLUME = """
            /// Volume fraction.
            descriptor volume
            param target = 1 in [0, 2]
            field M in [0, 1]
            output phi = mean[x](M[x]) weight target
            penalty bound = mean[x](relu(M[x] - 1)^2) weight 3
            loss sse
            """;

    @TempDir
    private Path folder;

    private String out;
    private String err;

    private int run(Object... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        int status = Main.run(new PrintWriter(outText), new PrintWriter(errText),
                Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return status;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Path array(String name, int[] shape, double... values) {
        Path file = folder.resolve(name);
        NumpyFiles.writeArray(file, NdArray.of(shape, values), RealFormat.DOUBLE);
        return file;
    }

    private Path archive(String name, Map<String, NdArray> arrays) {
        Path file = folder.resolve(name);
        NumpyFiles.writeArchive(file, arrays, RealFormat.DOUBLE);
        return file;
    }

    private int evaluate(Path descriptor, Path field, Path target, Object... more) {
        Object[] arguments = {"evaluate", descriptor, "--field", field, "--target", target, "--backend", "evaluator",
            "--precision", "double"};
        Object[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return run(all);
    }

    @Test
    void evaluatePrintsOneJsonDocumentAndWritesGradientAndOutputs() throws IOException {
        Path descriptor = write("volume.mcr", VOLUME);
        // mean 0.75, so E = (0.75 - 0.25)^2; bound = 0.5^2 / 4, weighted by 3.
        Path field = array("m.npy", new int[] {2, 2}, 0, 0.5, 1, 1.5);
        Path target = archive("d.npz", Map.of("phi@1", NdArray.scalar(0.25)));
        Path gradient = folder.resolve("g.npy");
        Path outputs = folder.resolve("o.npz");
        assertEquals(0, evaluate(descriptor, field, target, "--json", "--gradient", "M=" + gradient,
                "--outputs", outputs));
        assertEquals("{\"L\":0.4375,\"E\":0.25,\"penalties\":{\"bound\":0.0625}}" + System.lineSeparator(), out);
        // dE = 2 * 0.5 / 4 at every pixel, dbound = 3 * 2 * 0.5 / 4 at the last.
        assertArrayEquals(new double[] {0.25, 0.25, 0.25, 1.0}, NumpyFiles.readArray(gradient).values(), 1e-15);
        assertEquals(Map.of("phi@1", NdArray.scalar(0.75)), NumpyFiles.readArchive(outputs));
    }

    @Test
    void evaluateWritesAllResultsOrNone() throws IOException {
        Path descriptor = write("volume.mcr", VOLUME);
        Path field = array("m.npy", new int[] {2, 2}, 0, 0.5, 1, 1.5);
        Path target = archive("d.npz", Map.of("phi@1", NdArray.scalar(0.25)));
        Path gradient = folder.resolve("g.npy");
        assertEquals(2, evaluate(descriptor, field, target, "--gradient", "M=" + gradient,
                "--outputs", folder.resolve("missing/o.npz")));
        assertTrue(err.contains("does not exist"), err);
        assertFalse(Files.exists(gradient));
        Path same = folder.resolve("same.npz");
        assertEquals(2, evaluate(descriptor, field, target, "--gradient", "M=" + same,
                "--outputs", folder.resolve("../" + folder.getFileName() + "/same.npz")));
        assertTrue(err.contains("is to be written twice"), err);
        assertFalse(Files.exists(same));
    }

    @Test
    void evaluateRefusesAFieldWithoutPixels() throws IOException {
        Path descriptor = write("volume.mcr", VOLUME);
        Path target = archive("d.npz", Map.of("phi@1", NdArray.scalar(0.25)));
        assertEquals(2, evaluate(descriptor, array("empty.npy", new int[] {0, 8}), target));
        assertTrue(err.contains("(0, 8): it holds no pixel"), err);
    }

    @Test
    void evaluatePrintsATableForPeople() throws IOException {
        Path descriptor = write("volume.mcr", VOLUME);
        Path field = array("m.npy", new int[] {2, 2}, 0, 0.5, 1, 1.5);
        Path target = archive("d.npz", Map.of("phi@1", NdArray.scalar(0.25)));
        assertEquals(0, evaluate(descriptor, field, target, "--set", "target=2"));
        assertEquals("L      1.1875\nE      1.0\nbound  0.0625\n".replace("\n", System.lineSeparator()), out);
    }

    @Test
    void documentationOfEveryNameIsInTheManifestAndExplained() throws IOException {
        Path descriptor = write("documented.mcr", """
                descriptor documented
                /// reach
                param P = 2
                /// indicator of pores
                field M in [0, 1]
                /// half of a window
                vectors R = halfwindow(P)
                /// of pairs,
                /// in two lines
                output S[r: R] = mean[x](M[x] * M[x + r])
                penalty bound = mean[x](relu(-M[x])) weight 2
                """);
        assertEquals(0, run("compile", descriptor, "--size", "8x8", "-o", folder.resolve("compiled")), () -> err);
        JsonNode manifest = new ObjectMapper().readTree(folder.resolve("compiled/documented.json").toFile());
        assertEquals(new ObjectMapper().readTree("{\"M\": \"indicator of pores\", \"P\": \"reach\","
                + " \"R\": \"half of a window\", \"S\": \"of pairs,\\nin two lines\"}"), manifest.get("declarations"));
        assertEquals(0, run("explain", descriptor, "--size", "8x8"), () -> err);
        for (String comment : new String[] {"reach", "indicator of pores", "half of a window", "of pairs, in two lines"}) {
            assertTrue(out.lines().anyMatch(line -> line.endsWith("  " + comment)), out);
        }
    }

    @Test
    void lossThatIsNotDefinedIsSaid() throws IOException {
        Path descriptor = write("part.mcr", "descriptor part\nfield M\noutput a = mean[x | M[x] > 2](M[x])\n");
        Path field = array("m.npy", new int[] {2, 2}, 0, 0.5, 1, 1.5);
        Path target = archive("d.npz", Map.of("a@1", NdArray.scalar(0.25)));
        assertEquals(0, evaluate(descriptor, field, target));
        assertTrue(err.startsWith("warning: the loss is NaN: with these fields something in the formulas is not defined"), err);
        assertEquals(0, evaluate(descriptor, array("n.npy", new int[] {2, 2}, 0, 0.5, 1, 2.5), target));
        assertEquals("", err);
    }

    @Test
    void whatIsTooLargeIsTheUsersToChange() throws IOException {
        Path descriptor = write("far.mcr", "descriptor far\nfield M\nvectors R = {(0, 0), (16000000, 16000000)}\n"
                + "output S[r: R] = mean[x](M[x] * M[x + r])\n");
        assertEquals(2, run("explain", descriptor.toString(), "--size", "16x16"));
        assertTrue(err.startsWith("error: 'M', which is read up to 16000000 pixels beyond its edge, would have"), err);
    }

    /** A loss of rounding errors is not compared relative to itself. */
    @Test
    void gradientOfALossThatIsZeroIsRight() throws IOException {
        Path descriptor = write("flat.mcr", "descriptor flat\nfield M in [0, 1]\n"
                + "output o = mean[x](0.3*tanh(60+20*M[x]))\n");
        assertEquals(0, run("gradcheck", descriptor), () -> out + err);
    }

    @Test
    void everyFaultOfTheInputIsOneMessageAndStatusTwo() throws IOException {
        Path descriptor = write("volume.mcr", VOLUME);
        Path field = array("m.npy", new int[] {2, 2}, 0, 0.5, 1, 1.5);
        Path target = archive("d.npz", Map.of("phi@1", NdArray.scalar(0.25)));

        assertEquals(2, evaluate(descriptor, array("nan.npy", new int[] {2, 2}, 0, 1, Double.NaN, 1), target));
        assertTrue(err.contains("nan.npy holds not-a-number at [1, 0]"), err);

        Path undefined = archive("nan.npz", Map.of("phi@1", NdArray.scalar(Double.NaN)));
        assertEquals(2, evaluate(descriptor, field, undefined));
        assertTrue(err.contains("the target phi@1 is NaN at element 0, where it is compared"), err);

        assertEquals(2, evaluate(descriptor, array("row.npy", new int[] {4}, 0, 1, 0, 1), target));
        assertTrue(err.contains("has the shape (4,)"), err);

        assertEquals(2, evaluate(descriptor, field, archive("s.npz", Map.of("phi@1", NdArray.zeros(3)))));
        assertTrue(err.contains("its phi@1 has the shape (3,), and here it has ()"), err);

        assertEquals(2, evaluate(descriptor, field, archive("q.npz", Map.of("psi@1", NdArray.scalar(1)))));
        assertTrue(err.contains("does not hold phi@1"), err);

        Map<String, NdArray> levels = new LinkedHashMap<>();
        levels.put("phi@1", NdArray.scalar(1));
        levels.put("phi@2", NdArray.scalar(1));
        assertEquals(2, evaluate(descriptor, field, archive("two.npz", levels)));
        assertTrue(err.contains("holds phi@2, which volume does not have"), err);

        assertEquals(2, evaluate(descriptor, field, target, "--set", "targte=2"));
        assertTrue(err.contains("did you mean 'target'?"), err);

        assertEquals(2, evaluate(descriptor, field, target, "--set", "target=7"));
        assertTrue(err.contains("[0, 2]"), err);

        assertEquals(2, evaluate(descriptor, folder.resolve("none.npy"), target));
        assertTrue(err.contains("none.npy does not exist"), err);

        assertEquals(2, evaluate(descriptor, field, target, "--gradient", "N=x.npy"));
        assertTrue(err.contains("there is no field 'N'"), err);

        assertEquals(2, evaluate(folder.resolve("none.mcr"), field, target));
        assertTrue(err.contains("there is no such file"), err);
        assertEquals("", out);
    }

    @Test
    void allErrorsOfADescriptorAreReportedAtOnce() throws IOException {
        Path descriptor = write("broken.mcr", """
                descriptor broken
                param P = 3
                field M in [0, 1]
                vectors R = halfwindw(P)
                let a[x] = M[x] + N[x]
                let b[x] = sqroot(M[x])
                output S[r: R] = mean[x](M[x] * M[x + r)
                output T = mean[x](M[x] * undefined)
                loss l3
                """);
        assertEquals(2, run("check", descriptor));
        assertTrue(err.lines().filter(line -> line.contains(": error:")).count() >= 5, err);
        assertTrue(err.contains("did you mean 'halfwindow'?"), err);
        assertEquals("", out);
    }

    /** The only output is wrong, so that nothing is left to be bound but sets, params and functions. */
    @Test
    void errorsAreReportedAtOnceWhereNoOutputIsLeft() throws IOException {
        Path descriptor = write("broken.mcr", """
                descriptor broken
                param K = 1/0
                param H = 1 in [2, 3]
                field M
                vectors A = halfwindow(-1)
                vectors C = random(99, 1, 1)
                function h(z) = c*0 + z solve c = 1 where h(0) = 1
                output V = sum[r: A](mean[x](h(M[x + r]))) + sum[r: C](mean[x](N[x + r])) * K * H
                """);
        assertEquals(2, run("check", descriptor));
        for (int line : new int[] {2, 3, 5, 6, 7, 8}) {
            assertTrue(err.contains("broken.mcr:" + line + ":"), "line " + line + " of\n" + err);
        }
        assertEquals(6, err.lines().filter(line -> line.contains(": error:")).count(), err);
    }

    /** In three dimensions it has one error only, that its vector has two components: but it was meant for two. */
    @Test
    void errorsAreThoseOfTheDimensionOfTheVectors() throws IOException {
        Path descriptor = write("plane.mcr", """
                descriptor plane
                field M in [0, 1]
                vectors R = halfwindow(1)
                output D[r: R] = S[r + (1, 0)]
                let S[r: R] = mean[x](M[x] * M[x + r])
                output G[r: random(40, 2, 1)] = mean[x](M[x] * M[x + r])
                """);
        assertEquals(2, run("check", descriptor));
        assertTrue(err.contains("r + (1, 0) = (2, -1) is not a member of R, for r = (1, -1)"), err);
        assertTrue(err.contains("halfwindow(2) has 13 members; 40 cannot be chosen from them"), err);
        assertFalse(err.contains("components"), err);
    }

    /** The kernels have one exponential a pixel, clamped: far outside of the range they would be wrong without a word. */
    @Test
    void evaluateRefusesFieldsFarOutsideOfARangeThatKernelsRelyOn() throws IOException {
        Path descriptor = write("soft.mcr", """
                descriptor soft
                field M in [0, 1]
                output S[r: window(4)] = mean[x](sigmoid(10 * ((M[x] + M[x + r]) / 2 - 0.75)))
                """);
        Path target = archive("target.npz", Map.of("S@1", NdArray.of(new int[] {81}, new double[81])));
        double[] values = new double[256];
        values[7] = 1.9;
        assertEquals(0, run("evaluate", descriptor, "--field", array("near.npy", new int[] {16, 16}, values), "--target", target),
                () -> err);
        values[7] = 2.1;
        Path far = array("far.npy", new int[] {16, 16}, values);
        assertEquals(2, run("evaluate", descriptor, "--field", far, "--target", target));
        assertTrue(err.contains("--backend evaluator"), err);
        assertEquals(0, run("evaluate", descriptor, "--field", far, "--target", target, "--backend", "evaluator"), () -> err);
        Path product = write("product.mcr", """
                descriptor product
                field M in [0, 1]
                output S[r: window(4)] = mean[x](M[x] * M[x + r])
                """);
        assertEquals(0, run("evaluate", product, "--field", far, "--target", target), () -> err);
    }

    @Test
    void checkReportsErrorsOfAllKindsAtOnce() throws IOException {
        Path descriptor = write("wrong.mcr", """
                descriptor wrong
                field M in [0, 1]
                vectors R = halfwindw(3)
                vectors W = window(2)
                function g(z) = c * z solve c = 1 where g(0) = 1
                let L[n: 0..3] = n
                output S[a: R] = mean[x](M[x] * M[x + q])
                output T[a: W] = mean[x](M[x] * M[x + a]) weight 1/0
                output U[k: 0..3] = mean[x](M[x]) * L[k + 2]
                output V = mean[x](g(M[x]))
                output X[a: R] = mean[x](M[x] * M[x + a]) weight 1/0
                output Y = mean[x](M[x] M[x])
                output Z = mean[x](M[x])
                """);
        assertEquals(2, run("check", descriptor));
        String start = descriptor + ":";
        assertEquals(List.of("3:13", "5:29", "7:39", "8:50", "9:39", "12:23"), err.lines()
                .filter(line -> line.startsWith(start) && line.contains(": error:"))
                .map(line -> line.substring(start.length(), line.indexOf(": error:"))).toList(), err);
    }

    @Test
    void checkGoesOnAfterAFileWithErrors() throws IOException {
        Path wrong = write("wrong.mcr", "descriptor wrong\nfield M\noutput a = mean[x](N[x])\n");
        Path right = write("volume.mcr", VOLUME);
        assertEquals(2, run("check", wrong, right));
        assertTrue(err.contains(wrong + ":3:20: error:"), err);
        assertEquals(right + ": right" + System.lineSeparator(), out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuchcommand", "evaluate", "check", "check --nosuchoption x.mcr",
        "gradcheck --seed x y.mcr", "explain a.mcr b.mcr", "explain a.mcr --size 64"})
    void wrongUsageIsStatusTwoWithAHint(String line) {
        assertEquals(2, run((Object[]) line.split(" ")));
        assertTrue(err.startsWith("error: "), err);
        assertEquals("", out);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "compile a.mcr --set Q | --set takes NAME=VALUE: there is no '=' in 'Q'",
        "compile a.mcr --set P=x | --set takes a number, and 'x' is none",
        "compile a.mcr --phases 2.5 | --phases takes an integer, and '2.5' is none",
        "compile a.mcr --phases 99999999999 | --phases takes an integer, and '99999999999' is too large",
        "reconstruct a.mcr --optimizer sgd | --optimizer does not take 'sgd'; it takes one of auto, adam, lbfgs"})
    void wrongValuesAreNamedWithTheirOption(String line, String message) {
        assertEquals(2, run((Object[]) line.split(" ")));
        assertEquals("error: " + message, err.lines().findFirst().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "characterise a | there is no command 'characterise' | did you mean 'characterize'?",
        "sample disk | there is no command 'sample disk' | did you mean 'sample disks'?",
        "explain --sett=P a.mcr | there is no option --sett | did you mean '--set'?",
        "sample disks | --size SIZE is missing | mcrc sample disks --help shows what it takes",
        "compare a | B is missing | mcrc compare --help shows what it takes",
        "explain a.mcr --size | --size takes SIZE, which is missing | mcrc explain --help shows what it takes"})
    void whatWasMeantIsProposed(String line, String message, String hint) {
        assertEquals(2, run((Object[]) line.split(" ")));
        assertEquals(List.of("error: " + message, "  " + hint), err.lines().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "check", "explain", "gradcheck", "characterize", "evaluate", "compare", "sample"})
    void everyCommandHasHelpWithAnExample(String command) {
        Object[] arguments = command.isEmpty() ? new Object[] {"--help"} : new Object[] {command, "--help"};
        assertEquals(0, run(arguments));
        assertTrue(out.contains("Example:"), out);
        assertEquals("", err);
    }

    @Test
    void gradcheckPassesForAnHonestDescriptor() throws IOException {
        assertEquals(0, run("gradcheck", write("volume.mcr", VOLUME), "--backend", "evaluator"));
        assertTrue(out.contains("right: the largest relative error is"), out);
        assertFalse(out.contains("WRONG"), out);
    }

    @Test
    void gradcheckAnswersNoWhereTheLossIsNotDefined() throws IOException {
        Path descriptor = write("log.mcr",
                "descriptor logarithm\nfield M in [0, 1]\noutput a = mean[x](log(M[x] - 0.5))\n");
        assertEquals(1, run("gradcheck", descriptor, "--backend", "evaluator"));
        assertTrue(out.contains("WRONG"), out);
    }

    @Test
    void gradcheckTriesOtherNumbersOfPhasesAtAGivenSizeToo() throws IOException {
        Path descriptor = write("two.mcr", """
                descriptor two
                field I[p: phases]
                let w[k: 0..1] = k + 1
                output S[p: phases] = mean[x](I[x, p]^2) * w[p]
                """);
        assertEquals(0, run("gradcheck", descriptor, "--size", "6x5"), () -> err);
        assertEquals(2, run("gradcheck", descriptor, "--size", "6x5", "--phases", "3"));
        assertTrue(err.contains("p = 2 is not a member of 0..1"), err);
    }

    @Test
    void gradcheckShrinksLengthsAndSaysSo() throws IOException {
        Path descriptor = write("s2.mcr", """
                descriptor s2
                param P = 31
                field M in [0, 1]
                vectors R = halfwindow(P)
                output S[r: R] = mean[x](M[x] * M[x + r])
                """);
        assertEquals(0, run("gradcheck", descriptor, "--backend", "evaluator"));
        assertTrue(out.startsWith("s2 at 12x10 with P=2 instead of 31, evaluator, seed 1"), out);
        assertEquals(0, run("gradcheck", descriptor, "--backend", "evaluator", "--set", "P=1", "--size", "5x4"));
        assertTrue(out.startsWith("s2 at 5x4, evaluator, seed 1"), out);
    }

    @Test
    void explainSaysWhatWasInferred() throws IOException {
        Path descriptor = write("s2.mcr", """
                /// Two-point correlation.
                descriptor s2
                param P = 2
                field M in [0, 1]
                vectors R = halfwindow(P)
                multigrid coarsest 8
                output S[r: R] = mean[x](M[x] * M[x + r])
                """);
        assertEquals(0, run("explain", descriptor, "--size", "16x32"));
        assertTrue(out.startsWith("s2 at 16x32, 2 phases"), out);
        assertTrue(out.contains("13 vectors of 2 components"), out);
        assertTrue(out.contains("S@2  (13,)"), out);
        assertTrue(out.contains("2  8x16"), out);
    }

    @Test
    void explainSaysWhatASketchSaves() throws IOException {
        Path descriptor = write("triples.mcr", """
                descriptor triples
                field M in [0, 1]
                vectors R = halfwindow(8)
                let e[x, r: R] = sigmoid(3 * (M[x] + M[x + r]) - 4)
                output T[a: R, b: R] = mean[x](e[x, a] * e[x, b])
                """);
        assertEquals(0, run("explain", descriptor, "--size", "32x32"));
        assertTrue(out.contains("contraction, symmetric"), out);
        assertTrue(out.contains("a sketch of 16 columns: "), out);
        assertEquals(0, run("explain", descriptor, "--size", "32x32", "--sketch", "32"));
        assertFalse(out.contains("contraction, symmetric"), out);
        assertTrue(out.contains("a sketch of 32 columns: "), out);
        assertEquals(2, run("explain", descriptor, "--size", "32x32", "--sketch", "64"));
        assertTrue(err.contains("of at least 256 columns"), err);
    }

    @Test
    void characterizeWritesWhatEvaluateTakesForATarget() throws IOException {
        Path descriptor = write("volume.mcr", VOLUME);
        Path image = array("image.npy", new int[] {2, 4}, 0, 1, 1, 1, 0, 1, 0, 0);
        Path target = folder.resolve("t.npz");
        assertEquals(0, run("characterize", descriptor, image, "-o", target, "--backend", "evaluator",
                "--precision", "double"));
        assertEquals("phi@1  0.5" + System.lineSeparator(), out);
        assertEquals(0, evaluate(descriptor, image, target, "--json"));
        assertTrue(out.startsWith("{\"L\":0.0,\"E\":0.0"), out);
    }

    @Test
    void severalArraysAreNotWrittenIntoAFileOfOne() throws IOException {
        Path image = array("image.npy", new int[] {2, 4}, 0, 1, 1, 1, 0, 1, 0, 0);
        assertEquals(2, run("characterize", write("volume.mcr", VOLUME), image, "-o", folder.resolve("t.npy")));
        assertTrue(err.contains("name it .npz"), err);
        assertFalse(Files.exists(folder.resolve("t.npy")));
    }

    /** What a file asks of extents, rank and phases is a fact of the microstructure: such a file is right. */
    @Test
    void sizesAreTriedAsTheFileAsksForThem() throws IOException {
        Path thirds = write("thirds.mcr", """
                descriptor thirds
                field M
                let H[x] = mean[d: box(3)](M[3*x + d])
                let G[x] = mean[d: box(5)](H[5*x + d])
                output b = mean[x](G[x] * H[5*x])
                """);
        assertEquals(0, run("check", thirds), () -> err);
        assertEquals(0, run("explain", thirds), () -> err);
        // 15 divides these, and 16 or 32 it does not.
        assertTrue(out.startsWith("thirds at 30x30, 2 phases"), out);
        assertEquals(0, run("gradcheck", thirds), () -> out + err);

        Path volume = write("volumes.mcr", """
                descriptor volumes
                field M rank 3
                let H[x] = mean[d: box(3)](M[3*x + d])
                output b = mean[x](H[x]^2)
                """);
        assertEquals(0, run("check", volume), () -> err);

        Path third = write("third.mcr", """
                descriptor third
                field I[p: phases]
                output b = mean[x](I[x, 2])
                """);
        assertEquals(0, run("check", third), () -> err);
        assertEquals(0, run("explain", third), () -> err);
        assertTrue(out.contains(", 3 phases"), out);
        assertEquals(2, run("explain", third, "--phases", "2"));
        assertTrue(err.contains("2 is not a member of 0..1"), err);
    }

    /** Beside its pole, the derivative of this function is ten thousand times what it is elsewhere. */
    @Test
    void steepGradientsAreRight() throws IOException {
        Path steep = write("steep.mcr", """
                descriptor steep
                field M in [0, 1]
                output b = mean[x](1 / (M[x] + 0.00001))
                """);
        for (int seed = 1; seed <= 3; seed++) {
            assertEquals(0, run("gradcheck", steep, "--seed", seed), () -> out);
        }
    }

    @Test
    void ofSeveralPhasesAFieldIsTheFirstOrTheChosenOne() throws IOException {
        Path descriptor = write("volume.mcr", VOLUME);
        Path three = array("three.npy", new int[] {2, 3}, 0, 1, 2, 1, 1, 2);
        assertEquals(0, run("characterize", descriptor, three, "--backend", "evaluator"));
        assertTrue(out.startsWith("phi@1  0.5"), out);
        assertTrue(err.startsWith("warning: ") && err.contains("--phase k takes another one"), err);
        assertEquals(0, run("characterize", descriptor, three, "--phase", "2", "--backend", "evaluator"));
        assertTrue(out.startsWith("phi@1  0.333"), out);
        assertEquals("", err);
    }

    @Test
    void characterizeRefusesWhatIsNoMicrostructureForTheDescriptor() throws IOException {
        Path descriptor = write("volume.mcr", VOLUME);
        Path text = write("text.png", "not an image");
        assertEquals(2, run("characterize", descriptor, text));
        assertTrue(err.contains("is not an image but text"), err);
        assertEquals(2, run("characterize", descriptor, "--field", array("m.npy", new int[] {1, 2}, 0, 1.5)));
        assertTrue(err.contains("outside of the range"), err);
        assertEquals(2, run("characterize", descriptor));
        assertTrue(err.contains("nothing to characterize"), err);
    }

    @Test
    void anImageIsTheSliceOfAVolumePerpendicularToEveryAxis() throws IOException {
        Path slices = write("slices.mcr", """
                descriptor planes
                field M in [0, 1]
                slices all
                multigrid coarsest 4
                vectors R = {(0, 0), (0, 1), (1, 0)}
                output S[r: R] = mean[x](M[x] * M[x + r])
                """);
        Path plain = write("plain.mcr", Files.readString(slices).replace("slices all\n", ""));
        double[] pixels = new double[64];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (i * 7 % 11) % 2;
        }
        Path image = array("image.npy", new int[] {8, 8}, pixels);
        Path ofSlices = folder.resolve("slices.npz");
        Path ofPlane = folder.resolve("plain.npz");
        for (Object[] job : new Object[][] {{slices, ofSlices}, {plain, ofPlane}}) {
            assertEquals(0, run("characterize", job[0], image, "-o", job[1], "--backend", "evaluator",
                    "--precision", "double"), () -> err);
        }
        Map<String, NdArray> expected = NumpyFiles.readArchive(ofPlane);
        Map<String, NdArray> values = NumpyFiles.readArchive(ofSlices);
        assertEquals(6, values.size());
        values.forEach((name, array) -> assertArrayEquals(
                expected.get(name.substring(0, name.indexOf('.'))).values(), array.values(), 1e-15, name));
    }

    @Test
    void anUnexpectedFailureIsStatusThreeAndSaysWhereItIsWritten() {
        StringWriter text = new StringWriter();
        CrashReport.print(new IllegalStateException("the sky fell"), true, new PrintWriter(text, true));
        assertTrue(text.toString().startsWith("sorry, this is a defect of mcrc: the sky fell"), text.toString());
        assertTrue(text.toString().contains("MainTest.java"), text.toString());
    }
}
