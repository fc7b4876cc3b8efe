package org.mcrc.compiler.kernel;

/** A right program whose arrays, at these sizes, have more elements than can be addressed: the sizes are the user's to change. */
public final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The elements of an array are numbered by integers of 32 bits. */
    public static final long MOST_ELEMENTS = Integer.MAX_VALUE;

    /** @param message what would have how many elements, in the user's terms */
    public TooLarge(String message) {
        super(message + "; at most " + MOST_ELEMENTS + " are possible");
    }
}
