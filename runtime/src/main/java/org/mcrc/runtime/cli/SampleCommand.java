package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Microstructure;
import org.mcrc.runtime.field.MicrostructureFiles;
import org.mcrc.runtime.field.sample.Checkerboard;
import org.mcrc.runtime.field.sample.GaussianRandomField;
import org.mcrc.runtime.field.sample.RandomBalls;
import org.mcrc.runtime.field.sample.VoronoiCells;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mcrc sample KIND}: writes a synthetic microstructure; each kind is a subcommand with its own options. */
@Command(
        name = "sample",
        description = "Makes a synthetic microstructure: periodic, of any size, in two or three dimensions.",
        synopsisSubcommandLabel = "KIND",
        commandListHeading = "%nKinds (mcrc sample KIND --help shows the options of each):%n",
        footer = {"", "Example:", "  mcrc sample checkerboard --size 64x64 -o board.png%n"},
        subcommands = {
            SampleCommand.CheckerboardKind.class,
            SampleCommand.DisksKind.class,
            SampleCommand.VoronoiKind.class,
            SampleCommand.GaussianKind.class
        })
public final class SampleCommand implements Callable<Integer> {

    @Mixin
    private HelpOption help;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(),
                "KIND is missing: one of " + String.join(", ", spec.subcommands().keySet()));
    }

    /** What all kinds have in common: the size, where to write, the help. */
    private static final class Output {

        @Mixin
        private HelpOption help;

        @Option(names = "--size", required = true, paramLabel = "SIZE", converter = SizeConverter.class,
                description = "Pixels along each axis: 64x64, or 64x64x64 for a volume.")
        private Extents size;

        @Option(names = {"-o", "--output"}, paramLabel = "FILE",
                description = "Where to write it: .png, .tif, .bmp or .npy; may be repeated. A volume in a .png is a"
                        + " montage of its slices, to look at only. Without it: KIND.png, or KIND.npy for a volume.")
        private List<Path> files = new ArrayList<>();

        int write(CommandSpec spec, Microstructure microstructure) {
            PrintWriter out = spec.commandLine().getOut();
            for (Path file : files.isEmpty() ? List.of(unnamedFile(spec)) : files) {
                MicrostructureFiles.write(file, microstructure);
                out.println(file + ": " + spec.name() + ", " + size + ", " + fractions(microstructure)
                        + (MicrostructureFiles.isPictureOnly(file, size)
                                ? "; a montage of slices to look at, which cannot be read back (.npy and .tif can)"
                                : ""));
            }
            out.flush();
            return 0;
        }

        /** A file that the user did not name is never overwritten. */
        private Path unnamedFile(CommandSpec spec) {
            Path file = Path.of(spec.name() + (size.rank() == 2 ? ".png" : ".npy"));
            if (Files.exists(file)) {
                throw new InputError(file + " exists already", "name the file to be written with -o");
            }
            return file;
        }

        private static String fractions(Microstructure microstructure) {
            List<String> parts = new ArrayList<>();
            for (int phase = 0; phase < microstructure.phases(); phase++) {
                parts.add(String.format(Locale.ROOT, "%.4f", microstructure.fraction(phase)));
            }
            return "volume fractions " + String.join(", ", parts);
        }
    }

    @Command(
            name = "checkerboard",
            description = "Squares (in three dimensions cubes) of alternating phases.",
            footer = {"", "Example:", "  mcrc sample checkerboard --size 64x64 -o board.png%n"})
    static final class CheckerboardKind implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private Output output;

        @Option(names = "--square", defaultValue = "8", paramLabel = "PIXELS",
                description = "Edge of a square (default: ${DEFAULT-VALUE}). Every extent must be a multiple of two"
                        + " squares.")
        private int square;

        @Override
        public Integer call() {
            return output.write(spec, Checkerboard.sample(output.size, square));
        }
    }

    @Command(
            name = "disks",
            aliases = "balls",
            description = "Disks (in three dimensions balls) of one radius at random places, phase 1, in a matrix,"
                    + " phase 0.",
            footer = {"", "Example:", "  mcrc sample disks --size 128x128 --radius 6 --fraction 0.4 -o disks.png%n"})
    static final class DisksKind implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private Output output;

        @Option(names = "--radius", defaultValue = "5", paramLabel = "PIXELS",
                description = "Their radius (default: ${DEFAULT-VALUE}).")
        private double radius;

        @Option(names = "--fraction", defaultValue = "0.3", paramLabel = "F",
                description = "Their volume fraction, as nearly as whole disks allow (default: ${DEFAULT-VALUE}).")
        private double fraction;

        @Option(names = "--overlap", description = "Let them overlap.")
        private boolean overlap;

        @Option(names = "--seed", defaultValue = "1", paramLabel = "N",
                description = "Another seed gives another realization (default: ${DEFAULT-VALUE}).")
        private long seed;

        @Override
        public Integer call() {
            return output.write(spec, RandomBalls.sample(output.size, radius, fraction, overlap, seed));
        }
    }

    @Command(
            name = "voronoi",
            description = "Voronoi cells of random points, each cell belonging to one phase.",
            footer = {"", "Example:", "  mcrc sample voronoi --size 128x128 --cells 60 --phases 3 -o cells.png%n"})
    static final class VoronoiKind implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private Output output;

        @Option(names = "--cells", defaultValue = "50", paramLabel = "N",
                description = "Number of cells (default: ${DEFAULT-VALUE}).")
        private int cells;

        @Option(names = "--phases", defaultValue = "2", paramLabel = "N",
                description = "Number of phases, dealt out evenly to the cells (default: ${DEFAULT-VALUE}).")
        private int phases;

        @Option(names = "--fraction", paramLabel = "F",
                description = "Volume fraction of phase 1 of two, as nearly as whole cells allow.")
        private Double fraction;

        @Option(names = "--seed", defaultValue = "1", paramLabel = "N",
                description = "Another seed gives another realization (default: ${DEFAULT-VALUE}).")
        private long seed;

        @Override
        public Integer call() {
            OptionalDouble wanted = fraction == null ? OptionalDouble.empty() : OptionalDouble.of(fraction);
            return output.write(spec, VoronoiCells.sample(output.size, cells, phases, wanted, seed));
        }
    }

    @Command(
            name = "gaussian",
            description = "A Gaussian random field, phase 1 where it is above a threshold.",
            footer = {"", "Example:", "  mcrc sample gaussian --size 128x128 --length 8 --seed 3 -o field.png%n"})
    static final class GaussianKind implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private Output output;

        @Option(names = "--length", defaultValue = "6", paramLabel = "PIXELS",
                description = "Correlation length l of the field, whose correlation is exp(-(r/l)^2)"
                        + " (default: ${DEFAULT-VALUE}).")
        private double length;

        @Option(names = "--fraction", defaultValue = "0.5", paramLabel = "F",
                description = "Volume fraction of phase 1, met to the pixel (default: ${DEFAULT-VALUE}).")
        private double fraction;

        @Option(names = "--seed", defaultValue = "1", paramLabel = "N",
                description = "Another seed gives another realization (default: ${DEFAULT-VALUE}).")
        private long seed;

        @Override
        public Integer call() {
            return output.write(spec, GaussianRandomField.sample(output.size, length, fraction, seed));
        }
    }
}
