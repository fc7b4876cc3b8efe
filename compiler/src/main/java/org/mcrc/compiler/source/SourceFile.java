package org.mcrc.compiler.source;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * The text of one descriptor file, with an index of its lines.
 *
 * <p>Lines end with {@code \n}, {@code \r\n} or {@code \r}. Two source files are equal only if they are the same
 * object. {@code SourceReader} makes one from a file's bytes.
 */
public final class SourceFile {

    private final String name;
    private final Optional<Path> path;
    private final String text;
    private final int[] lineStarts;

    private SourceFile(String name, Optional<Path> path, String text) {
        this.name = Objects.requireNonNull(name, "name");
        this.path = path;
        this.text = Objects.requireNonNull(text, "text");
        this.lineStarts = lineStarts(text);
    }

    /** A source that lies in no file, as in tests; {@code name} is what diagnostics call it. */
    public static SourceFile of(String name, String text) {
        return new SourceFile(name, Optional.empty(), text);
    }

    /** A source read from {@code path}, which is also its name in diagnostics. */
    public static SourceFile of(Path path, String text) {
        return new SourceFile(path.toString(), Optional.of(path), text);
    }

    /** What diagnostics call the file. */
    public String name() {
        return name;
    }

    /** Where the file lies, if anywhere. */
    public Optional<Path> path() {
        return path;
    }

    /** The place of a file that this one names: relative to this file's folder. */
    public Path resolve(String fileName) {
        return path.map(own -> own.resolveSibling(fileName)).orElseGet(() -> Path.of(fileName));
    }

    /** The whole text. */
    public String text() {
        return text;
    }

    /** The number of lines; an empty text has one. */
    public int lineCount() {
        return lineStarts.length;
    }

    /** The line, from 1, that holds the code unit at {@code offset}. */
    public int lineOf(int offset) {
        int position = Arrays.binarySearch(lineStarts, offset);
        return position >= 0 ? position + 1 : -position - 1;
    }

    /** The column, from 1, in Unicode code points, of the code unit at {@code offset}. */
    public int columnOf(int offset) {
        return text.codePointCount(lineStarts[lineOf(offset) - 1], offset) + 1;
    }

    /** The offset of the first code unit of {@code line}, from 1. */
    public int startOfLine(int line) {
        return lineStarts[line - 1];
    }

    /** The offset after the last code unit of {@code line}, its line break not included. */
    public int endOfLine(int line) {
        int end = line < lineStarts.length ? lineStarts[line] : text.length();
        int start = lineStarts[line - 1];
        while (end > start && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return end;
    }

    @Override
    public String toString() {
        return name;
    }

    private static int[] lineStarts(String text) {
        int[] starts = new int[16];
        int count = 1;
        for (int offset = 0; offset < text.length(); offset++) {
            char character = text.charAt(offset);
            boolean ends = character == '\n'
                    || character == '\r' && (offset + 1 == text.length() || text.charAt(offset + 1) != '\n');
            if (ends) {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, 2 * count);
                }
                starts[count++] = offset + 1;
            }
        }
        return Arrays.copyOf(starts, count);
    }
}
