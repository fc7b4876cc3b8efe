package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.util.Optional;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Demand;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cuda.SharedCudaDevice;
import org.mcrc.runtime.field.RealFormat;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What evaluates a descriptor. */
final class EngineOptions {
    @Option(names = "--backend", paramLabel = "NAME", defaultValue = "cpu",
            description = "cpu: kernels compiled for this machine; cuda: for its GPU, and for the CPU where it has none;"
                    + " evaluator: the formulas, element by element, slowly (default: ${DEFAULT-VALUE}).")
    private Backend backend;

    @Option(names = "--precision", paramLabel = "NAME", defaultValue = "single",
            description = "single, double or, on a GPU, mixed: on tensor cores, right to about 1e-5"
                    + " (default: ${DEFAULT-VALUE}). The evaluator always takes double.")
    private Precision precision;

    @Option(names = "--threads", paramLabel = "N",
            description = "How many threads to use; results do not depend on it (default: all processors).")
    private Integer threads;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** What was asked for, or the CPU where there is no GPU, which is said once. */
    Backend backend() {
        Backend usable = usable(backend, spec.commandLine().getErr());
        if (usable != backend && precision == Precision.MIXED) {
            precision = Precision.SINGLE;
        }
        backend = usable;
        return backend;
    }

    /** A backend that this computer has. */
    static Backend usable(Backend wanted, PrintWriter messages) {
        Optional<String> absence = wanted == Backend.CUDA ? SharedCudaDevice.absence() : Optional.empty();
        absence.ifPresent(reason -> {
            messages.println("mcrc: " + reason + ": the CPU computes instead");
            messages.flush();
        });
        return absence.isPresent() ? Backend.CPU : wanted;
    }

    Precision precision() {
        backend();
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
        return precision() == Precision.DOUBLE ? RealFormat.DOUBLE : RealFormat.SINGLE;
    }

    /** An engine for a program as it was bound. */
    Engine engine(IndexProgram program, Demand demand) {
        return Engines.create(program, demand, backend(), precision(), threads());
    }
}
