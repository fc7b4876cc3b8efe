package org.mcrc.runtime;

import java.util.Optional;

/**
 * The user's input is at fault: a file, an option, a size. Thrown anywhere in the runtime, caught in one place (the
 * command line), which prints {@link #text()} and ends with exit status 2; no stack trace is ever shown for it.
 *
 * <p>The message is written in the user's terms: it names the file or option and says what is wrong. The mend, where
 * there is a likely one, says what to do.
 */
public class InputError extends RuntimeException {

    private final String mend;

    public InputError(String message) {
        this(message, null);
    }

    /**
     * An error with a proposed mend.
     *
     * @param mend what the user may do about it, a full clause; null where nothing is likely
     */
    public InputError(String message, String mend) {
        super(message);
        this.mend = mend;
    }

    /** What the user may do about it. */
    public Optional<String> mend() {
        return Optional.ofNullable(mend);
    }

    /** Message and mend as they are shown: one line each. */
    public String text() {
        return mend == null ? getMessage() : getMessage() + "\n  " + mend;
    }
}
