package org.mcrc.runtime.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.mcrc.compiler.bind.DataLoader;
import org.mcrc.compiler.check.UseLoader;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.FileName;
import org.mcrc.compiler.syntax.Parser;
import org.mcrc.compiler.syntax.SourceReader;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.field.NdArray;
import org.mcrc.runtime.field.NumpyFiles;

/** Reads the files that a descriptor file names: other descriptors and data, relative to the file that names them. */
final class FileUses implements UseLoader, DataLoader {
    private final SequencedMap<Path, String> read = new LinkedHashMap<>();

    /** More than the header of any .npy file takes, in numbers. */
    private static final long HEADER = 1024;

    @Override
    public UseLoader.Loaded load(FileName file, Diagnostics diagnostics) {
        Optional<Path> path = path(file);
        if (path.isEmpty() || !Files.isRegularFile(path.get())) {
            return new UseLoader.Unreadable(missing(path));
        }
        Diagnostics reading = new Diagnostics();
        Optional<SourceFile> source = SourceReader.read(path.get(), reading);
        if (source.isEmpty()) {
            return new UseLoader.Unreadable(reading.all().getFirst().message());
        }
        read.put(path.get(), "use");
        return new UseLoader.Found(Parser.parse(source.get(), diagnostics));
    }

    @Override
    public DataLoader.Loaded load(FileName file, long limit) {
        Optional<Path> path = path(file);
        try {
            if (path.isEmpty() || !Files.isRegularFile(path.get())) {
                return new DataLoader.Unreadable(missing(path));
            }
            // What is much larger than wanted, with numbers of 8 bytes, is not read at all.
            if (Files.size(path.get()) / Double.BYTES - HEADER > limit) {
                return new DataLoader.Unreadable(
                        "it is larger than its indices say: " + Files.size(path.get()) + " bytes");
            }
            NdArray array = NumpyFiles.readArray(path.get());
            read.put(path.get(), "data");
            List<Integer> shape = IntStream.of(array.shape()).boxed().toList();
            return new DataLoader.Found(shape, array.values());
        } catch (InputError | IOException fault) {
            return new DataLoader.Unreadable(fault.getMessage());
        }
    }

    /** The files that were read so far and what they were named as: {@code use} or {@code data}. */
    SequencedMap<Path, String> read() {
        return Collections.unmodifiableSequencedMap(read);
    }

    private static Optional<Path> path(FileName file) {
        try {
            return Optional.of(file.span().file().resolve(file.text()));
        } catch (InvalidPathException noPath) {
            return Optional.empty();
        }
    }

    private static String missing(Optional<Path> path) {
        return path.isPresent() && Files.isDirectory(path.get()) ? "it is a folder" : "there is no such file";
    }
}
