package org.mcrc.runtime.engine.cpu.support;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A fixed pool of threads that share out numbered tasks.
 *
 * <p>The calling thread takes part, so a pool of n has n - 1 threads of its own (daemons). Whoever is free claims the
 * next number: which thread runs which task is left to chance, and results must not depend on it. Idle threads spin for
 * some microseconds before they sleep, so that many short runs in a row are cheap.
 *
 * <p>A run that is started while another is under way, from inside a task or from another thread, is done by its caller
 * alone.
 */
public final class Workers implements AutoCloseable {
    /** How often an idle thread looks for work before it sleeps: about 20 microseconds. */
    private static final int SPINS = 500;

    private final Thread[] threads;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicInteger sleeping = new AtomicInteger();
    private volatile Run current;
    private volatile boolean closed;

    /** A pool of as many workers as the machine offers processors. */
    public Workers() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /**
     * A pool of {@code count} workers, the caller among them.
     *
     * @throws IllegalArgumentException if {@code count} is not positive
     */
    public Workers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("A pool needs at least one worker, not " + count + ".");
        }
        threads = new Thread[count - 1];
        for (int index = 0; index < threads.length; index++) {
            threads[index] = Thread.ofPlatform().daemon().name("mcrc-worker-" + (index + 1)).unstarted(this::serve);
        }
        for (Thread thread : threads) {
            thread.start();
        }
    }

    /** The number of workers, the caller included. */
    public int count() {
        return threads.length + 1;
    }

    /**
     * Runs {@code task} for 0 … {@code tasks} - 1 and returns when all are done. What the tasks have written is visible
     * to the caller afterwards.
     *
     * <p>If a task throws, tasks that nobody has begun are left out, and the first exception is thrown again here.
     */
    public void run(int tasks, IntConsumer task) {
        if (tasks <= 0) {
            return;
        }
        Run run = new Run(tasks, task, Thread.currentThread());
        if (tasks == 1 || threads.length == 0 || closed || !busy.compareAndSet(false, true)) {
            run.takePart();
        } else {
            try {
                current = run;
                if (sleeping.get() > 0) {
                    for (Thread thread : threads) {
                        LockSupport.unpark(thread);
                    }
                }
                run.takePart();
                run.awaitOthers();
            } finally {
                current = null;
                busy.set(false);
            }
        }
        run.rethrow();
    }

    /** Ends the pool's threads; later runs are done by their callers alone. */
    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }

    private void serve() {
        Run last = null;
        int spins = 0;
        while (!closed) {
            Run run = current;
            if (run != null && run != last) {
                run.takePart();
                last = run;
                spins = 0;
            } else if (spins < SPINS) {
                spins++;
                Thread.onSpinWait();
            } else {
                // Announced before the last look at `current`, so that either this thread sees the run or its
                // publisher sees the sleeper.
                sleeping.incrementAndGet();
                if ((current == null || current == last) && !closed) {
                    // A sleeper that remembers a run keeps all that the run's task refers to.
                    last = null;
                    run = null;
                    LockSupport.park(this);
                }
                sleeping.decrementAndGet();
                last = null;
                spins = 0;
            }
        }
    }

    private static final class Run {
        private final int tasks;
        private final IntConsumer task;
        private final Thread caller;
        private final AtomicInteger claimed = new AtomicInteger();
        private final AtomicInteger remaining;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        private Run(int tasks, IntConsumer task, Thread caller) {
            this.tasks = tasks;
            this.task = task;
            this.caller = caller;
            this.remaining = new AtomicInteger(tasks);
        }

        private void takePart() {
            int number = claimed.getAndIncrement();
            while (number < tasks) {
                if (failure.get() == null) {
                    try {
                        task.accept(number);
                    } catch (Throwable thrown) {
                        failure.compareAndSet(null, thrown);
                    }
                }
                if (remaining.decrementAndGet() == 0 && Thread.currentThread() != caller) {
                    LockSupport.unpark(caller);
                }
                number = claimed.getAndIncrement();
            }
        }

        private void awaitOthers() {
            int spins = 0;
            while (remaining.get() > 0) {
                if (spins < SPINS) {
                    spins++;
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
        }

        private void rethrow() {
            Throwable thrown = failure.get();
            if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown != null) {
                // Only a task that smuggles checked exceptions past the compiler gets here.
                throw new IllegalStateException(thrown);
            }
        }
    }
}
