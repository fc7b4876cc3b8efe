package org.mcrc.runtime.engine.cuda;

import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.simplify.SketchOutputs;
import org.mcrc.runtime.cli.ConformanceCase;
import org.mcrc.runtime.cli.LibraryPrograms;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cache.CacheFolder;

/**
 * Compiles what {@link GpuCheck}, {@link LoopCheck} and the plans of docs/study.py run, on a computer that needs no GPU, into
 * the user's cache: where that travels to the computer with the GPU, and its NVRTC is of the same version, no time goes into
 * compiling there. The argument is the architecture, {@code sm_90a}.
 */
public final class CompileAhead {
    private final Nvrtc nvrtc;
    private final String architecture;
    private final CubinCache cache = new CubinCache(CacheFolder.standard());

    private CompileAhead(String architecture) {
        this.architecture = architecture;
        nvrtc = CudaLibraries.standard().open(architecture);
    }

    public static void main(String[] arguments) {
        CompileAhead compiler = new CompileAhead(arguments[0]);
        compiler.compile("optimizers", DeviceOptimizer.source());
        for (String name : ConformanceCase.names()) {
            compiler.compile(ConformanceCase.of(name).program(), List.of(Precision.values()));
        }
        compiler.compile(LibraryPrograms.bound("variation"), List.of(Precision.SINGLE));
        compiler.compile(s2s3(32, 7), List.of(Precision.values()));
        for (int size : List.of(16, 32, 64, 128, 256, 512)) {
            IndexProgram program = s2s3(size, 31);
            compiler.compile(program, List.of(Precision.values()));
            for (int columns : size < 512 ? List.of(8, 16, 32, 64, 128) : List.<Integer>of()) {
                compiler.compile(SketchOutputs.run(program, columns).program(),
                        columns == 16 ? List.of(Precision.SINGLE, Precision.MIXED) : List.of(Precision.SINGLE));
            }
        }
    }

    private static IndexProgram s2s3(int size, double vectors) {
        return LibraryPrograms.bound("s2s3", List.of(size, size), Map.of("P", vectors));
    }

    private void compile(IndexProgram program, List<Precision> precisions) {
        boolean tensorCores = CudaProgram.hasTensorCores(architecture);
        for (Precision precision : precisions) {
            if (precision != Precision.MIXED || tensorCores) {
                CudaProgram compiled = CudaProgram.of(program, precision, tensorCores);
                compile(compiled.manifest().name(), compiled.cudaSource());
            }
        }
    }

    private void compile(String name, String source) {
        Cubin cubin = cache.compiled(nvrtc, name, source, architecture);
        cubin.losses().forEach(System.out::println);
        cubin.kernels().stream().filter(kernel -> kernel.spillStoreBytes() > 0)
                .forEach(kernel -> System.out.println(name + ": " + kernel));
    }
}
