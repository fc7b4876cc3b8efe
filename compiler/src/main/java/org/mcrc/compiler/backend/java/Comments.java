package org.mcrc.compiler.backend.java;

import org.mcrc.compiler.backend.WrappedText;

/** Formulas as comments of generated code. */
final class Comments {
    private Comments() {}

    /** A comment of a sentence and a formula, wrapped, and free of what would end a comment or begin a Unicode escape. */
    static String formula(String comment, String formula) {
        StringBuilder text = new StringBuilder();
        if (!comment.isEmpty()) {
            // "dL/dM" is no word.
            boolean word = comment.length() > 1 && !Character.isUpperCase(comment.charAt(1));
            char first = word ? Character.toUpperCase(comment.charAt(0)) : comment.charAt(0);
            text.append(harmless(first + comment.substring(1))).append(".\n\n");
        }
        // Nobody makes pages of it: comments are read as they stand, and '<' is not masked.
        return text + String.join("\n", WrappedText.lines(harmless(formula), "    "));
    }

    private static String harmless(String text) {
        return text.replace("\\", "/").replace("*/", "* /");
    }
}
