package org.mcrc.runtime.engine.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of one NVRTC.
 *
 * @param library {@code libnvrtc.so.12}
 * @param builtins {@code libnvrtc-builtins.so.12.9} beside it, which the library opens by name when it compiles; all of the
 *     same major version, since which of them it wants is written in it only
 * @param major version
 */
public record NvrtcFiles(Path library, List<Path> builtins, int major) {
    private static final Pattern LIBRARY = Pattern.compile("libnvrtc\\.so\\.(\\d+)(\\.\\d+)*");
    private static final Pattern BUILTINS = Pattern.compile("libnvrtc-builtins\\.so\\.(\\d+)(\\.\\d+)*");

    public NvrtcFiles {
        builtins = List.copyOf(builtins);
    }

    /** Those in a folder that are whole, the newest major version first; none where it is no folder. */
    public static List<NvrtcFiles> in(Path folder) {
        TreeMap<Integer, Path> libraries = new TreeMap<>(Comparator.reverseOrder());
        for (Path file : files(folder)) {
            // Of libnvrtc.so.12 and libnvrtc.so.12.9.86, which are the same file, the shorter name.
            major(LIBRARY, file).ifPresent(major -> libraries.merge(major, file,
                    (one, other) -> one.toString().length() <= other.toString().length() ? one : other));
        }
        List<NvrtcFiles> found = new ArrayList<>();
        libraries.forEach((major, library) -> whole(library, major).ifPresent(found::add));
        return found;
    }

    /**
     * The one whose library is a certain file.
     *
     * @return nothing where that file is no NVRTC, or its builtins are not beside it
     */
    public static Optional<NvrtcFiles> of(Path library) {
        try {
            // A link libnvrtc.so says its version where it points to.
            Path real = library.toRealPath();
            return major(LIBRARY, library).or(() -> major(LIBRARY, real))
                    .flatMap(major -> whole(library, major).or(() -> whole(real, major)));
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    private static Optional<NvrtcFiles> whole(Path library, int major) {
        List<Path> builtins = files(library.toAbsolutePath().getParent()).stream()
                .filter(file -> major(BUILTINS, file).filter(each -> each == major).isPresent()).toList();
        return builtins.isEmpty() ? Optional.empty()
                : Optional.of(new NvrtcFiles(library.toAbsolutePath(), builtins, major));
    }

    private static Optional<Integer> major(Pattern pattern, Path file) {
        Matcher matcher = pattern.matcher(file.getFileName().toString());
        return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }

    private static List<Path> files(Path folder) {
        if (!Files.isReadable(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).map(Path::toAbsolutePath).sorted().toList();
        } catch (NotDirectoryException noFolder) {
            return List.of();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
