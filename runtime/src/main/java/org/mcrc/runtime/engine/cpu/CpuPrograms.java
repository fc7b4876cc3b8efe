package org.mcrc.runtime.engine.cpu;

import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.backend.java.JavaBackend;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.ProgramSignature;
import org.mcrc.runtime.field.Memory;

/** From a program to an engine that runs it: schedule, print, compile, bind. */
public final class CpuPrograms {
    private CpuPrograms() {}

    /**
     * An engine for a program with its gradient.
     *
     * @throws org.mcrc.runtime.InputError where the program needs more memory than there is, with the amount
     */
    public static Engine engine(IndexProgram differentiated, Precision precision, int threads) {
        KernelProgram kernels = Pipeline.schedule(differentiated);
        var arithmetic = switch (precision) {
            case SINGLE -> org.mcrc.compiler.backend.java.Precision.SINGLE;
            case DOUBLE -> org.mcrc.compiler.backend.java.Precision.DOUBLE;
        };
        Memory.require(differentiated.name() + " at this size", kernels.bytes(arithmetic.bytes()));
        JavaBackend.Source source = JavaBackend.print(kernels, arithmetic);
        Manifest manifest = Manifest.of(kernels, source, arithmetic, ProgramSignature.of(differentiated).phases());
        return new CpuEngine(manifest, KernelCache.standard().load(source.className(), source.text()), threads);
    }
}
