package org.mcrc.runtime.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.mcrc.runtime.field.Microstructure;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The descriptor file and what it leaves open: every command that binds one has these. */
final class DescriptorOptions {
    /** The number of phases where nothing says another. */
    static final int TWO_PHASES = 2;

    @Parameters(index = "0", paramLabel = "FILE", description = "The descriptor file (.mcr).")
    private Path file;

    @Option(names = "--set", paramLabel = "NAME=VALUE",
            description = "Give a param another value; may be repeated. USED.NAME is a param of a used file.")
    private Map<String, Double> settings = new LinkedHashMap<>();

    @Option(names = "--phases", paramLabel = "N",
            description = "The number of phases. Without it: that of the microstructure where there is one, else 2.")
    private Integer phases;

    Path file() {
        return file;
    }

    /** The values of params by name. */
    Map<String, Double> settings() {
        return settings;
    }

    /** The number of phases for which a descriptor is bound: the one asked for, else that of the microstructure, 2 at least. */
    int phases(Microstructure microstructure) {
        return phases().orElse(Math.max(TWO_PHASES, microstructure.phases()));
    }

    /** The number of phases that was asked for. */
    OptionalInt phases() {
        return phases == null ? OptionalInt.empty() : OptionalInt.of(phases);
    }
}
