package org.mcrc.compiler.source;

import java.util.Objects;

/**
 * A range of a source file's text.
 *
 * @param file the file
 * @param startOffset the first UTF-16 code unit of the range, from 0
 * @param endOffset one past the last UTF-16 code unit; equal to {@code startOffset} for a place between characters
 */
public record Span(SourceFile file, int startOffset, int endOffset) {

    public Span {
        Objects.requireNonNull(file, "file");
        if (startOffset < 0 || endOffset < startOffset || endOffset > file.text().length()) {
            throw new IllegalArgumentException(
                    "span " + startOffset + ".." + endOffset + " is not in the " + file.text().length()
                            + " characters of " + file);
        }
    }

    /** The file as a whole, for what concerns no particular place in it. */
    public static Span start(SourceFile file) {
        return new Span(file, 0, 0);
    }

    /** The smallest range that holds both; both are of the same file. */
    public Span to(Span other) {
        if (other.file != file) {
            throw new IllegalArgumentException("spans of different files: " + file + ", " + other.file);
        }
        return new Span(file, Math.min(startOffset, other.startOffset), Math.max(endOffset, other.endOffset));
    }

    /** The empty place directly after this range. */
    public Span end() {
        return new Span(file, endOffset, endOffset);
    }

    /** The line of the first character, from 1. */
    public int line() {
        return file.lineOf(startOffset);
    }

    /** The column of the first character, from 1, in Unicode code points. */
    public int column() {
        return file.columnOf(startOffset);
    }

    /** The text of the range. */
    public String text() {
        return file.text().substring(startOffset, endOffset);
    }

    @Override
    public String toString() {
        return file.name() + ":" + line() + ":" + column();
    }
}
