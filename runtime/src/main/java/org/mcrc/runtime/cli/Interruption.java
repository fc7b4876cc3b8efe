package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import org.mcrc.runtime.reconstruct.Cancellation;

/**
 * Lets a run end in order when the process is asked to (Ctrl-C, SIGTERM): the run is told to stop, and the process waits until
 * it has written what there is. Then it ends with the exit status of the signal, 130 after Ctrl-C.
 */
final class Interruption implements AutoCloseable {

    private final Cancellation cancellation;
    private final CountDownLatch finished = new CountDownLatch(1);
    /** Null for a part of another one. */
    private final Thread hook;

    private boolean begun;

    /** What does nothing until {@link #begin}. */
    Interruption(PrintWriter messages) {
        cancellation = new Cancellation();
        hook = new Thread(() -> {
            cancellation.request();
            messages.println();
            messages.println("interrupted: ends after this iteration and writes the best so far");
            messages.flush();
            awaitFinished();
        }, "mcrc-interruption");
    }

    /** From now on, until {@link #close}, the process waits for the run. */
    void begin() {
        if (hook != null && !begun) {
            begun = true;
            try {
                Runtime.getRuntime().addShutdownHook(hook);
            } catch (IllegalStateException alreadyEnding) {
                cancellation.request();
            }
        }
    }

    private Interruption(Cancellation cancellation) {
        this.cancellation = cancellation;
        hook = null;
    }

    /** That of one of several runs, which is interrupted with this, and for which by itself the process does not wait. */
    Interruption ofPart() {
        return new Interruption(cancellation);
    }

    private void awaitFinished() {
        try {
            finished.await();
        } catch (InterruptedException stopWaiting) {
            Thread.currentThread().interrupt();
        }
    }

    Cancellation cancellation() {
        return cancellation;
    }

    /** The run has ended, and everything is written and said. */
    @Override
    public void close() {
        finished.countDown();
        if (begun && !cancellation.requested()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException alreadyEnding) {
                // The signal came just now: there is nothing left to wait for.
            }
        }
    }
}
