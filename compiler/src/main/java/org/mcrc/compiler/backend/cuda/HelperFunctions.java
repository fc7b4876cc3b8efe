package org.mcrc.compiler.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The functions that kernels build on, those of the {@code .cuh} files beside this class. A program gets the ones that it
 * uses, so that who reads it comes to its kernels soon.
 *
 * <p>Blank lines divide a file into parts, but for what stands between {@code #if} and its {@code #endif}. Nothing is used
 * before it is declared, so that a part defines the names that no part before it has; functions of one name therefore stand
 * in one part, which may take some from files of their own: {@code #include "warps.cuh"}. A part that defines nothing is about
 * the whole file.
 */
final class HelperFunctions {
    /** What kernels use of the hardware. Elsewhere than on a GPU others take its place. */
    private static final String DEVICE = "device.cuh";

    /** In the order in which they build on each other. */
    private static final List<String> FILES =
            List.of(DEVICE, "prelude.cuh", "special.cuh", "contraction.cuh", "halves.cuh", "transform.cuh");

    private static final Pattern NAME = Pattern.compile("\\b(?:mcrc_|Mcrc|MCRC_)\\w+");
    private static final Pattern INCLUDED = Pattern.compile("(?m)^#include \"(.+)\"\n");
    private static final Pattern COMMENT = Pattern.compile("//[^\n]*|/\\*.*?\\*/", Pattern.DOTALL);

    private static final List<Part> PARTS = parts();

    /** Some lines of a file and the names that they define. */
    record Part(String file, String text, Set<String> defined) {}

    private HelperFunctions() {}

    /** What a text of kernels uses of all files but that of the device, each part with a blank line behind it. */
    static String of(String kernels) {
        return used(PARTS.stream().filter(part -> !part.file().equals(DEVICE)).toList(), kernels);
    }

    /** What a program uses of the device, likewise. */
    static String ofDevice(String program) {
        return used(PARTS.stream().filter(part -> part.file().equals(DEVICE)).toList(), program);
    }

    static List<Part> all() {
        return PARTS;
    }

    private static String used(List<Part> parts, String text) {
        Set<String> needed = new HashSet<>(names(text));
        Set<String> files = new HashSet<>();
        List<Part> used = new ArrayList<>();
        for (Part part : parts.reversed()) {
            boolean wanted = part.defined().isEmpty() ? files.contains(part.file())
                    : part.defined().stream().anyMatch(needed::contains);
            if (wanted) {
                used.add(part);
                files.add(part.file());
                needed.addAll(names(part.text()));
            }
        }
        return used.reversed().stream().map(part -> part.text() + "\n").collect(Collectors.joining());
    }

    private static Set<String> names(String text) {
        return NAME.matcher(COMMENT.matcher(text).replaceAll(" ")).results().map(MatchResult::group)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (String file : FILES) {
            StringBuilder part = new StringBuilder();
            int conditions = 0;
            for (String line : (text(file).stripTrailing() + "\n\n").split("\n", -1)) {
                conditions += line.startsWith("#if") ? 1 : line.startsWith("#endif") ? -1 : 0;
                if (!line.isEmpty() || conditions > 0) {
                    part.append(line).append('\n');
                } else if (!part.isEmpty()) {
                    Set<String> defined = names(part.toString());
                    defined.removeAll(known);
                    known.addAll(defined);
                    parts.add(new Part(file, part.toString(), defined));
                    part.setLength(0);
                }
            }
        }
        return List.copyOf(parts);
    }

    /** A file with those that it includes. */
    private static String text(String file) {
        return INCLUDED.matcher(resource(file)).replaceAll(found -> Matcher.quoteReplacement(text(found.group(1))));
    }

    private static String resource(String name) {
        try (InputStream stream = HelperFunctions.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
