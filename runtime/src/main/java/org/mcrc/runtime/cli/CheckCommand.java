package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mcrc check FILE...}. */
@Command(
        name = "check",
        description = "Reports all errors and warnings of descriptor files; binds each at a small size"
                + " to see that it can be.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:all files are right, warnings aside", "2:a file has errors"},
        footer = {"", "Example:", "  mcrc check descriptors/*.mcr"})
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private HelpOption help;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Descriptor files (.mcr).")
    private List<Path> files;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter messages = spec.commandLine().getErr();
        int status = Main.DONE;
        for (Path file : files) {
            try {
                DescriptorLoader loader = DescriptorLoader.load(file, messages);
                TrialBinding.find(loader, Optional.empty(), OptionalInt.empty(), Map.of(), messages);
                out.println(file + ": right");
            } catch (DescriptorFault fault) {
                messages.print(fault.text());
                messages.flush();
                status = Main.INPUT_FAULT;
            }
            out.flush();
        }
        return status;
    }
}
