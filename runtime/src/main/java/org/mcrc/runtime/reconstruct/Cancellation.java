package org.mcrc.runtime.reconstruct;

/** Asks a reconstruction that runs in another thread to stop after the evaluation it is at. */
public final class Cancellation {

    private volatile boolean requested;

    public void request() {
        requested = true;
    }

    public boolean requested() {
        return requested;
    }
}
