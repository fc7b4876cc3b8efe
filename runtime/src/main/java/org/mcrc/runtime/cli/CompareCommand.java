package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mcrc.runtime.field.Microstructure;
import org.mcrc.runtime.field.MicrostructureFiles;
import org.mcrc.runtime.field.Threshold;
import org.mcrc.runtime.field.compare.Comparison;
import org.mcrc.runtime.field.compare.MicrostructureComparator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code mcrc compare A B}. Exit status 0 says that they are the same microstructure, correlations being unable to tell
 * a translation or point reflection from the original; 1 that they differ.
 */
@Command(
        name = "compare",
        description = {
            "Says how two microstructures differ: pixels, volume fractions, and whether one is a periodic"
                    + " translation or point reflection of the other (decided pixel by pixel).",
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:equal, or one is a translation or point reflection of the other",
            "1:they differ",
            "2:a file cannot be read as a microstructure",
        },
        footer = {"", "Example:", "  mcrc compare board.png out/board.png%n"})
public final class CompareCommand implements Callable<Integer> {

    @Mixin
    private HelpOption help;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A", description = "A microstructure: .png, .tif, .bmp or .npy.")
    private Path first;

    @Parameters(index = "1", paramLabel = "B", description = "Another.")
    private Path second;

    @Option(names = "--threshold", paramLabel = "LEVEL", converter = ThresholdConverter.class,
            description = "Pixels above this grey level are phase 1, the others phase 0, in both; otsu finds the"
                    + " level.")
    private Threshold threshold = Threshold.none();

    @Option(names = "--phase", paramLabel = "K",
            description = "Compare phase K of A with phase 1 of B, as reconstruct --phase K writes it.")
    private Integer phase;

    @Override
    public Integer call() {
        Microstructure one = MicrostructureFiles.read(first, threshold);
        Microstructure other = MicrostructureFiles.read(second, threshold);
        if (phase != null) {
            MicrostructureFields.require(one, first.toString(), phase);
            one = one.only(phase);
            other = other.phases() > 2 ? other.only(1) : other;
        }
        Comparison comparison = MicrostructureComparator.compare(one, other);
        PrintWriter out = spec.commandLine().getOut();
        out.print(comparison.text(first.toString(), second.toString()));
        if (phase == null && one.phases() > 2 && other.phases() == 2) {
            out.println("where " + second + " is one phase of " + first + ", say which: --phase K");
        }
        out.flush();
        return comparison.isSame() ? 0 : 1;
    }
}
