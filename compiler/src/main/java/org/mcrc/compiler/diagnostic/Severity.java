package org.mcrc.compiler.diagnostic;

/** How bad a diagnostic is. */
public enum Severity {
    /** The file cannot be compiled. */
    ERROR("error"),
    /** The file can be compiled, but probably does not do what was meant. */
    WARNING("warning");

    private final String word;

    Severity(String word) {
        this.word = word;
    }

    /** The word by which diagnostics name it. */
    public String word() {
        return word;
    }
}
