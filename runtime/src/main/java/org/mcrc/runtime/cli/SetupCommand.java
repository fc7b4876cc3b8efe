package org.mcrc.runtime.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mcrc.runtime.engine.cuda.CudaLibraries;
import org.mcrc.runtime.engine.cuda.NvrtcPackage;
import org.mcrc.runtime.field.Memory;
import org.mcrc.runtime.report.DownloadDisplay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mcrc setup WHAT}: fetches what mcrc itself does not bring along. */
@Command(
        name = "setup",
        description = "Fetches what is needed to compute on a GPU.",
        synopsisSubcommandLabel = "WHAT",
        commandListHeading = "%nWhat (mcrc setup WHAT --help shows the options of each):%n",
        footer = {"", "Example:", "  mcrc setup cuda%n"},
        subcommands = SetupCommand.Cuda.class)
public final class SetupCommand implements Callable<Integer> {

    @Mixin
    private HelpOption help;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(),
                "WHAT is missing: one of " + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(
            name = "cuda",
            description = "Downloads NVRTC 12.9, NVIDIA's compiler of CUDA kernels, into mcrc's own folder. Needed once, and"
                    + " only where neither the CUDA toolkit nor a Python package (PyTorch, CuPy, JAX) has brought it.",
            footer = {"", "Example:", "  mcrc setup cuda%n"})
    static final class Cuda implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private HelpOption help;

        @Option(names = "--repository", paramLabel = "URL", defaultValue = NvrtcPackage.REPOSITORY,
                description = "A Maven repository that has it (default: ${DEFAULT-VALUE}).")
        private String repository;

        @Option(names = "--from", paramLabel = "JARFILE",
                description = "Take it from the archive, which was downloaded in another way, instead.")
        private Path archive;

        @Override
        public Integer call() {
            return install(new NvrtcPackage(CudaLibraries.downloadFolder()));
        }

        int install(NvrtcPackage nvrtc) {
            PrintWriter out = spec.commandLine().getOut();
            if (nvrtc.isInstalled()) {
                out.println("NVRTC is there already: " + nvrtc.files().getLast());
                return Main.DONE;
            }
            out.println((archive == null ? "downloading " + NvrtcPackage.address(repository) : "reading " + archive)
                    + ", of which two files are kept");
            out.flush();
            Optional<String> checked;
            try (DownloadDisplay display = display()) {
                checked = archive == null ? nvrtc.download(repository, display::read)
                        : nvrtc.unpack(archive, display::read);
            }
            out.println(checked.map(hash -> "it agrees with the " + hash + " that is published beside it")
                    .orElse("no hash is published beside it, with which it could be compared"));
            nvrtc.files().forEach(file -> out.println(file + ": " + size(file)));
            out.println("NVRTC is NVIDIA's, whose conditions for it are at " + NvrtcPackage.LICENCE);
            out.flush();
            return Main.DONE;
        }

        private DownloadDisplay display() {
            boolean terminal = System.console() != null && System.console().isTerminal();
            return terminal ? DownloadDisplay.bar(System.err, "NVRTC")
                    : DownloadDisplay.lines(spec.commandLine().getErr());
        }

        private static String size(Path file) {
            try {
                return Memory.text(Files.size(file));
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
    }
}
