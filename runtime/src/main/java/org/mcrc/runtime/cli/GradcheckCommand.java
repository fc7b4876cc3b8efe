package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.gradcheck.GradientCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mcrc gradcheck FILE}. */
@Command(
        name = "gradcheck",
        description = {
            "Compares the gradient of the loss with finite differences of it, in double precision: inside the field's"
                    + " range, near its ends, at ties, outside of it, and near an optimum.",
            "At a kink, where the loss has no derivative, the reference is the loss with its branches held where they"
                    + " are: its derivative is the one that the language's conventions say.",
            "Without --size it takes a small one; params that shape the program and are integers above 4 (correlation"
                    + " lengths and the like) are then made 2, 3 or 4, unless set.",
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:they agree to 1e-7", "1:they do not", "2:the file has errors"},
        footer = {"", "Example:", "  mcrc gradcheck s2s3.mcr --set P=3 --size 16x16"})
final class GradcheckCommand implements Callable<Integer> {
    @Mixin
    private HelpOption help;

    @Mixin
    private DescriptorOptions descriptor;

    @Option(names = "--size", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "Pixels along each axis, as 16x16. Without it: small.")
    private Extents size;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "Another seed takes other points and directions (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--backend", paramLabel = "NAME", defaultValue = "cpu",
            description = "Whose gradient is checked: cpu, cuda or evaluator (default: ${DEFAULT-VALUE}).")
    private Backend backend;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter messages = spec.commandLine().getErr();
        DescriptorLoader loader = DescriptorLoader.load(descriptor.file(), messages);
        TrialBinding trial = size == null
                ? TrialBinding.small(loader, descriptor.phases(), descriptor.settings(), messages)
                : TrialBinding.ofThreePhases(loader, size.values(), descriptor.phases(), descriptor.settings(), messages);
        IndexProgram program = trial.bound().program();
        backend = EngineOptions.usable(backend, messages);
        GradientCheck.Result result =
                GradientCheck.run(program, backend, Runtime.getRuntime().availableProcessors(), seed);
        out.println(program.name() + " at " + trial.sizeText() + shrunkText(trial) + ", " + backend.name().toLowerCase(Locale.ROOT) + ", seed " + seed);
        Table.print(out, rows(result), "  ");
        out.println(result.passed()
                ? "right: the largest relative error is " + error(result.worst())
                : "wrong: " + (result.worst() > GradientCheck.TOLERANCE ? "relative errors reach " + error(result.worst())
                        + ", and " + GradientCheck.TOLERANCE + " is allowed"
                        : "loss or gradient are not defined where they have to be"));
        out.flush();
        return result.passed() ? Main.DONE : Main.NO;
    }

    private static String shrunkText(TrialBinding trial) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Double> param : trial.shrunk().entrySet()) {
            text.append(" with ").append(param.getKey()).append('=')
                    .append(ExplainCommand.number(trial.settings().get(param.getKey()))).append(" instead of ")
                    .append(ExplainCommand.number(param.getValue()));
        }
        return text.toString();
    }

    private static List<List<String>> rows(GradientCheck.Result result) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("point", "what", "engine", "reference", "relative error"));
        for (GradientCheck.Comparison comparison : result.comparisons()) {
            rows.add(List.of(comparison.point().words(), comparison.direction(),
                    String.format(Locale.ROOT, "% .12e", comparison.gradient()),
                    String.format(Locale.ROOT, "% .12e", comparison.difference()),
                    Double.isNaN(comparison.error()) ? "not defined" + (comparison.passed() ? "" : "  WRONG")
                            : error(comparison.error()) + (comparison.passed() ? "" : "  WRONG")));
        }
        return rows;
    }

    private static String error(double error) {
        return String.format(Locale.ROOT, "%.1e", error);
    }
}
