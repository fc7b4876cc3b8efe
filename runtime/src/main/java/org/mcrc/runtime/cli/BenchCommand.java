package org.mcrc.runtime.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.bench.BenchCase;
import org.mcrc.runtime.bench.BenchReport;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.field.Extents;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mcrc bench CASE…}. */
@Command(
        name = "bench",
        description = {
            "Measures one evaluation of loss and gradient on this machine, beside what its processors can do at most (in"
                    + " single precision) and beside other programs: seconds, operations in a second, memory. All"
                    + " measurements take turns in one run.",
            "",
            "A peer is a command that prints one line of JSON with the \"seconds\" of the same evaluation and, if it knows,"
                    + " \"memory_bytes\" and \"flops\". {size}, {rows}, {pixels}, {threads} and the name of any param in"
                    + " braces stand for those of the case. A peer that names a param that a case does not have is left out"
                    + " there, and so is one that fails.",
        },
        footer = {"", "Examples:", "  mcrc bench s2s3.mcr --size 64x64",
            "  mcrc bench s2s3.mcr@64x64,P=15 s2s3.mcr@256x256 variation.mcr@4096x4096",
            "  mcrc bench s2.mcr@512x512,P=255 s2.mcr@512x512,P=255,direct --rounds 1",
            "  mcrc bench s2s3.mcr --peer 's2s3: python3 torch_s2s3.py --size {size} --P {P} --threads {threads}'"})
final class BenchCommand implements Callable<Integer> {
    /** The property in which the launcher says where mcrc is. */
    private static final String HOME = "mcrc.home";

    @Mixin
    private HelpOption help;

    @Parameters(paramLabel = "CASE", arity = "0..*",
            description = "What to measure: FILE[@SIZE][,NAME=VALUE]…[,sketch=K][,direct], a descriptor file (.mcr) with the"
                    + " pixels along each axis and values of params; sketch=K: matrices compared by K random combinations of"
                    + " their columns; direct: with sums also where Fourier transforms would be faster."
                    + " Without any: the cases of descriptors/bench.txt.")
    private List<String> cases = new ArrayList<>();

    @Option(names = "--size", paramLabel = "SIZE", converter = SizeConverter.class, defaultValue = "64x64",
            description = "The size of cases that say none (default: ${DEFAULT-VALUE}).")
    private Extents size;

    @Option(names = "--set", paramLabel = "NAME=VALUE",
            description = "Give a param another value in all cases; may be repeated.")
    private Map<String, Double> settings = new LinkedHashMap<>();

    @Option(names = "--phases", paramLabel = "N", defaultValue = "2",
            description = "The number of phases (default: ${DEFAULT-VALUE}).")
    private int phases;

    @Mixin
    private EngineOptions engine;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3",
            description = "How often the measurements take turns (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "5",
            description = "Evaluations of a case in each round, fewer where they take longer than ten seconds (default:"
                    + " ${DEFAULT-VALUE}).")
    private int repeat;

    @Option(names = "--warm-up", paramLabel = "SECONDS", defaultValue = "2",
            description = "How long each case is evaluated before the first evaluation that counts, and eight times at least,"
                    + " unless these take longer than ten seconds (default: ${DEFAULT-VALUE}).")
    private double warmUp;

    @Option(names = "--peer", paramLabel = "COMMAND",
            description = "A command to measure beside, for the descriptor whose name and a colon stand before it, or for"
                    + " all; may be repeated.")
    private List<String> peers = new ArrayList<>();

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Option(names = "--markdown", description = "Print tables in Markdown.")
    private boolean markdown;

    @Option(names = "--alone", paramLabel = "CASE", hidden = true,
            description = "Be the process that evaluates this case for another bench.")
    private String alone;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter messages = spec.commandLine().getErr();
        if (rounds < 1 || repeat < 1) {
            throw new InputError("--rounds and --repeat are at least 1");
        }
        if (engine.backend() == Backend.EVALUATOR) {
            throw new InputError("bench measures compiled kernels, and the evaluator has none", "say --backend cpu or cuda");
        }
        if (alone != null) {
            BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            BenchServer.serve(BenchCase.parse(alone, size), phases, engine, requests, out, messages);
            return Main.DONE;
        }
        BenchRun run = new BenchRun(phases, engine, rounds, repeat, warmUp,
                peers.stream().map(Peer::parse).toList(), messages);
        BenchReport report = run.measure(cases());
        if (json) {
            out.println(new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report));
        } else {
            BenchTable.print(report, markdown, out);
        }
        out.flush();
        return Main.DONE;
    }

    private List<BenchCase> cases() throws IOException {
        List<BenchCase> parsed = new ArrayList<>();
        for (String text : cases) {
            parsed.add(BenchCase.parse(text, size));
        }
        if (cases.isEmpty()) {
            parsed.addAll(library());
        }
        return parsed.stream().map(each -> each.with(settings)).toList();
    }

    /** The cases of the library: a line each, files relative to the library's folder. */
    private List<BenchCase> library() throws IOException {
        String home = System.getProperty(HOME);
        if (home == null) {
            throw new InputError("there is nothing to measure", "name a case, as s2s3.mcr@64x64,P=31");
        }
        Path folder = Path.of(home, "descriptors");
        List<BenchCase> parsed = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("bench.txt"))) {
            if (!line.isBlank()) {
                BenchCase each = BenchCase.parse(line.strip(), size);
                parsed.add(each.in(shortest(folder.resolve(each.file()))));
            }
        }
        return parsed;
    }

    /** A path as people would write it here. */
    private static Path shortest(Path file) {
        Path here = Path.of("").toAbsolutePath();
        return file.startsWith(here) ? here.relativize(file) : file;
    }

    /** A number with four digits. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
