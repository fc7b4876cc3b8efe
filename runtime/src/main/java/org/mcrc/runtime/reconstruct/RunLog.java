package org.mcrc.runtime.reconstruct;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a run has done so far, with the seconds since this was made; a listener is told of everything as it comes. */
final class RunLog {
    private final long start = System.nanoTime();
    private final ProgressListener listener;
    private final List<Iteration> iterations = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();

    RunLog(ProgressListener listener) {
        this.listener = listener;
    }

    double seconds() {
        return (System.nanoTime() - start) * 1e-9;
    }

    void iterated(Iteration iteration) {
        iterations.add(iteration);
        listener.iterated(iteration);
    }

    /** Something happened after the last iteration. */
    void happened(Event.Kind kind, String detail) {
        Event event = new Event(iterations.size(), seconds(), kind, detail);
        events.add(event);
        listener.happened(event);
    }

    /** The iterations so far, in their order. */
    List<Iteration> iterations() {
        return Collections.unmodifiableList(iterations);
    }

    /** The events so far, in their order. */
    List<Event> events() {
        return Collections.unmodifiableList(events);
    }

    /** The same run, for what reports parts of it only by how they ended. */
    ProgressListener eventsOnly() {
        return new ProgressListener() {
            @Override
            public void iterated(Iteration iteration) {
                throw new IllegalStateException("a part of a run tells how it ended only");
            }

            @Override
            public void happened(Event event) {
                RunLog.this.happened(event.kind(), event.detail());
            }
        };
    }
}
