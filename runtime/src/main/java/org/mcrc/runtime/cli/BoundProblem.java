package org.mcrc.runtime.cli;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.simplify.SketchOutputs;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Demand;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.ProgramSignature;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.reconstruct.SketchedEngine;

/** A bound descriptor and what evaluates it: compiled when an engine is first asked for, once for all of them. */
final class BoundProblem implements Problem {
    private final IndexProgram program;
    private final List<Integer> columns;
    private final Backend backend;
    private final Precision precision;
    private final int threads;

    private final Map<Precision, Supplier<Engine>> engines = new EnumMap<>(Precision.class);
    private Optional<SketchOutputs.Result> sketched;
    private Supplier<Engine> sketchEngines;

    /**
     * @param columns the columns of sketches: as many as the first of these for which there is an output to sketch; none for
     *     none
     * @param precision of the arithmetic of the loop
     */
    BoundProblem(IndexProgram program, List<Integer> columns, Backend backend, Precision precision, int threads) {
        this.program = program;
        this.columns = List.copyOf(columns);
        this.backend = backend;
        this.precision = precision;
        this.threads = threads;
    }

    IndexProgram program() {
        return program;
    }

    @Override
    public Backend backend() {
        return backend;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public Signature signature() {
        return ProgramSignature.of(program);
    }

    @Override
    public Engine engine(Precision wanted) {
        return compiled(wanted).get();
    }

    private synchronized Supplier<Engine> compiled(Precision wanted) {
        Demand demand = wanted == precision ? Demand.GRADIENT : Demand.VALUES;
        return engines.computeIfAbsent(wanted, each -> Engines.compile(program, demand, backend, each, threads));
    }

    /** The program with sketched outputs; empty where there are none that it would pay for. */
    synchronized Optional<SketchOutputs.Result> sketched() {
        if (sketched == null) {
            sketched = columns.stream().map(each -> SketchOutputs.run(program, each))
                    .filter(result -> !result.sketches().isEmpty()).findFirst();
        }
        return sketched;
    }

    @Override
    public Optional<SketchedEngine> sketch() {
        return sketched().map(result -> new SketchedEngine(compiled(result).get(), result.sketches(), threads));
    }

    private synchronized Supplier<Engine> compiled(SketchOutputs.Result result) {
        if (sketchEngines == null) {
            sketchEngines = Engines.compile(result.program(), Demand.GRADIENT, backend, precision, threads);
        }
        return sketchEngines;
    }
}
