package org.mcrc.compiler.backend;

import java.util.ArrayList;
import java.util.List;

/** Texts in comments of generated code. */
public final class WrappedText {
    /** What a descriptor's author writes in a line of a file stays a line. */
    private static final int WIDTH = 120;

    private WrappedText() {}

    /**
     * The lines of a text, those that are too long divided between words.
     *
     * @param indent before what continues a line that was divided
     */
    public static List<String> lines(String text, String indent) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            StringBuilder part = new StringBuilder();
            if (line.length() <= WIDTH) {
                part.append(line);
            } else {
                for (String word : line.split("(?<= )")) {
                    if (part.length() + word.stripTrailing().length() > WIDTH && !part.toString().isBlank()) {
                        lines.add(part.toString().stripTrailing());
                        part = new StringBuilder(indent);
                    }
                    part.append(word);
                }
            }
            lines.add(part.toString().stripTrailing());
        }
        return lines;
    }
}
