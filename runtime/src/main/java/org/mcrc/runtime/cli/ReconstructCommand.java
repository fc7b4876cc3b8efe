package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.compiler.bind.BindSummary;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.simplify.SketchOutputs;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.engine.Demand;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Microstructure;
import org.mcrc.runtime.field.MicrostructureFiles;
import org.mcrc.runtime.field.Resampling;
import org.mcrc.runtime.field.Threshold;
import org.mcrc.runtime.optimize.AdamSettings;
import org.mcrc.runtime.optimize.LimitedMemoryBfgsSettings;
import org.mcrc.runtime.reconstruct.AutomaticSettings;
import org.mcrc.runtime.reconstruct.GivenFields;
import org.mcrc.runtime.reconstruct.Initialization;
import org.mcrc.runtime.reconstruct.ReconstructionSettings;
import org.mcrc.runtime.reconstruct.Rounding;
import org.mcrc.runtime.reconstruct.Strategy;
import org.mcrc.runtime.report.InputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mcrc reconstruct FILE (--like IMAGE | --target D.npz --size 64x64)}. */
@Command(
        name = "reconstruct",
        description = {
            "Reconstructs a microstructure from a descriptor: moves a random field until its descriptor is the target's.",
            "Ends when the field rounded to phases has the target's descriptor exactly, at a tolerance, where nothing improves"
                    + " any more, or at the iteration limit, and says which. Ctrl-C ends it too, and writes the best so far.",
            "",
            "The folder receives, for a field M: M.png and M.npy, the microstructure, of a volume also M.tif, each slice a"
                    + " page; M.continuous.npy, the field before rounding; convergence.csv; and run.json, the record of the run.",
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:exact, or the tolerance was reached",
            "1:neither: a plateau or the iteration limit; the best microstructure is written all the same (with --batch: of at"
                    + " least one of them)",
            "2:the input is at fault",
            "130:interrupted; the best microstructure so far is written",
        },
        footer = {"", "Examples:",
            "  mcrc reconstruct s2s3.mcr --like board.png --seed 1 -o out",
            "  mcrc reconstruct s2s3.mcr --target D.npz --size 64x64 --set P=16 -o out"})
public final class ReconstructCommand implements Callable<Integer> {

    /** The optimizers there are; AUTO chooses as it goes. */
    enum OptimizerName { AUTO, ADAM, LBFGS }

    @Mixin
    private HelpOption help;

    @Mixin
    private DescriptorOptions descriptor;

    @Mixin
    private EngineOptions engine;

    @Option(names = "--like", paramLabel = "IMAGE",
            description = "Reconstruct the descriptor of this microstructure (.png, .tif, .bmp, .npy), at its size or that of"
                    + " --size.")
    private Path like;

    @Option(names = "--target", paramLabel = "FILE",
            description = "Reconstruct these values (.npz), as mcrc characterize writes them; needs --size.")
    private Path target;

    @Option(names = "--size", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "Pixels along each axis, as 64x64. With slices, a volume from an image: --like IMAGE --size 32x32x32.")
    private Extents size;

    @Option(names = "--phase", paramLabel = "K",
            description = "For a field without phases: the phase of IMAGE whose indicator it is (default: 1).")
    private Integer phase;

    @Option(names = "--threshold", paramLabel = "LEVEL", converter = ThresholdConverter.class,
            description = "Pixels of IMAGE above this grey level are phase 1, the others phase 0; otsu finds the level.")
    private Threshold threshold;

    @Option(names = {"-o", "--output"}, paramLabel = "DIR",
            description = "The folder for the results (default: the descriptor's name and the seed, as s2s3-seed1, with --batch"
                    + " s2s3-seeds1-16). Results of an earlier run are replaced when the new ones are complete.")
    private Path folder;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "Another seed starts from another random field (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--batch", paramLabel = "N",
            description = "Reconstruct N times, with the seeds from that of --seed on, into the sub-folders seed-1, seed-2 and"
                    + " so on. On a GPU all of them at once.")
    private Integer batch;

    @Option(names = "--start", paramLabel = "NAME=FILE",
            description = "Begin with this field (.npy), as M.continuous.npy of an earlier run, instead of with noise and on"
                    + " coarser levels; one for each field. With one field its name may be left out.")
    private List<String> start = new ArrayList<>();

    @Option(names = "--iterations", paramLabel = "N", defaultValue = "" + ReconstructionSettings.DEFAULT_ITERATIONS,
            description = "The most iterations (default: ${DEFAULT-VALUE}).")
    private int iterations;

    @Option(names = "--tolerance", paramLabel = "T",
            description = "Also end when the error, relative to the norm of the target, falls to this: that of the field"
                    + " rounded to phases, or, where nothing is rounded, of the field (default there: 1e-4).")
    private Double tolerance;

    @Option(names = "--plateau", paramLabel = "N",
            description = "For adam and lbfgs: end after so many iterations without an improvement by a thousandth (default: "
                    + ReconstructionSettings.DEFAULT_PLATEAU + "). auto starts again from another random field instead.")
    private Integer plateau;

    @Option(names = "--optimizer", paramLabel = "NAME",
            description = "auto: L-BFGS in blocks, on sketches of the descriptor where these are cheaper, with what helps it out"
                    + " of dead ends. adam, or lbfgs: one run of that on the descriptor itself (default: auto; adam with"
                    + " --paper and --learning-rate).")
    private OptimizerName optimizer;

    @Option(names = "--sketch", paramLabel = "K", defaultValue = "auto", converter = SketchConverter.class,
            description = "For --optimizer auto: compare matrices by K random combinations of their columns, drawn anew for each"
                    + " block; off compares them as they are (default: ${DEFAULT-VALUE}).")
    private int sketch;

    @Option(names = "--no-multigrid",
            description = "For --optimizer auto: begin at the size given, and not on coarser levels. With --like these are the"
                    + " image's own, with --target those of the file.")
    private boolean noMultigrid;

    @Option(names = "--learning-rate", paramLabel = "A", description = "Adam's learning rate (default: 0.03, with --paper 0.001).")
    private Double learningRate;

    @Option(names = "--paper",
            description = "The settings of Seibert et al. (2021): Adam with a learning rate of 0.001, from an evenly random"
                    + " field that may leave its range. Slower.")
    private boolean paper;

    @Option(names = {"-q", "--quiet"}, description = "Show nothing but errors.")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        requireOneGoal();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter messages = spec.commandLine().getErr();
        OptimizerName chosen = optimizer != null ? optimizer
                : paper || learningRate != null ? OptimizerName.ADAM : OptimizerName.AUTO;
        refuseUnusedOptions(chosen);
        PrintWriter notes = quiet ? new PrintWriter(Writer.nullWriter()) : messages;
        DescriptorLoader loader = DescriptorLoader.load(descriptor.file(), messages);
        List<InputFile> inputs = new ArrayList<>();
        inputs.add(InputFile.of("descriptor", descriptor.file()));
        Extents extents;
        int phases;
        Optional<Like> image;
        Optional<TargetFile> values;
        if (like != null) {
            Microstructure original = MicrostructureFiles.read(like, threshold == null ? Threshold.none() : threshold);
            inputs.add(InputFile.of("like", like));
            extents = size != null ? size : original.extents();
            phases = descriptor.phases(original);
            OptionalInt chosenPhase = phase == null ? OptionalInt.empty() : OptionalInt.of(phase);
            Like itself = new Like(original, like.toString(), chosenPhase, notes);
            image = Optional.of(itself);
            values = extents.equals(original.extents()) ? Optional.empty() : Optional.of(characterized(itself, loader, phases));
        } else {
            TargetFile given = TargetFile.read(target);
            inputs.add(InputFile.of("target", target));
            extents = size;
            phases = descriptor.phases().orElseGet(
                    () -> given.origin().map(TargetOrigin::phases).orElse(DescriptorOptions.TWO_PHASES));
            image = Optional.empty();
            values = Optional.of(given);
        }
        BindResult bound = loader.bind(extents.values(), phases, descriptor.settings(), messages);
        values.ifPresent(given -> given.warn(TargetOrigin.of(bound, engine.precision()), notes));
        ReconstructionJob.Goal goal = values.<ReconstructionJob.Goal>map(given ->
                new Values(given, bound.summary().levels(), image, notes)).orElseGet(image::orElseThrow);
        loader.filesRead().forEach((file, role) -> inputs.add(InputFile.of(role, file)));
        List<Integer> columns = switch (sketch) {
            case SketchConverter.OFF -> List.of();
            case SketchConverter.AUTO -> List.of(SketchOutputs.COLUMNS);
            default -> List.of(sketch);
        };
        BoundProblem problem = problem(bound.program(), columns);
        Initialization initialization = initialization(loader, problem.signature(), inputs);
        Coarsening coarsening = Coarsening.of(bound.summary());
        List<? extends Problem> coarser = chosen != OptimizerName.AUTO || noMultigrid || !start.isEmpty() ? List.of()
                : coarsening.of(extents.values()).stream().map(each -> loader.bind(each, phases, descriptor.settings()))
                        .takeWhile(Optional::isPresent)
                        .map(each -> problem(each.get().program(), Coarsening.columns(columns))).toList();
        Strategy strategy = switch (chosen) {
            case AUTO -> automatic(problem, coarser.size() + 1);
            case ADAM -> new Strategy.Single(adam());
            case LBFGS -> new Strategy.Single(LimitedMemoryBfgsSettings.DEFAULT);
        };
        ReconstructionJob job = new ReconstructionJob(problem, coarser, coarsening.factor(), goal,
                loop(strategy, initialization), strategy,
                folder, quiet, spec.commandLine().getParseResult().originalArgs(), inputs, parameters(bound.summary()));
        return batch == null ? job.run(out, messages) : batch(job).run(out, messages);
    }

    /** The descriptor of a microstructure of another size than what is to be reconstructed. */
    private TargetFile characterized(Like like, DescriptorLoader loader, int phases) {
        BindResult bound = loader.bind(like.original().extents().values(), phases, descriptor.settings(), like.messages());
        try (Engine exact = Engines.create(bound.program(), Demand.VALUES, engine.backend(), Precision.DOUBLE,
                engine.threads())) {
            exact.characterize(like.original(exact.signature()));
            return new TargetFile(this.like, new LinkedHashMap<>(EvaluateCommand.outputs(exact)),
                    Optional.of(TargetOrigin.of(bound, Precision.DOUBLE)));
        }
    }

    private ReconstructionBatch batch(ReconstructionJob job) {
        String name = job.problem().signature().name();
        Path all = folder != null ? folder : Path.of(name + "-seeds" + seed + "-" + (seed + batch - 1));
        List<ReconstructionJob> jobs = LongStream.range(seed, seed + batch)
                .mapToObj(each -> job.withSeed(each, all.resolve("seed-" + each))).toList();
        return new ReconstructionBatch(jobs, engine.backend(), quiet);
    }

    private BoundProblem problem(IndexProgram program, List<Integer> columns) {
        return new BoundProblem(program, columns, engine.backend(), engine.precision(), engine.threads());
    }

    private Strategy automatic(BoundProblem problem, int levels) {
        Optional<SketchOutputs.Result> sketched = problem.sketched();
        if (sketched.isEmpty() && sketch > 0) {
            throw new ParameterException(spec.commandLine(), SketchConverter.nothingToSketch(problem.program(), sketch)
                    + " with --sketch auto or off");
        }
        return new Strategy.Automatic(AutomaticSettings.of(!problem.program().penalties().isEmpty(),
                problem.signature().extents().stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact)),
                sketched.map(result -> result.sketches().getFirst().columns()).orElse(0), levels);
    }

    private void refuseUnusedOptions(OptimizerName chosen) {
        if (chosen != OptimizerName.ADAM && (learningRate != null || paper)) {
            throw new ParameterException(spec.commandLine(), (paper ? "--paper" : "--learning-rate")
                    + " is about Adam: leave it out or choose --optimizer adam");
        }
        if (chosen != OptimizerName.AUTO && sketch != SketchConverter.AUTO) {
            throw new ParameterException(spec.commandLine(), "--sketch is about --optimizer auto: leave it out or choose that");
        }
        if (chosen != OptimizerName.AUTO && noMultigrid) {
            throw new ParameterException(spec.commandLine(),
                    "--no-multigrid is about --optimizer auto: leave it out or choose that");
        }
        if (chosen == OptimizerName.AUTO && plateau != null) {
            throw new ParameterException(spec.commandLine(),
                    "--plateau is about --optimizer adam and lbfgs: auto starts again where it stagnates");
        }
    }

    private void requireOneGoal() {
        if ((like == null) == (target == null)) {
            throw new ParameterException(spec.commandLine(), like == null
                    ? "what to reconstruct is missing: --like IMAGE, or --target FILE and --size"
                    : "--like and --target exclude each other");
        }
        if (target != null && size == null) {
            throw new ParameterException(spec.commandLine(), "--target needs --size, as --size 64x64");
        }
        if (target != null && (phase != null || threshold != null)) {
            throw new ParameterException(spec.commandLine(), (phase != null ? "--phase" : "--threshold")
                    + " is about the image of --like: leave it out");
        }
        if (batch != null && batch < 1) {
            throw new ParameterException(spec.commandLine(), "--batch is at least 1, not " + batch);
        }
        if (batch != null && seed > Long.MAX_VALUE - batch) {
            throw new ParameterException(spec.commandLine(), "--seed " + seed + " and the " + (batch - 1)
                    + " after it are too large");
        }
    }

    private ReconstructionSettings loop(Strategy strategy, Initialization initialization) {
        if (iterations < 1 || plateau != null && plateau < 1) {
            throw new ParameterException(spec.commandLine(), "--iterations and --plateau are at least 1");
        }
        if (tolerance != null && !(tolerance >= 0)) {
            throw new ParameterException(spec.commandLine(), "--tolerance " + tolerance + " is not a relative error");
        }
        return new ReconstructionSettings(seed, initialization, iterations,
                tolerance == null ? OptionalDouble.empty() : OptionalDouble.of(tolerance),
                plateau == null ? ReconstructionSettings.DEFAULT_PLATEAU : plateau, !paper && strategy.projects(),
                ReconstructionSettings.DEFAULT_ROUNDED_EVERY);
    }

    private Initialization initialization(DescriptorLoader loader, Signature signature, List<InputFile> inputs) {
        if (start.isEmpty()) {
            return paper ? Initialization.UNIFORM : Initialization.DEFAULT;
        }
        if (batch != null) {
            throw new ParameterException(spec.commandLine(), "--batch begins with other noise for each seed: leave --start out");
        }
        FieldArrays arrays = FieldArrays.read(start, "--start", loader);
        Map<String, double[]> values = arrays.values(signature);
        arrays.paths().forEach(path -> inputs.add(InputFile.of("start", path)));
        return new GivenFields(signature.fields().stream().flatMapToDouble(field -> Arrays.stream(values.get(field.name())))
                .toArray(), seed);
    }

    private AdamSettings adam() {
        AdamSettings settings = paper ? AdamSettings.PAPER : AdamSettings.DEFAULT;
        if (learningRate == null) {
            return settings;
        }
        if (!(learningRate > 0 && Double.isFinite(learningRate))) {
            throw new ParameterException(spec.commandLine(), "--learning-rate " + learningRate + " is not positive");
        }
        return settings.withLearningRate(learningRate);
    }

    private static SequencedMap<String, Double> parameters(BindSummary summary) {
        SequencedMap<String, Double> parameters = new LinkedHashMap<>();
        Stream.concat(summary.folded().stream(), summary.arguments().stream())
                .forEach(parameter -> parameters.put(parameter.name(), parameter.value()));
        return parameters;
    }

    /** The descriptor of a microstructure. */
    private record Like(Microstructure original, String source, OptionalInt phase, PrintWriter messages)
            implements ReconstructionJob.Goal {

        @Override
        public Optional<String> description() {
            return Optional.of(MicrostructureFields.description(original, source));
        }

        @Override
        public SequencedMap<String, double[]> original(Signature signature) {
            MicrostructureFields.warn(signature, original, source, phase, messages);
            return MicrostructureFields.of(signature, original, source, phase);
        }

        @Override
        public Map<String, double[]> target(Engine engine, SequencedMap<String, double[]> fields) {
            engine.characterize(fields);
            Map<String, double[]> values = new LinkedHashMap<>();
            for (Signature.Entry output : engine.signature().outputs()) {
                values.put(output.name(), engine.values(output.name()));
            }
            return values;
        }

        /** Those of the microstructure's means over pixels. */
        @Override
        public Optional<Map<String, double[]>> coarser(Engine engine, SequencedMap<String, double[]> original, int levels,
                int factor) {
            Signature signature = engine.signature();
            int whole = (int) Math.round(Math.pow(factor, levels));
            List<Integer> extents = signature.extents().stream().map(extent -> extent * whole).toList();
            int pixels = signature.extents().stream().reduce(1, Math::multiplyExact);
            SequencedMap<String, double[]> means = new LinkedHashMap<>();
            for (Signature.Field field : signature.fields()) {
                means.put(field.name(), Resampling.coarsen(original.get(field.name()), extents, field.size() / pixels,
                        whole));
            }
            return Optional.of(target(engine, means));
        }
    }

    /**
     * Values of outputs.
     *
     * @param levels those of what is reconstructed
     * @param source the microstructure that they are of, where that is known: another size than what is reconstructed
     */
    private record Values(TargetFile file, List<BindSummary.Level> levels, Optional<Like> source, PrintWriter messages)
            implements ReconstructionJob.Goal {

        @Override
        public Optional<String> description() {
            return Optional.empty();
        }

        @Override
        public SequencedMap<String, double[]> original(Signature signature) {
            List<String> unused = file.unused(signature);
            if (!unused.isEmpty()) {
                messages.println("warning: " + file.path() + " also holds " + String.join(", ", unused) + ", which "
                        + signature.name() + " does not have at this size; not used");
                messages.flush();
            }
            return new LinkedHashMap<>();
        }

        @Override
        public Map<String, double[]> target(Engine engine, SequencedMap<String, double[]> fields) {
            return file.values(engine.signature());
        }

        @Override
        public Map<String, Rounding> roundings(Signature signature, SequencedMap<String, double[]> fields) {
            return source.map(like -> Rounding.of(signature,
                    MicrostructureFields.of(signature, like.original(), like.source(), like.phase())))
                    .orElseGet(() -> Rounding.of(signature));
        }

        /** Those of as many levels further down, where these have the same size and the file has them. */
        @Override
        public Optional<Map<String, double[]>> coarser(Engine engine, SequencedMap<String, double[]> original, int further,
                int factor) {
            boolean same = levels.stream().filter(level -> level.number() == 1 + further)
                    .allMatch(level -> level.extents().equals(engine.signature().extents()));
            return same ? file.shifted(engine.signature(), further) : Optional.empty();
        }
    }
}
