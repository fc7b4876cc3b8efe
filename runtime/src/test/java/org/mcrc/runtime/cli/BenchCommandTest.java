package org.mcrc.runtime.cli;

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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.runtime.bench.BenchReport;
import org.mcrc.runtime.bench.MemoryUse;
import org.mcrc.runtime.bench.Timings;
import org.mcrc.runtime.bench.Workload;
import org.mcrc.runtime.engine.cuda.SharedCudaDevice;
import org.mcrc.runtime.report.Versions;

class BenchCommandTest {
    private static final String PAIRS = """
            descriptor pairs
            param P = 4
            field M in [0, 1]
            vectors R = halfwindow(P)
            let e[x, r: R] = M[x] * M[x + r]
            output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
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

    private Path pairs() throws IOException {
        return Files.writeString(folder.resolve("pairs.mcr"), PAIRS);
    }

    @Test
    void casesLimitsAndPeersAreMeasuredTogetherAndTheirQuotientsAgree() throws IOException {
        Path file = pairs();
        assertEquals(0, run("bench", file + "@8x8", file + "@16x8,P=3", "--warm-up", "0", "--rounds", "2", "--repeat", "2", "--json",
                "--peer", "pairs: echo '{\"seconds\": {P}.5, \"memory_bytes\": 3000, \"flops\": 7e9}'",
                "--peer", "echo '{\"seconds\": {nosuchparam}}'",
                "--peer", "other: exit 1"), () -> err);
        assertEquals("", err);
        JsonNode report = new ObjectMapper().readTree(out);
        assertEquals("single", report.get("precision").asText());
        List<String> limits = report.get("limits").findValuesAsText("name");
        // halfwindow(P) has ((2P + 1)^2 + 1) / 2 members: 41 and 25, and each has a product of its own.
        assertEquals(4, limits.size(), limits.toString());
        assertTrue(limits.get(1).contains(" 25 rows") && limits.get(2).contains(" 41 rows"), limits.toString());
        JsonNode cases = report.get("cases");
        assertEquals(2, cases.size());
        assertEquals(file + "@8x8", cases.get(0).get("name").asText());
        assertEquals(file + "@16x8,P=3", cases.get(1).get("name").asText());
        for (JsonNode each : cases) {
            // The multiply-adds, N R (R + 1) forward and 2 N R^2 backward, and less than half as much for the rest.
            double rows = each.get("workload").get("contractionRows").asDouble();
            double pixels = each.get("workload").get("contractionPixels").asDouble();
            double flops = each.get("workload").get("flops").asDouble();
            assertTrue(flops > pixels * rows * (3 * rows + 1) && flops < 1.5 * pixels * rows * (3 * rows + 1), out);
            JsonNode seconds = each.get("timings").get("seconds");
            assertEquals(4, seconds.size());
            double median = each.get("timings").get("seconds").valueStream().mapToDouble(JsonNode::asDouble).sorted()
                    .skip(1).limit(2).average().orElseThrow();
            assertEquals(flops / 1e9 / median, each.get("gflops").asDouble(), 1e-9 * each.get("gflops").asDouble());
            assertEquals(median / each.get("limitSeconds").asDouble(), each.get("ratioToLimit").asDouble(), 1e-9
                    * each.get("ratioToLimit").asDouble());
            assertTrue(List.of("product", "copy").contains(each.get("bound").asText()), out);
            assertTrue(each.get("memory").get("peak").asLong() > each.get("memory").get("heap").asLong(), out);
            assertEquals(1, each.get("peers").size());
            JsonNode peer = each.get("peers").get(0);
            assertEquals(3000, peer.get("bytes").asLong());
            assertEquals(7e9, peer.get("flops").asDouble());
            double peerSeconds = each == cases.get(0) ? 4.5 : 3.5;
            assertEquals(peerSeconds, peer.get("timings").get("seconds").get(0).asDouble());
            assertEquals(peerSeconds / median, peer.get("ratio").asDouble(), 1e-9 * peerSeconds / median);
        }
    }

    @Test
    void aPeerThatFailsIsSaidInOneLineAndLeftOut() throws IOException {
        Path file = pairs();
        assertEquals(0, run("bench", file, "--size", "8x8", "--warm-up", "0", "--rounds", "2", "--repeat", "1", "--markdown",
                "--peer", "echo first >&2; echo 'No module named torch' >&2; exit 3", "--peer", "echo nothing",
                "--peer", "echo '{\"time\": 1}'"), () -> err);
        assertEquals(3, err.lines().count(), err);
        assertTrue(err.contains("ended with exit status 3: No module named torch"), err);
        assertTrue(err.contains("printed no line of JSON"), err);
        assertTrue(err.contains("printed no \"seconds\""), err);
        assertTrue(out.contains("| " + file + "@8x8 | "), out);
        assertFalse(out.contains("echo"), out);
        // Every line of a table has as many columns as its heading.
        List<String> rows = out.lines().filter(line -> line.startsWith("|") && line.contains("pairs.mcr")).toList();
        String heading = out.lines().filter(line -> line.contains("time / limit")).findFirst().orElseThrow();
        rows.forEach(row -> assertEquals(heading.chars().filter(c -> c == '|').count(),
                row.chars().filter(c -> c == '|').count(), row));
    }

    @Test
    void whatCannotBeMeasuredIsTheInputsFault() throws IOException {
        Path file = pairs();
        assertEquals(2, run("bench"));
        assertTrue(err.contains("name a case"), err);
        assertEquals(2, run("bench", "pairs"));
        assertTrue(err.contains("'pairs' is no case to measure"), err);
        assertEquals(2, run("bench", file + "@8"));
        assertTrue(err.contains("'8' is not a size"), err);
        assertEquals(2, run("bench", file + "@8x8,P"));
        assertTrue(err.contains("'P' in"), err);
        assertEquals(2, run("bench", file, "--rounds", "0"));
        assertTrue(err.contains("at least 1"), err);
        assertEquals(2, run("bench", file, "--backend", "evaluator"));
        assertTrue(err.contains("the evaluator has none"), err);
    }

    @Test
    void sketchesAreMeasuredToo() throws IOException {
        // Of products alone, transforms would be faster than contractions.
        Path file = Files.writeString(folder.resolve("soft.mcr"),
                PAIRS.replace("M[x] * M[x + r]", "sigmoid(M[x] * M[x + r])"));
        assertEquals(0, run("bench", file + "@16x16", file + "@16x16,sketch=8", "--warm-up", "0", "--rounds", "1", "--repeat",
                "1", "--json"), () -> err);
        JsonNode cases = new ObjectMapper().readTree(out).get("cases");
        double rows = cases.get(0).get("workload").get("contractionRows").asDouble();
        // Two products forward with 8 columns; backward one, and one of twice as many columns.
        double products = 2 * 5 * 256 * rows * 8;
        double flops = cases.get(1).get("workload").get("flops").asDouble();
        assertTrue(flops > products && flops < 1.7 * products, flops + " and " + products);
        assertTrue(flops < cases.get(0).get("workload").get("flops").asDouble(), out);
        assertEquals(2, run("bench", file + "@16x16,sketch=1000", "--warm-up", "0"));
        assertTrue(err.contains("sketch=1000 could not be measured"), err);
    }

    @Test
    void withoutAGpuTheProcessorsAreMeasuredAndThatIsSaid() throws IOException {
        Assumptions.assumeTrue(SharedCudaDevice.absence().isPresent());
        assertEquals(0, run("bench", pairs(), "--size", "8x8", "--warm-up", "0", "--rounds", "1", "--repeat", "1",
                "--backend", "cuda", "--precision", "mixed", "--json"), () -> err);
        assertEquals(1, err.lines().count(), err);
        assertTrue(err.contains("the CPU computes instead"), err);
        JsonNode report = new ObjectMapper().readTree(out);
        assertTrue(report.get("device").isNull(), out);
        assertEquals("single", report.get("precision").asText());
        assertEquals(0, report.get("cases").get(0).get("memory").get("device").asLong());
    }

    /** A GPU is beside no limits of the processors, and its own memory is what counts. */
    @Test
    void whatAGpuTookIsATableOfItsOwn() {
        Workload workload = new Workload("pairs", Map.of(), 4e9, 0, 2e6, 41, 64);
        BenchReport.Case measured = BenchReport.Case.of("pairs.mcr@8x8", workload, new Timings(List.of(0.5, 0.25, 1.0)), null,
                new MemoryUse(900_000_000, 800_000_000, 850_000_000, 70_000_000), List.of(new BenchReport.PeerResult(
                "torch", new Timings(List.of(2.0)), 4e9, 3_000_000, 4)));
        StringWriter text = new StringWriter();
        BenchTable.print(new BenchReport(Versions.current(), "one GPU", 256, "", 2, "mixed", List.of(), List.of(measured)),
                true, new PrintWriter(text, true));
        List<String> rows = text.toString().lines().filter(line -> line.startsWith("|")).toList();
        assertEquals(List.of("| one evaluation of loss and gradient | median s | least s | Gflop | Gflop/s | bytes | time / mcrc"
                + " | memory on the GPU |", "|---|---:|---:|---:|---:|---:|---:|---:|",
                "| pairs.mcr@8x8 | 0.5000 | 0.2500 | 4.000 | 8.000 | 2.0 MB | 1 | 70.0 MB |",
                "| torch | 2.000 | 2.000 | 4.000 | 2.000 |  | 4.000 | 3.0 MB |"), rows);
        assertTrue(text.toString().startsWith("one GPU; "), text.toString());
    }
}
