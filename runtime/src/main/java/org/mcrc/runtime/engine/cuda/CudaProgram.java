package org.mcrc.runtime.engine.cuda;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.backend.cuda.CudaBackend;
import org.mcrc.compiler.backend.cuda.CudaPrecision;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.ProgramDigest;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.compiler.program.ManifestBytes;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cache.CacheFolder;
import org.mcrc.runtime.engine.cache.ProgramCache;
import org.mcrc.runtime.field.AtomicFile;

/**
 * A program compiled for CUDA devices up to the source of its kernels, which a device compiles for itself.
 *
 * @param source CUDA C++; its first line, {@link CudaBackend#DEVICE}, stands for the definitions of the device
 * @param cudaSource the same as CUDA's compilers take it
 */
public record CudaProgram(Manifest manifest, String source, String cudaSource) {
    private static final ProgramCache<CudaProgram> CACHE = new ProgramCache<>(CacheFolder.standard(),
            ProgramCache.version(List.of(Pipeline.class, CudaProgram.class)), new ProgramCache.Format<>() {
                @Override
                public void write(DataOutputStream output, CudaProgram program) throws IOException {
                    ManifestBytes.write(output, program.manifest());
                    for (String text : List.of(program.source(), program.cudaSource())) {
                        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                        output.writeInt(bytes.length);
                        output.write(bytes);
                    }
                }

                @Override
                public CudaProgram read(DataInputStream input) throws IOException {
                    return new CudaProgram(ManifestBytes.read(input), text(input), text(input));
                }

                private String text(DataInputStream input) throws IOException {
                    return new String(input.readNBytes(input.readInt()), StandardCharsets.UTF_8);
                }
            });

    /**
     * Compiles a program as it was bound, with its gradient, or finds it compiled in the user's cache.
     *
     * @param tensorCores whether the device has them, as those from sm_80 on: mixed precision needs them, and single
     *     precision uses them in large contractions, by three products of halves
     * @throws InputError where mixed precision is asked for without tensor cores
     */
    public static CudaProgram of(IndexProgram bound, Precision precision, boolean tensorCores) {
        // Before the cache is asked: it may have what was compiled for another GPU.
        require(precision, tensorCores);
        return CACHE.program(ProgramDigest.of(bound), "cuda " + precision + (tensorCores ? " on tensor cores" : ""),
                () -> of(Pipeline.schedule(Pipeline.differentiate(bound)), precision, tensorCores));
    }

    /**
     * The same of a scheduled program.
     *
     * @throws InputError where mixed precision is asked for without tensor cores
     */
    public static CudaProgram of(KernelProgram kernels, Precision precision, boolean tensorCores) {
        require(precision, tensorCores);
        CudaPrecision arithmetic = switch (precision) {
            case SINGLE -> tensorCores ? CudaPrecision.SINGLE_ON_TENSOR_CORES : CudaPrecision.SINGLE;
            case MIXED -> CudaPrecision.MIXED;
            case DOUBLE -> CudaPrecision.DOUBLE;
        };
        CudaBackend.Source source = CudaBackend.print(kernels, arithmetic);
        return new CudaProgram(Manifest.of(kernels, source.plan(), precision.name()), source.text(),
                CudaBackend.forCuda(source.text()));
    }

    private static void require(Precision precision, boolean tensorCores) {
        if (precision == Precision.MIXED && !tensorCores) {
            throw new InputError("mixed precision needs the tensor cores of a GPU of compute capability 8.0 or later",
                    "take --precision single");
        }
    }

    /** Whether GPUs of an architecture, {@code sm_90}, have the tensor cores that kernels use: all but sm_10 to sm_79. */
    public static boolean hasTensorCores(String architecture) {
        return !architecture.matches("sm_[1-7][0-9][a-z]?");
    }

    /** Whether this computer has a compiler of CUDA kernels. */
    public static boolean hasCompiler() {
        return !CudaLibraries.standard().found().isEmpty();
    }

    /**
     * The machine code of its kernels.
     *
     * @param architecture {@code sm_90}
     * @throws InputError where there is no compiler for it
     */
    public Cubin compile(String architecture) {
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
    public CudaEngine engine(CudaDevice device) {
        return new CudaEngine(manifest, cudaSource(), device);
    }
}
