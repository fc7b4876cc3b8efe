package org.mcrc.runtime.engine.cuda;

import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.backend.cuda.CudaBackend;
import org.mcrc.compiler.backend.cuda.CudaPrecision;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.ProgramSignature;

/**
 * A program compiled for CUDA devices up to the source of its kernels, which a device compiles for itself.
 *
 * @param source CUDA C++; its first line, {@link CudaBackend#DEVICE}, stands for the definitions of the device
 */
public record CudaProgram(Manifest manifest, String source) {

    /** Compiles a program as it was bound, with its gradient. */
    public static CudaProgram of(IndexProgram bound, Precision precision) {
        return of(Pipeline.schedule(Pipeline.differentiate(bound)), precision);
    }

    /** The same of a scheduled program. */
    public static CudaProgram of(KernelProgram kernels, Precision precision) {
        CudaPrecision arithmetic = CudaPrecision.valueOf(precision.name());
        CudaBackend.Source source = CudaBackend.print(kernels, arithmetic);
        return new CudaProgram(Manifest.of(kernels, source.plan(), arithmetic, ProgramSignature.of(kernels.index()).phases()),
                source.text());
    }

    /** The source as CUDA's compilers take it. */
    public String cudaSource() {
        return source.replace(CudaBackend.DEVICE, CudaBackend.device());
    }

    /** An engine that runs it on a GPU. */
    public Engine engine(CudaDevice device) {
        return new CudaEngine(manifest, cudaSource(), device);
    }
}
