package org.mcrc.runtime.engine.cuda;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.SequencedSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.cache.CacheFolder;

/**
 * Where NVRTC may be on a computer. Few have the CUDA toolkit, many have it in a Python package (PyTorch, CuPy and JAX bring
 * it along), and for all others {@code mcrc setup cuda} downloads it.
 */
public final class CudaLibraries {
    /** Names the library, or the folder that holds it; nothing else is looked at then. */
    static final String CHOICE = "MCRC_NVRTC";

    private static final String DOWNLOAD = "mcrc setup cuda downloads it; " + CHOICE + " names the file or folder if it is"
            + " there already";
    private static final Path BUILD = Path.of("runtime", "target", "nvrtc");
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final List<String> TOOLKIT_FOLDERS = List.of("lib64", "targets/x86_64-linux/lib", "lib");
    private static final List<String> PACKAGE_FOLDERS = List.of("site-packages", "dist-packages");

    private final Map<String, String> environment;
    private final Path root;
    private final Path home;
    private final Path download;

    /**
     * A computer, or a model of one.
     *
     * @param root what stands for the folder {@code /}
     * @param download where {@link NvrtcPackage} puts it
     */
    CudaLibraries(Map<String, String> environment, Path root, Path home, Path download) {
        this.environment = environment;
        this.root = root;
        this.home = home;
        this.download = download;
    }

    /** This computer. */
    public static CudaLibraries standard() {
        return new CudaLibraries(System.getenv(), Path.of("/"), Path.of(System.getProperty("user.home")),
                downloadFolder());
    }

    /** Where {@code mcrc setup cuda} puts it. */
    public static Path downloadFolder() {
        return CacheFolder.root().resolve("nvrtc-12.9");
    }

    /**
     * All that are whole, the first choice first.
     *
     * @throws InputError where the user's choice is none
     */
    List<NvrtcFiles> found() {
        Optional<Path> choice = folder(CHOICE);
        if (choice.isPresent()) {
            return List.of(chosen(choice.get()));
        }
        return places().stream().flatMap(place -> place.folders().stream()).flatMap(folder -> NvrtcFiles.in(folder).stream())
                .toList();
    }

    /**
     * Opens the first that is not newer than the driver and compiles for a GPU.
     *
     * @param driver the major version of CUDA that the driver serves
     * @throws InputError where there is none, with where it was looked for
     */
    Nvrtc open(int driver, GpuArchitecture architecture) {
        List<NvrtcFiles> found = found();
        if (found.isEmpty()) {
            throw missing();
        }
        List<String> refused = new ArrayList<>();
        for (NvrtcFiles files : found) {
            if (files.major() > driver) {
                refused.add(files.library() + " is newer than the driver, which serves CUDA " + driver + " and older");
                continue;
            }
            Nvrtc nvrtc = Nvrtc.open(files);
            if (architecture.compiledFor(nvrtc.architectures()).isPresent()) {
                return nvrtc;
            }
            refused.add(files.library() + " (version " + nvrtc.version()
                    + ") does not compile for GPUs of compute capability " + architecture);
        }
        throw new InputError(String.join("; ", refused), "mcrc setup cuda downloads version 12.9; " + CHOICE
                + " names the one that is to be taken; a newer driver serves newer versions");
    }

    /**
     * Opens the first that compiles for an architecture, on a computer with a GPU or without.
     *
     * @param architecture {@code sm_90}
     * @throws InputError where there is none, with where it was looked for, or none that knows the architecture
     */
    Nvrtc open(String architecture) {
        List<NvrtcFiles> found = found();
        if (found.isEmpty()) {
            throw missing();
        }
        Set<String> known = new TreeSet<>();
        for (NvrtcFiles files : found) {
            Nvrtc nvrtc = Nvrtc.open(files);
            // A suffix asks for the instructions of exactly this generation: sm_90a.
            if (nvrtc.architectures().contains(architecture.replaceFirst("[af]$", ""))) {
                return nvrtc;
            }
            known.addAll(nvrtc.architectures());
        }
        throw new InputError("no compiler for the architecture '" + architecture + "'",
                "there is one for " + String.join(", ", known));
    }

    private static NvrtcFiles chosen(Path choice) {
        Optional<NvrtcFiles> files = Files.isDirectory(choice) ? NvrtcFiles.in(choice).stream().findFirst()
                : NvrtcFiles.of(choice);
        return files.orElseThrow(() -> new InputError(CHOICE + " is " + choice + ", where there is no libnvrtc.so.12 (or of"
                + " another version) with libnvrtc-builtins.so.12.* beside it", "both are in the folder lib64 of the CUDA"
                + " toolkit and in the Python package nvidia-cuda-nvrtc; without " + CHOICE + " mcrc looks for them"));
    }

    private InputError missing() {
        String where = places().stream().map(Place::text).collect(Collectors.joining(", "));
        return new InputError("the compiler of CUDA kernels, NVRTC (libnvrtc.so.12 with libnvrtc-builtins.so.12.*), was not"
                + " found; looked for in " + where, DOWNLOAD);
    }

    /** Where it is looked for, in this order. */
    List<Place> places() {
        return List.of(new Place("the CUDA toolkit", "CUDA_HOME, CUDA_PATH, /usr/local/cuda*", toolkits()),
                new Place("Python packages", "of VIRTUAL_ENV, CONDA_PREFIX, python3, ~/.local, the system, /opt/*/.venv",
                        packages()),
                new Place("the system's libraries", "LD_LIBRARY_PATH, /usr/lib/x86_64-linux-gnu, /usr/lib64", system()),
                new Place("what mcrc downloaded", download.toString(), List.of(download)),
                new Place("what the build of mcrc unpacked for its tests", BUILD.toString(), build()));
    }

    /** Beside the launcher, which says where it is. */
    private static List<Path> build() {
        return Stream.ofNullable(System.getProperty("mcrc.home")).map(launcher -> Path.of(launcher).resolve(BUILD)).toList();
    }

    /**
     * Folders of one kind.
     *
     * @param where as the user knows them
     */
    record Place(String name, String where, List<Path> folders) {
        String text() {
            return name + " (" + where + ")";
        }
    }

    private List<Path> toolkits() {
        SequencedSet<Path> toolkits = new LinkedHashSet<>();
        folder("CUDA_HOME").ifPresent(toolkits::add);
        folder("CUDA_PATH").ifPresent(toolkits::add);
        toolkits.add(under("usr/local/cuda"));
        toolkits.addAll(children(under("usr/local"), "cuda-*"));
        return each(toolkits, TOOLKIT_FOLDERS);
    }

    private List<Path> packages() {
        SequencedSet<Path> prefixes = new LinkedHashSet<>();
        folder("VIRTUAL_ENV").ifPresent(prefixes::add);
        folder("CONDA_PREFIX").ifPresent(prefixes::add);
        python().ifPresent(prefixes::addAll);
        prefixes.add(home.resolve(".local"));
        prefixes.add(under("usr/local"));
        prefixes.add(under("usr"));
        children(under("opt"), "*").forEach(folder -> prefixes.add(folder.resolve(".venv")));
        SequencedSet<Path> folders = new LinkedHashSet<>();
        // Conda has it among its libraries.
        folder("CONDA_PREFIX").ifPresent(conda -> folders.add(conda.resolve("lib")));
        for (Path libraries : each(prefixes, List.of("lib", "lib64"))) {
            for (Path python : children(libraries, "python3*")) {
                for (Path packages : each(List.of(python), PACKAGE_FOLDERS)) {
                    children(packages.resolve("nvidia"), "*").forEach(each -> folders.add(each.resolve("lib")));
                }
            }
        }
        return List.copyOf(folders);
    }

    /** Where the Python that a shell would start has its packages: as it is called, and where a link leads. */
    private Optional<List<Path>> python() {
        return paths("PATH").map(folder -> folder.resolve("python3")).filter(Files::isExecutable).findFirst()
                .map(python -> Stream.of(python.toAbsolutePath(), real(python)).map(each -> each.getParent().getParent())
                        .filter(prefix -> prefix != null).toList());
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException unreadable) {
            return file.toAbsolutePath();
        }
    }

    private List<Path> system() {
        return Stream.concat(paths("LD_LIBRARY_PATH"), Stream.of(under("usr/lib/x86_64-linux-gnu"), under("usr/lib64")))
                .distinct().toList();
    }

    private Path under(String path) {
        return root.resolve(path);
    }

    private Optional<Path> folder(String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank()).map(Path::of);
    }

    private Stream<Path> paths(String variable) {
        return Stream.of(environment.getOrDefault(variable, "").split(File.pathSeparator)).filter(path -> !path.isBlank())
                .map(Path::of);
    }

    private static List<Path> each(Collection<Path> folders, List<String> inThem) {
        return folders.stream().flatMap(folder -> inThem.stream().map(folder::resolve)).toList();
    }

    /** What is in a folder under a pattern, of several versions the latest first; nothing where there is no such folder. */
    private static List<Path> children(Path folder, String pattern) {
        if (!Files.isReadable(folder) || !Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, pattern)) {
            stream.forEach(children::add);
        } catch (IOException unreadable) {
            return List.of();
        }
        children.sort(Comparator.comparing((Path path) -> ordered(path.getFileName().toString())).reversed());
        return children;
    }

    /** A text that is sorted as its numbers are, 12.10 after 12.9: each is written with equally many characters. */
    private static String ordered(String name) {
        return NUMBER.matcher(name).replaceAll(number -> "%12s".formatted(number.group()));
    }
}
