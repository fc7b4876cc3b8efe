package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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

    @Override
    public Integer call() {
        Comparison comparison = MicrostructureComparator.compare(
                MicrostructureFiles.read(first, threshold), MicrostructureFiles.read(second, threshold));
        PrintWriter out = spec.commandLine().getOut();
        out.print(comparison.text(first.toString(), second.toString()));
        out.flush();
        return comparison.isSame() ? 0 : 1;
    }
}
