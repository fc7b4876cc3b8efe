package org.mcrc.runtime.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Memory;
import org.mcrc.runtime.reconstruct.AutomaticReconstruction;
import org.mcrc.runtime.reconstruct.Cancellation;
import org.mcrc.runtime.reconstruct.CoarseLevel;
import org.mcrc.runtime.reconstruct.Event;
import org.mcrc.runtime.reconstruct.ProgressListener;
import org.mcrc.runtime.reconstruct.Reconstruction;
import org.mcrc.runtime.reconstruct.ReconstructionResult;
import org.mcrc.runtime.reconstruct.ReconstructionSettings;
import org.mcrc.runtime.reconstruct.Referee;
import org.mcrc.runtime.reconstruct.Rounding;
import org.mcrc.runtime.reconstruct.SketchedEngine;
import org.mcrc.runtime.reconstruct.Strategy;
import org.mcrc.runtime.report.InputFile;
import org.mcrc.runtime.report.OutputFolder;
import org.mcrc.runtime.report.ProgressDisplay;
import org.mcrc.runtime.report.ReconstructionFiles;
import org.mcrc.runtime.report.RunReport;
import org.mcrc.runtime.report.Versions;

/**
 * One run of {@code mcrc reconstruct}, once its input is read and the descriptor is bound: target, loop, files, summary.
 *
 * @param problem the bound descriptor
 * @param coarser the same on coarser levels, on which the reconstruction begins, the finest first; may be none
 * @param factor how many times smaller each is along every axis
 * @param goal what is to be reconstructed
 * @param loop the settings of the loop
 * @param strategy how the fields are moved
 * @param folder where the files go; absent (null) for a folder named after descriptor and seed
 * @param quiet whether nothing is shown but faults
 * @param command the command line
 * @param inputs the files that were read
 * @param parameters the params as they were bound
 */
record ReconstructionJob(
        Problem problem, List<? extends Problem> coarser, int factor, Goal goal, ReconstructionSettings loop, Strategy strategy,
        Path folder, boolean quiet, List<String> command, List<InputFile> inputs,
        SequencedMap<String, Double> parameters) {

    /**
     * How many arrays as large as all fields a run has besides the optimizer's: those of the loop, the bounds, the best, the search
     * among pixels.
     */
    private static final int FIELD_ARRAYS = 14;

    /** How many arrays as large as all targets: the target, and those with which the scale is measured. */
    private static final int TARGET_ARRAYS = 5;

    /** What is to be reconstructed. */
    interface Goal {

        /** In a line what was read; empty where there is nothing to see in it. */
        Optional<String> description();

        /** Fields that have the target's descriptor; empty where only that is known. */
        SequencedMap<String, double[]> original(Signature signature);

        /**
         * The desired values of the outputs.
         *
         * @param engine may be used to compute them
         * @param original what {@link #original} gave
         */
        Map<String, double[]> target(Engine engine, SequencedMap<String, double[]> original);

        /**
         * The desired values of the outputs on a coarser level; absent where they are not known.
         *
         * @param engine may be used to compute them
         * @param original what {@link #original} gave
         * @param levels how many levels coarser
         * @param factor how many times smaller each is along every axis
         */
        Optional<Map<String, double[]>> coarser(Engine engine, SequencedMap<String, double[]> original, int levels,
                int factor);

        /**
         * How fields are rounded to phases.
         *
         * @param original what {@link #original} gave
         */
        default Map<String, Rounding> roundings(Signature signature, SequencedMap<String, double[]> original) {
            return original.isEmpty() ? Rounding.of(signature) : Rounding.of(signature, original);
        }
    }

    /** The same with another seed, into another folder, and quiet. */
    ReconstructionJob withSeed(long seed, Path into) {
        return new ReconstructionJob(problem, coarser, factor, goal, loop.withSeed(seed), strategy, into, true, command, inputs,
                parameters);
    }

    private Signature signature() {
        return problem.signature();
    }

    /**
     * How a run ended.
     *
     * @param file the first of the results
     * @param bound the greatest relative error of what is called exact
     */
    record Outcome(ReconstructionResult result, Path file, double bound) {

        /** The exit status. */
        int status() {
            return result.reason().reached() ? Main.DONE : Main.NO;
        }
    }

    /**
     * Runs.
     *
     * @param out receives the summary
     * @param messages receives progress
     * @return the exit status
     */
    int run(PrintWriter out, PrintWriter messages) {
        try (Interruption interruption = new Interruption(messages)) {
            Outcome outcome = run(messages, interruption);
            if (!quiet) {
                out.print(summary(outcome));
                out.flush();
            }
            return outcome.status();
        }
    }

    /**
     * Runs without a summary.
     *
     * @param interruption may end the loop, once that begins
     */
    Outcome run(PrintWriter messages, Interruption interruption) {
        Signature signature = signature();
        String started = OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
        requireMemory();
        SequencedMap<String, double[]> original = goal.original(signature);
        Map<String, Rounding> roundings = goal.roundings(signature, original);
        ReconstructionFiles files = new ReconstructionFiles(signature, roundings);
        Path path = folder != null ? folder : Path.of(signature.name() + "-seed" + loop.seed());
        keepInputs(path, files.names());
        OutputFolder output = OutputFolder.open(path, files.names());
        try (Engine engine = problem.engine(problem.precision())) {
            Map<String, double[]> target = goal.target(engine, original);
            requireFinite(engine, target);
            try (Referee referee = referee(engine, target, original)) {
                interruption.begin();
                goal.description().filter(_ -> !quiet).ifPresent(messages::println);
                messages.flush();
                Finished finished;
                try (ProgressDisplay display = display(signature.name(), messages)) {
                    finished = run(engine, original, target, roundings, referee, display, interruption.cancellation());
                }
                ReconstructionResult result = finished.result();
                RunReport report = report(started, roundings, referee, finished, files);
                output.commit(temporary -> files.write(temporary, result, report));
                referee.refusal().ifPresent(reason -> {
                    messages.println("warning: whether it is exact was decided in single precision, for " + reason);
                    messages.flush();
                });
                return new Outcome(result, output.path().resolve(files.names().getFirst()), referee.bound());
            }
        }
    }

    /** @param strategy what it was in the end: coarser levels may be known only then */
    private record Finished(ReconstructionResult result, Strategy strategy) {}

    private Finished run(Engine engine, SequencedMap<String, double[]> original, Map<String, double[]> target,
            Map<String, Rounding> roundings, Referee referee, ProgressListener listener, Cancellation cancellation) {
        return switch (strategy) {
            case Strategy.Single single -> new Finished(new Reconstruction(engine, target, roundings, referee, loop)
                    .run(single.optimizer(), listener, cancellation), single);
            case Strategy.Automatic automatic -> {
                List<CoarseLevel> levels = new ArrayList<>();
                Optional<SketchedEngine> sketch = problem.sketch();
                try {
                    coarser(original, levels);
                    yield new Finished(new AutomaticReconstruction(engine, sketch, target, roundings, referee, loop,
                            automatic.settings(), levels, factor).run(listener, cancellation),
                            new Strategy.Automatic(automatic.settings(), automatic.columns(), levels.size() + 1));
                } finally {
                    levels.forEach(CoarseLevel::close);
                    sketch.ifPresent(SketchedEngine::close);
                }
            }
        };
    }

    /** Opens the coarser levels, as far down as their targets are known. */
    private void coarser(SequencedMap<String, double[]> original, List<CoarseLevel> levels) {
        for (Problem coarse : coarser) {
            Engine engine = coarse.engine(coarse.precision());
            Optional<Map<String, double[]>> target = goal.coarser(engine, original, levels.size() + 1, factor);
            if (target.isEmpty()) {
                engine.close();
                return;
            }
            levels.add(new CoarseLevel(engine, coarse.sketch(), target.get()));
        }
    }

    /** Refuses a run whose results would take the place of a file that it reads. */
    private void keepInputs(Path folder, List<String> names) {
        for (InputFile input : inputs) {
            for (String name : names) {
                Path result = folder.resolve(name);
                if (isSame(result, Path.of(input.path()))) {
                    throw new InputError("the result would replace " + result + ", which this run reads",
                            "give another folder with -o");
                }
            }
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.exists(one) && Files.isSameFile(one, other);
        } catch (IOException unreadable) {
            return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
        }
    }

    /** Refuses a run whose own arrays do not fit; the engine sees to its own. */
    private void requireMemory() {
        Signature signature = signature();
        long bytes = 0;
        for (Signature.Field field : signature.fields()) {
            bytes += (FIELD_ARRAYS + strategy.optimizer().arrays()) * (long) Double.BYTES * elements(field.shape());
        }
        for (Signature.Entry output : signature.outputs()) {
            bytes += TARGET_ARRAYS * (long) Double.BYTES * elements(output.shape());
        }
        Memory.require("reconstructing " + new Extents(signature.extents()) + " pixels with " + signature.name(), bytes);
    }

    private static long elements(List<Integer> shape) {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    private Referee referee(Engine engine, Map<String, double[]> target, SequencedMap<String, double[]> original) {
        double bound = original.isEmpty() ? Referee.bound(target) : Referee.DOUBLE_BOUND;
        if (problem.precision() == Precision.DOUBLE || problem.backend() == Backend.EVALUATOR) {
            return Referee.sharing(engine, bound);
        }
        return new Referee(() -> {
            Engine exact = problem.engine(Precision.DOUBLE);
            goal.target(exact, original).forEach(exact::setTarget);
            return exact;
        }, bound);
    }

    private static boolean isFinite(double[] values) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** A target may hold NaN where nothing is compared, and only there. */
    private void requireFinite(Engine engine, Map<String, double[]> target) {
        Signature signature = signature();
        if (target.values().stream().allMatch(ReconstructionJob::isFinite)) {
            return;
        }
        double[] noise = loop.initialization().draw(signature, loop.seed());
        Map<String, double[]> fields = new LinkedHashMap<>();
        int position = 0;
        for (Signature.Field field : signature.fields()) {
            fields.put(field.name(), Arrays.copyOfRange(noise, position, position + field.size()));
            position += field.size();
        }
        engine.characterize(fields);
        TargetFile.requireFinite(engine, target);
    }

    private ProgressDisplay display(String task, PrintWriter messages) {
        if (quiet) {
            return ProgressDisplay.none();
        }
        boolean terminal = System.console() != null && System.console().isTerminal();
        return terminal ? ProgressDisplay.bar(System.err, task, loop.iterations())
                : ProgressDisplay.lines(messages, loop.iterations());
    }

    private RunReport report(
            String started, Map<String, Rounding> roundings, Referee referee, Finished finished, ReconstructionFiles files) {
        Signature signature = signature();
        SequencedMap<String, String> rounding = new LinkedHashMap<>();
        roundings.forEach((field, kind) -> rounding.put(field, kind.name().toLowerCase(Locale.ROOT)));
        return new RunReport(command, started, inputs,
                new RunReport.Descriptor(signature.name(), signature.extents(), signature.phases(), parameters, rounding),
                RunReport.Settings.of(loop, finished.strategy(), referee.bound(), problem.backend().name().toLowerCase(Locale.ROOT),
                        problem.precision().name().toLowerCase(Locale.ROOT), problem.threads()),
                Versions.current(), RunReport.Result.of(finished.result()), files.names());
    }

    private static String summary(Outcome outcome) {
        ReconstructionResult result = outcome.result();
        String effort = String.format(Locale.ROOT, "%d iterations, %s%.1f s", result.iterations().size(), done(result),
                result.seconds());
        String error = String.format(Locale.ROOT, "relative error %.3g", result.relativeError());
        String text = switch (result.reason()) {
            case EXACT -> outcome.bound() > Referee.DOUBLE_BOUND
                    ? String.format(Locale.ROOT, "exact in single precision: %s, at most %.0e (%s)", error, outcome.bound(), effort)
                    : "exact: its descriptor is the target's up to rounding errors (" + effort + ")";
            case TOLERANCE -> "reached the tolerance: " + error + " (" + effort + ")";
            case PLATEAU -> "not exact: nothing improved any more, " + error + " (" + effort + "); another --seed may do";
            case ITERATION_LIMIT -> "not exact: " + error + " at the iteration limit (" + effort
                    + "); --iterations allows more";
            case OPTIMIZER_EXHAUSTED -> "not exact: the optimizer found no descent, " + error + " (" + effort + ")";
            case NOT_FINITE -> "not exact: the loss or its gradient ceased to be finite, " + error + " (" + effort + ")";
            case INTERRUPTED -> "interrupted: " + error + " (" + effort + ")";
        };
        return outcome.file() + ": " + text + System.lineSeparator();
    }

    /** What was done besides iterating, counted. */
    private static String done(ReconstructionResult result) {
        StringBuilder text = new StringBuilder();
        for (Event.Kind kind : List.of(Event.Kind.SOFTEN, Event.Kind.RESTART)) {
            long times = result.events().stream().filter(event -> event.kind() == kind).count();
            if (times > 0) {
                text.append(times).append(kind == Event.Kind.SOFTEN ? " softening" : " restart").append(times > 1 ? "s, " : ", ");
            }
        }
        return text.toString();
    }
}
