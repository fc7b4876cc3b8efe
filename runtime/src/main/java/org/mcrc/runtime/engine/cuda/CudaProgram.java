package org.mcrc.runtime.engine.cuda;

import java.nio.file.Path;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.backend.cuda.CudaBackend;
import org.mcrc.compiler.backend.cuda.CudaPrecision;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.ProgramSignature;
import org.mcrc.runtime.field.AtomicFile;

/**
 * A program compiled for CUDA devices up to the source of its kernels, which a device compiles for itself.
 *
 * @param source CUDA C++; its first line, {@link CudaBackend#DEVICE}, stands for the definitions of the device
 */
public record CudaProgram(Manifest manifest, String source) {
    private static final String FIRST_FOR_MIXED = "sm_80";

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

    /**
     * The machine code of its kernels.
     *
     * @param architecture {@code sm_90}
     * @throws InputError where there is no compiler for it
     */
    public Cubin compile(String architecture) {
        if (manifest.precision().equals("mixed") && architecture.compareTo(FIRST_FOR_MIXED) < 0
                && architecture.length() <= FIRST_FOR_MIXED.length()) {
            throw new InputError("mixed precision needs the tensor cores of " + FIRST_FOR_MIXED + " or later, and not "
                    + architecture, "take --precision single");
        }
        return CudaLibraries.standard().open(architecture).compile(manifest.name(), cudaSource(), architecture);
    }

    /** Writes the source, NAME.cu, into a folder that exists, and gives its name. */
    public Path writeSource(Path folder) {
        Path file = folder.resolve(manifest.cuda().kernelFile());
        AtomicFile.write(file, cudaSource());
        return file;
    }

    /** Writes the manifest, NAME.json, likewise. */
    public Path writeManifest(Path folder, Manifest written) {
        Path file = folder.resolve(manifest.name() + ".json");
        AtomicFile.write(file, written.toJson());
        return file;
    }

    /** Writes machine code, NAME.cubin or, of several architectures, NAME.sm_90.cubin. */
    public Path writeCubin(Path folder, Cubin cubin, String suffix) {
        Path file = folder.resolve(manifest.name() + suffix + ".cubin");
        AtomicFile.write(file, output -> output.write(cubin.bytes()));
        return file;
    }

    /** An engine that runs it on a GPU. */
    public Engine engine(CudaDevice device) {
        return new CudaEngine(manifest, cudaSource(), device);
    }
}
