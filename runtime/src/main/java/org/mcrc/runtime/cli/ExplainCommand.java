package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.compiler.bind.BindSummary;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.simplify.SketchOutputs;
import org.mcrc.runtime.engine.ProgramSignature;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.Extents;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mcrc explain FILE}. */
@Command(
        name = "explain",
        description = "Says what was inferred from a descriptor (fields, sets, levels, constants, outputs) and what was planned for it:"
                + " kernels, operations, bytes, memory.",
        footer = {"", "Example:", "  mcrc explain s2s3.mcr --size 64x64 --set P=16"})
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private HelpOption help;

    @Mixin
    private DescriptorOptions descriptor;

    @Option(names = "--size", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "Pixels along each axis, as 64x64. Without it: the first that will do.")
    private Extents size;

    @Option(names = "--sketch", paramLabel = "K",
            description = "Show what is computed where matrices are compared by K random combinations of their columns, as"
                    + " reconstruct does.")
    private Integer sketch;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter messages = spec.commandLine().getErr();
        DescriptorLoader loader = DescriptorLoader.load(descriptor.file(), messages);
        BindResult bound = TrialBinding.find(loader, Optional.ofNullable(size).map(Extents::values), descriptor.phases(),
                descriptor.settings(), messages).bound();
        Optional<IndexProgram> sketched = sketched(bound.program());
        print(bound.program(), bound.summary(), loader.documentation(), out);
        KernelProgram whole = kernels(bound.program());
        KernelReport.print(sketched.isPresent() && sketch != null ? kernels(sketched.get()) : whole, out);
        sketched.ifPresent(program -> KernelReport.printSketch(whole, kernels(program), columns(), out));
        out.flush();
        return Main.DONE;
    }

    private static KernelProgram kernels(IndexProgram program) {
        return Pipeline.schedule(Pipeline.differentiate(program));
    }

    private int columns() {
        return sketch == null ? SketchOutputs.COLUMNS : sketch;
    }

    /** The program with sketched outputs; absent where there is none to sketch, unless one was asked for. */
    private Optional<IndexProgram> sketched(IndexProgram program) {
        if (sketch != null && sketch < 1) {
            throw new ParameterException(spec.commandLine(), "--sketch " + sketch + " is not a number of columns, such as 16");
        }
        SketchOutputs.Result result = SketchOutputs.run(program, columns());
        if (result.sketches().isEmpty() && sketch != null) {
            throw new ParameterException(spec.commandLine(), SketchConverter.nothingToSketch(program, sketch));
        }
        return Optional.of(result).filter(found -> !found.sketches().isEmpty()).map(SketchOutputs.Result::program);
    }

    /**
     * Prints what was bound.
     *
     * @param comments the documentation comments of declarations by name
     */
    private static void print(IndexProgram program, BindSummary summary, Map<String, String> comments, PrintWriter out) {
        Signature signature = ProgramSignature.of(program);
        out.println(signature.name() + " at " + join("x", signature.extents()) + ", " + signature.phases() + " phases");
        program.documentation().lines().forEach(line -> out.println("  " + line));
        section(out, "fields", signature.fields().stream().map(field -> List.of(field.name(),
                shape(field.shape()), range(field), field.indicators() ? "indicators of the phases" : "",
                comment(comments, field.name()))).toList());
        section(out, "params that shape the program", summary.folded().stream()
                .map(param -> List.of(param.name(), "= " + number(param.value()), comment(comments, param.name()))).toList());
        List<String> solved = summary.solved().stream().map(BindSummary.Solved::name).toList();
        section(out, "params that are arguments of it", summary.arguments().stream()
                .filter(param -> !solved.contains(param.name()))
                .map(param -> List.of(param.name(), "= " + number(param.value()), comment(comments, param.name()))).toList());
        section(out, "solved constants", summary.solved().stream().map(constant -> List.of(constant.name(),
                "= " + number(constant.value()), "residual " + number(constant.residual()))).toList());
        section(out, "vector sets", summary.sets().stream().map(set -> List.of(set.name(),
                set.count() + " vectors of " + set.dimension() + " components", comment(comments, set.name()))).toList());
        section(out, "levels", summary.levels().stream().map(level -> List.of(
                (level.file().isEmpty() ? "" : level.file() + " ") + level.number(), join("x", level.extents()),
                "weight " + number(level.weight()), level.slices().isEmpty() ? ""
                        : "slices perpendicular to " + join(", ", level.slices()))).toList());
        section(out, "outputs", entries(signature.outputs()));
        section(out, "reports", entries(signature.reports()));
        section(out, "penalties", signature.penalties().stream()
                .map(penalty -> List.of(penalty, comment(comments, penalty))).toList());
    }

    /** A declaration's documentation comment in one line. */
    private static String comment(Map<String, String> comments, String name) {
        return inOneLine(comments.getOrDefault(name, ""));
    }

    private static String inOneLine(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining(" "));
    }

    private static List<List<String>> entries(List<Signature.Entry> entries) {
        return entries.stream().map(entry -> List.of(entry.name(), shape(entry.shape()),
                inOneLine(entry.documentation()))).toList();
    }

    private static String range(Signature.Field field) {
        return Double.isInfinite(field.low()) && Double.isInfinite(field.high()) ? "any real number"
                : "in [" + number(field.low()) + ", " + number(field.high()) + "]";
    }

    private static String shape(List<Integer> shape) {
        return "(" + join(", ", shape) + (shape.size() == 1 ? ",)" : ")");
    }

    private static String join(String separator, List<Integer> numbers) {
        return String.join(separator, numbers.stream().map(String::valueOf).toList());
    }

    /** A number as people write it: integers without a point. */
    static String number(double value) {
        boolean integer = value == Math.rint(value) && Math.abs(value) < 1e15;
        return integer ? String.valueOf((long) value) : String.valueOf(value);
    }

    /** A heading and a table below it, if there is anything to show. */
    private static void section(PrintWriter out, String heading, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        out.println();
        out.println(heading);
        Table.print(out, new ArrayList<>(rows), "  ");
    }
}
