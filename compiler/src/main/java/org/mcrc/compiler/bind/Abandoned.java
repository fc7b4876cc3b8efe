package org.mcrc.compiler.bind;

/** Unwinds from a problem that was reported to the declaration that has it; never leaves the package. */
final class Abandoned extends RuntimeException {
    private final boolean limit;

    Abandoned() {
        this(false);
    }

    /** @param limit whether a limit is exceeded: then nothing else of the descriptor is worth a look */
    Abandoned(boolean limit) {
        super(null, null, false, false);
        this.limit = limit;
    }

    boolean atLimit() {
        return limit;
    }
}
