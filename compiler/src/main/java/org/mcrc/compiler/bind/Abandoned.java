package org.mcrc.compiler.bind;

/** Unwinds from a problem that was reported to the declaration that has it; never leaves the package. */
final class Abandoned extends RuntimeException {
    Abandoned() {
        super(null, null, false, false);
    }
}
