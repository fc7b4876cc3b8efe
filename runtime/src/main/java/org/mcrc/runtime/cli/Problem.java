package org.mcrc.runtime.cli;

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
 * @param columns the columns of sketches; 0 for none
 * @param precision of the arithmetic of the loop
 */
record Problem(IndexProgram program, int columns, Backend backend, Precision precision, int threads) {

    Signature signature() {
        return ProgramSignature.of(program);
    }

    Engine engine(Precision wanted) {
        return Engines.create(program, backend, wanted, threads);
    }

    /** The program with sketched outputs; empty where there are none that it would pay for. */
    Optional<SketchOutputs.Result> sketched() {
        return columns == 0 ? Optional.empty()
                : Optional.of(SketchOutputs.run(program, columns)).filter(result -> !result.sketches().isEmpty());
    }

    /** What evaluates sketches. */
    Optional<SketchedEngine> sketch() {
        return sketched().map(result -> new SketchedEngine(Engines.create(result.program(), backend, precision, threads),
                result.sketches()));
    }
}
