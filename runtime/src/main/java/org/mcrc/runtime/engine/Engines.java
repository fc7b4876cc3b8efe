package org.mcrc.runtime.engine;

import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.engine.cpu.CpuProgram;
import org.mcrc.runtime.engine.cuda.CudaDevice;
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
        return switch (backend) {
            case CPU -> CpuProgram.of(program, precision).engine(threads);
            case CUDA -> {
                CudaDevice device = SharedCudaDevice.get();
                yield CudaProgram.of(program, precision, device.hasTensorCores()).engine(device);
            }
            case EVALUATOR -> new EvaluatorEngine(Pipeline.differentiate(program));
        };
    }
}
