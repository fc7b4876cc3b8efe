package org.mcrc.compiler.backend.cuda;

/** Formulas as comments of generated code. */
final class Comments {
    private static final int WIDTH = 110;

    private Comments() {}

    /** A comment of a sentence, which may be empty, and a formula, wrapped, and free of what would end a comment. */
    static String of(String sentence, String formula) {
        StringBuilder text = new StringBuilder("// ");
        if (!sentence.isEmpty()) {
            text.append(sentence).append(sentence.endsWith(".") ? "" : ".").append("\n// ");
        }
        int column = 0;
        for (String word : formula.replace("\\", "/").split("(?<= )|(?<=\n)")) {
            if (column + word.length() > WIDTH && column > 0) {
                text.append("\n//     ");
                column = 4;
            }
            text.append(word.replace("\n", "\n// "));
            column = word.contains("\n") ? 0 : column + word.length();
        }
        return text.toString().replaceAll(" +\n", "\n").stripTrailing() + "\n";
    }
}
