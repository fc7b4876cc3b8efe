package org.mcrc.runtime.backend;

import java.util.function.Supplier;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Demand;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.EvaluatorEngine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cpu.CpuProgram;
import org.mcrc.runtime.engine.cuda.CudaProgram;
import org.mcrc.runtime.engine.cuda.SharedCudaDevice;

/** The one place that knows which engines there are. */
public final class Engines {
    private Engines() {}

    /**
     * An engine for a program as it was bound, without gradients: they are derived here.
     *
     * @param threads how many threads it may use
     */
    public static Engine create(IndexProgram program, Backend backend, Precision precision, int threads) {
        return create(program, Demand.GRADIENT, backend, precision, threads);
    }

    /** The same for what is asked for and no more, except on a GPU, where gradients are compiled in any case. */
    public static Engine create(IndexProgram program, Demand demand, Backend backend, Precision precision, int threads) {
        return compile(program, demand, backend, precision, threads).get();
    }

    /**
     * The same for any number of engines, each with memory of its own. Programs are compiled one after another, whoever
     * asks.
     *
     * @return makes an engine each time
     */
    public static synchronized Supplier<Engine> compile(IndexProgram program, Demand demand, Backend backend,
            Precision precision, int threads) {
        return switch (backend) {
            case CPU -> {
                CpuProgram compiled = CpuProgram.of(program, demand, precision);
                yield () -> compiled.engine(threads);
            }
            case CUDA -> {
                CudaProgram compiled = CudaProgram.of(program, precision, SharedCudaDevice.get().hasTensorCores());
                yield () -> compiled.engine(SharedCudaDevice.get());
            }
            case EVALUATOR -> {
                IndexProgram prepared = demand == Demand.GRADIENT ? Pipeline.differentiate(program)
                        : Pipeline.normalize(program);
                yield () -> new EvaluatorEngine(prepared);
            }
        };
    }

    /**
     * Runs something that makes engines of its own, while other threads do the same: where the backend is one processor that
     * all of them use, their launches need not wait for each other's.
     */
    public static <T> T apart(Backend backend, Supplier<T> work) {
        return backend == Backend.CUDA ? SharedCudaDevice.apart(work) : work.get();
    }
}
