package org.mcrc.runtime.cli;

import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Engines;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.field.RealFormat;
import picocli.CommandLine.Option;

/** What evaluates a descriptor. */
final class EngineOptions {
    @Option(names = "--backend", paramLabel = "NAME", defaultValue = "cpu",
            description = "cpu: kernels compiled for this machine; evaluator: the formulas, element by element, slowly"
                    + " (default: ${DEFAULT-VALUE}).")
    private Backend backend;

    @Option(names = "--precision", paramLabel = "NAME", defaultValue = "single",
            description = "single or double (default: ${DEFAULT-VALUE}). The evaluator always takes double.")
    private Precision precision;

    @Option(names = "--threads", paramLabel = "N",
            description = "How many threads to use; results do not depend on it (default: all processors).")
    private Integer threads;

    Backend backend() {
        return backend;
    }

    Precision precision() {
        return precision;
    }

    int threads() {
        if (threads != null && threads < 1) {
            throw new InputError("--threads " + threads + ": at least one is needed");
        }
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** How arrays are written. */
    RealFormat format() {
        return precision == Precision.DOUBLE ? RealFormat.DOUBLE : RealFormat.SINGLE;
    }

    /** An engine for a program as it was bound. */
    Engine engine(IndexProgram program) {
        return Engines.create(program, backend, precision, threads());
    }
}
