package org.mcrc.runtime.engine;

import org.mcrc.compiler.adjoint.Adjoint;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.IndexVerifier;
import org.mcrc.compiler.simplify.DropUnused;
import org.mcrc.compiler.simplify.HoistReductions;
import org.mcrc.compiler.simplify.Simplifier;

/** The one place that knows which engines there are. */
public final class Engines {
    private Engines() {}

    /**
     * An engine for a program as it was bound, without gradients: they are derived here.
     *
     * @param threads how many threads it may use
     */
    public static Engine create(IndexProgram program, Backend backend, Precision precision, int threads) {
        return switch (backend) {
            case CPU, EVALUATOR -> new EvaluatorEngine(differentiated(program));
        };
    }

    /** The program with the gradient of its loss. */
    private static IndexProgram differentiated(IndexProgram program) {
        IndexProgram normal = new Simplifier().run(new HoistReductions().run(program));
        IndexVerifier.verify(normal, "simplification");
        IndexProgram adjoint = Adjoint.derive(normal);
        IndexVerifier.verify(adjoint, "the adjoint");
        return new DropUnused().run(new Simplifier().run(adjoint));
    }
}
