package org.mcrc.compiler.backend.java;

/** Formulas as comments of generated code. */
final class Comments {
    private static final int WIDTH = 110;

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
        int column = 0;
        // Nobody makes pages of it: comments are read as they stand, and '<' is not masked.
        for (String word : harmless(formula).split("(?<= )")) {
            if (column + word.length() > WIDTH && column > 0) {
                text.append("\n    ");
                column = 4;
            }
            text.append(word);
            column = word.contains("\n") ? word.length() - word.lastIndexOf('\n') : column + word.length();
        }
        return text.toString().replaceAll(" +\n", "\n");
    }

    private static String harmless(String text) {
        return text.replace("*/", "* /").replace("\\", "/");
    }
}
