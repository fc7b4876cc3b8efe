package org.mcrc.runtime.engine.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes libraries for this computer of texts of kernels, by g++. They are kept in the build's folder, so that a text is
 * compiled once until the next clean.
 */
final class HostCompiler {
    /** The line of a text in whose place the device's own definitions come. */
    private static final String MARKER = "// device\n";
    private static final Pattern KERNEL = Pattern.compile(
            "extern \"C\"\\s+__global__\\s+void\\s+(MCRC_IN_PAIRS\\s+)?(?:__launch_bounds__\\((\\d+)[^)]*\\)\\s*)?(\\w+)\\s*\\(");
    private static final String HEADER = "host_device.h";
    private static final String MACHINE = "host_machine.cpp";

    /**
     * With the processor's own instructions, above all the fused multiplication and addition, which is contracted as a
     * graphics processor's compiler does. Without what some distributions switch on that takes a jump between stacks for an
     * attack.
     */
    private static final List<String> OPTIONS = List.of("-std=c++17", "-O2", "-march=native", "-ffp-contract=fast",
            "-fno-math-errno", "-fno-strict-aliasing", "-fPIC", "-fvisibility=hidden", "-fno-exceptions", "-fno-rtti",
            "-fcf-protection=none", "-fno-stack-protector", "-U_FORTIFY_SOURCE", "-pthread", "-w");

    /**
     * What a kernel must not do, with the place in the message; local variables begin with a pattern, and too large ones
     * meet the page below their stack. All of it costs little.
     */
    private static final List<String> CHECKS = List.of(
            "-fsanitize=alignment,bounds,signed-integer-overflow,integer-divide-by-zero,shift", "-fno-sanitize-recover=all",
            "-ftrivial-auto-var-init=pattern", "-fstack-clash-protection");

    private static final Optional<String> VERSION = version();
    private static final Map<String, Path> LIBRARIES = new ConcurrentHashMap<>();

    /**
     * A compiled text.
     *
     * @param bounds of the threads of a block, by the names of the kernels that declare them
     */
    record Library(Path file, Map<String, Integer> bounds) {
        Library {
            bounds = Map.copyOf(bounds);
        }
    }

    private HostCompiler() {
    }

    /** Whether there is a g++ that can do it. */
    static boolean available() {
        return VERSION.isPresent();
    }

    /** @param warpgroups whether tensor cores multiply as on sm_90a: in warpgroups, and in pairs of blocks that run at once */
    static Library compile(String name, String source, boolean warpgroups) {
        if (!source.startsWith(MARKER)) {
            throw new IllegalStateException(name + ": the text's first line is not \"" + MARKER.strip() + "\"");
        }
        Map<String, Integer> bounds = new HashMap<>();
        StringBuilder kernels = new StringBuilder();
        for (Matcher matcher = KERNEL.matcher(source); matcher.find(); ) {
            kernels.append(" MCRC_HOST_KERNEL(").append(matcher.group(3)).append(", ")
                    .append(warpgroups && matcher.group(1) != null ? 2 : 1).append(')');
            if (matcher.group(2) != null) {
                bounds.put(matcher.group(3), Integer.valueOf(matcher.group(2)));
            }
        }
        if (kernels.isEmpty()) {
            throw new IllegalStateException(name + ": the text has no kernel");
        }
        // Nothing of the text is visible to another library, nor collides with the C library's names.
        String text = "%s#include \"%s\"\nnamespace {\n#line 2 \"%s\"\n%s\n}\nMCRC_HOST_KERNELS(%s)\n"
                .formatted(warpgroups ? "#define MCRC_WARPGROUPS 1\n" : "", HEADER, name.replaceAll("[\"\\\\\n]", "_"), source.substring(MARKER.length()), kernels);
        return new Library(LIBRARIES.computeIfAbsent(text, key -> build(name, key)), bounds);
    }

    private static Path build(String name, String text) {
        String version = VERSION.orElseThrow(() -> new IllegalStateException("there is no g++"));
        String key = hash(version, resource(HEADER), resource(MACHINE), OPTIONS.toString(), CHECKS.toString(), text);
        Path library = folder().resolve(key + ".so");
        if (Files.exists(library)) {
            return library;
        }
        return inTemporaryFolder(folder -> {
            write(folder.resolve(HEADER), resource(HEADER));
            Path kernels = folder.resolve("kernels.cpp");
            write(kernels, text);
            List<String> options = new ArrayList<>(OPTIONS);
            options.addAll(CHECKS);
            // The machine itself has what the checks call: the compiler's library for them is not needed.
            options.addAll(List.of("-shared", "-nodefaultlibs", kernels.toString(), machine().toString(), "-o",
                    folder.resolve("kernels.so").toString(), "-lm", "-lc", "-lgcc"));
            run(name, folder, options);
            return move(folder.resolve("kernels.so"), library);
        });
    }

    /** The compiled machine. */
    private static Path machine() {
        Path object = folder().resolve(
                hash(VERSION.orElseThrow(), resource(HEADER), resource(MACHINE), OPTIONS.toString()) + ".o");
        if (Files.exists(object)) {
            return object;
        }
        return inTemporaryFolder(folder -> {
            write(folder.resolve(HEADER), resource(HEADER));
            write(folder.resolve(MACHINE), resource(MACHINE));
            List<String> options = new ArrayList<>(OPTIONS);
            options.addAll(List.of("-c", folder.resolve(MACHINE).toString(), "-o",
                    folder.resolve("machine.o").toString()));
            run(MACHINE, folder, options);
            return move(folder.resolve("machine.o"), object);
        });
    }

    private static void run(String name, Path folder, List<String> options) {
        List<String> command = new ArrayList<>(List.of("g++"));
        command.addAll(options);
        try {
            Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(name + " does not compile:\n" + output);
            }
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(exception);
        }
    }

    /** Of g++ and of the processor for which it compiles; empty where there is none, or it is too old. */
    private static Optional<String> version() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        Optional<String> compiler = output("g++", "-dumpfullversion", "-dumpmachine");
        Optional<String> processor = output("g++", "-march=native", "-ftrivial-auto-var-init=pattern", "-Q",
                "--help=target");
        return compiler.flatMap(first -> processor.map(second -> first + second));
    }

    private static Optional<String> output(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException exception) {
            return Optional.empty();
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Where libraries are kept: in the build's folder. */
    private static Path folder() {
        try {
            return Files.createDirectories(Path.of("target", "host-kernels").toAbsolutePath());
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static Path inTemporaryFolder(Function<Path, Path> work) {
        try {
            Path folder = Files.createTempDirectory(folder(), "compile");
            try {
                return work.apply(folder);
            } finally {
                try (var files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    /** Whole or not at all, for another process may look for it. */
    private static Path move(Path from, Path to) {
        try {
            return Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static String resource(String name) {
        try (InputStream stream = HostCompiler.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static String hash(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException exception) {
            throw new IllegalStateException(exception);
        }
    }
}
