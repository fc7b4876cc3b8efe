package org.mcrc.compiler.syntax;

/** What lies beyond the edge of a field. */
public enum Boundary {
    /** The field again. */
    PERIODIC("periodic"),
    /** Nothing: terms with a read beyond the edge are left out. */
    OPEN("open");

    private final String word;

    Boundary(String word) {
        this.word = word;
    }

    /** The word by which it is written. */
    public String word() {
        return word;
    }
}
