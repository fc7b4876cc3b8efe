package org.mcrc.runtime.cli;

/** A descriptor file has errors: all of them are told, and the exit status is 2. */
final class DescriptorFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String text;

    /** @param text the rendered diagnostics, each line ended */
    DescriptorFault(String text) {
        super("the descriptor file has errors", null, false, false);
        this.text = text;
    }

    /** What is shown. */
    String text() {
        return text;
    }
}
