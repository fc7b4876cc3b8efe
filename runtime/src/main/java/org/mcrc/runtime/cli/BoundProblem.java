package org.mcrc.runtime.cli;

import java.util.List;
import java.util.Optional;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.simplify.SketchOutputs;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Engines;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.ProgramSignature;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.reconstruct.SketchedEngine;

/**
 * A bound descriptor and what evaluates it.
 *
 * @param columns the columns of sketches: as many as the first of these for which there is an output to sketch; none for none
 * @param precision of the arithmetic of the loop
 */
record BoundProblem(IndexProgram program, List<Integer> columns, Backend backend, Precision precision, int threads)
        implements Problem {

    @Override
    public Signature signature() {
        return ProgramSignature.of(program);
    }

    @Override
    public Engine engine(Precision wanted) {
        return Engines.create(program, backend, wanted, threads);
    }

    /** The program with sketched outputs; empty where there are none that it would pay for. */
    Optional<SketchOutputs.Result> sketched() {
        return columns.stream().map(each -> SketchOutputs.run(program, each))
                .filter(result -> !result.sketches().isEmpty()).findFirst();
    }

    @Override
    public Optional<SketchedEngine> sketch() {
        return sketched().map(result -> new SketchedEngine(Engines.create(result.program(), backend, precision, threads),
                result.sketches()));
    }
}
