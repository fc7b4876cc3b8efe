package org.mcrc.compiler.backend.cuda;

import org.mcrc.compiler.index.Definition;

/** Sentences and formulas as comments of generated code. */
final class Comments {
    private static final int WIDTH = 110;

    private Comments() {}

    /** What a definition is in the descriptor's terms, if that is said, and its formula. */
    static String of(Definition definition) {
        return of(definition.comment(), definition.formula());
    }

    /**
     * A comment of a sentence and a formula, either of which may be empty, wrapped, and free of what would end a comment or
     * carry it on: a backslash at the end of a line.
     */
    static String of(String sentence, String formula) {
        return (sentence.isEmpty() ? "" : wrapped(capitalized(sentence) + (sentence.endsWith(".") ? "" : "."), ""))
                + (formula.isEmpty() ? "" : wrapped(formula, "    "));
    }

    /** "dL/dM" is no word and stays as it is. */
    private static String capitalized(String sentence) {
        boolean word = sentence.length() > 1 && !Character.isUpperCase(sentence.charAt(1));
        return word ? Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1) : sentence;
    }

    private static String wrapped(String lines, String indent) {
        StringBuilder text = new StringBuilder("// ");
        int column = 0;
        for (String word : lines.replace("\\", "/").split("(?<= )|(?<=\n)")) {
            if (column + word.length() > WIDTH && column > 0) {
                text.append("\n// ").append(indent);
                column = indent.length();
            }
            text.append(word.replace("\n", "\n// "));
            column = word.contains("\n") ? 0 : column + word.length();
        }
        return text.toString().replaceAll(" +\n", "\n").stripTrailing() + "\n";
    }
}
