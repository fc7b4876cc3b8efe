package org.mcrc.runtime.engine.cpu;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.backend.java.JavaBackend;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.ProgramDigest;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.compiler.program.ManifestBytes;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Demand;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cache.CacheFolder;
import org.mcrc.runtime.engine.cache.ProgramCache;
import org.mcrc.runtime.field.AtomicFile;
import org.mcrc.runtime.field.Memory;

/**
 * A program compiled for the CPU: its manifest, the source of its kernels, and the class that this compiles to. In memory,
 * or as the files {@code NAME.json}, {@code NAME.java} and {@code NAME.class} of a folder, from which it runs without the
 * descriptor.
 *
 * @param source the text of the generated class
 * @param bytes its class file
 */
public record CpuProgram(Manifest manifest, String source, byte[] bytes) {
    /** Of the compiler and the runtime. */
    private static final byte[] VERSION = ProgramCache.version(List.of(Pipeline.class, CpuProgram.class));

    /**
     * Compiles a program as it was bound, or finds it compiled in the user's cache.
     *
     * @throws InputError where the program needs more memory than there is, with the amount
     */
    public static CpuProgram of(IndexProgram bound, Demand demand, Precision precision) {
        CpuProgram program = cache(CacheFolder.standard(), VERSION).program(ProgramDigest.of(bound),
                "cpu " + precision + " " + demand, () -> of(Pipeline.schedule(demand == Demand.GRADIENT
                        ? Pipeline.differentiate(bound) : Pipeline.normalize(bound)), precision));
        require(bound, program.manifest().bytes(), program.manifest().workspace());
        return program;
    }

    /** Programs in a folder, those of this version. */
    static ProgramCache<CpuProgram> cache(CacheFolder folder, byte[] version) {
        return new ProgramCache<>(folder, version, new ProgramCache.Format<>() {
            @Override
            public void write(DataOutputStream output, CpuProgram program) throws IOException {
                ManifestBytes.write(output, program.manifest());
                output.writeInt(program.bytes().length);
                output.write(program.bytes());
                output.write(program.source().getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public CpuProgram read(DataInputStream input) throws IOException {
                Manifest manifest = ManifestBytes.read(input);
                byte[] bytes = input.readNBytes(input.readInt());
                return new CpuProgram(manifest, new String(input.readAllBytes(), StandardCharsets.UTF_8), bytes);
            }
        });
    }

    private static void require(IndexProgram program, long arrays, long workspace) {
        // Negative where either is more than a long can hold.
        Memory.require(program.name() + " at this size", Math.min(arrays, workspace) < 0 ? -1 : arrays + workspace);
    }

    /** The same of a scheduled program. */
    public static CpuProgram of(KernelProgram kernels, Precision precision) {
        var arithmetic = switch (precision) {
            case SINGLE -> org.mcrc.compiler.backend.java.Precision.SINGLE;
            case DOUBLE -> org.mcrc.compiler.backend.java.Precision.DOUBLE;
            case MIXED -> throw new InputError("mixed precision is for GPUs",
                    "say --precision single, or --backend cuda");
        };
        require(kernels.index(), kernels.bytes(arithmetic.bytes()), kernels.workspace(arithmetic.bytes()));
        JavaBackend.Source source = JavaBackend.print(kernels, arithmetic);
        Manifest manifest = Manifest.of(kernels, source, arithmetic);
        return new CpuProgram(manifest, source.text(),
                KernelCache.standard().compiled(source.className(), source.text()));
    }

    /**
     * An engine that runs it.
     *
     * @param threads how many threads it may use; results do not depend on it
     */
    public Engine engine(int threads) {
        return new CpuEngine(manifest, KernelCompiler.load(manifest.className(), Map.of(manifest.className(), bytes)),
                threads);
    }

    /** The same with the documentation comments of declarations in its manifest. */
    public CpuProgram documented(Map<String, String> comments) {
        return new CpuProgram(manifest.documented(comments), source, bytes);
    }

    /** Writes the files into a folder that exists, and gives their names. */
    public List<Path> write(Path folder) {
        Path java = folder.resolve(simpleName() + ".java");
        Path compiled = folder.resolve(simpleName() + ".class");
        Path json = folder.resolve(manifest.name() + ".json");
        AtomicFile.write(java, source);
        AtomicFile.write(compiled, output -> output.write(bytes));
        AtomicFile.write(json, manifest.toJson());
        return List.of(java, compiled, json);
    }

    private String simpleName() {
        return manifest.className().substring(manifest.className().lastIndexOf('.') + 1);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param json the manifest's file; the others lie beside it
     * @throws InputError where a file is missing or is none of ours
     */
    public static CpuProgram read(Path json) {
        try {
            Manifest manifest = Manifest.fromJson(Files.readString(json));
            String name = manifest.className().substring(manifest.className().lastIndexOf('.') + 1);
            return new CpuProgram(manifest, Files.readString(json.resolveSibling(name + ".java")),
                    Files.readAllBytes(json.resolveSibling(name + ".class")));
        } catch (IOException unreadable) {
            throw new InputError("cannot read the compiled program " + json + ": " + unreadable.getMessage(),
                    "NAME.json, NAME.java and NAME.class of mcrc compile belong together");
        } catch (IllegalArgumentException malformed) {
            throw new InputError(json + " is " + malformed.getMessage(), "make it again with mcrc compile");
        }
    }
}
