package org.mcrc.runtime.reconstruct;

/** Is told of each iteration, in the thread that runs the reconstruction. */
@FunctionalInterface
public interface ProgressListener {

    void iterated(Iteration iteration);

    /** Something was done besides iterating. */
    default void happened(Event event) {
    }
}
