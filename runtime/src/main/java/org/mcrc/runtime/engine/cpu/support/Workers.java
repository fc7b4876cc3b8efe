package org.mcrc.runtime.engine.cpu.support;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * A fixed pool of threads that share out numbered tasks.
 *
 * <p>The calling thread takes part, so a pool of n has n - 1 threads of its own (daemons). All runs that are under way are
 * one list of work, the oldest first: whoever is free claims the next task of the first run that has any left. Which thread
 * runs which task is left to chance, and results must not depend on it. Idle threads spin for some microseconds before
 * they sleep, so that many short runs in a row are cheap.
 *
 * <p>{@link #together} has several such runs under way at once. A thread that waits for the last tasks of its own run, which
 * others have claimed, meanwhile works at those of another one.
 */
public final class Workers implements AutoCloseable {
    /** How often an idle thread looks for work before it sleeps: about 20 microseconds. */
    private static final int SPINS = 500;

    private static final Run[] NONE = {};

    private final Thread[] threads;
    private final Queue<Thread> sleepers = new ConcurrentLinkedQueue<>();
    private final Object changes = new Object();
    /** The runs under way, the oldest first: replaced and never written to. */
    private volatile Run[] runs = NONE;
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
        if (tasks > 0) {
            complete(new Run(tasks, task, false, Thread.currentThread()));
        }
    }

    /**
     * Does several pieces of work that do not need each other, each of which may {@link #run} tasks of its own, and returns
     * when all are done. A thread begins the next one when there is no task to be claimed of those that are under way: never
     * more of them at once than there are workers.
     *
     * <p>If one throws, those that nobody has begun are left out, and the first exception is thrown again here.
     */
    public void together(Runnable... pieces) {
        if (pieces.length > 0) {
            complete(new Run(pieces.length, piece -> pieces[piece].run(), true, Thread.currentThread()));
        }
    }

    private void complete(Run run) {
        if (run.tasks == 1 || threads.length == 0 || closed) {
            while (run.claimAndDo()) {
                // All of them are for this thread.
            }
        } else {
            replaceRuns(run, true);
            try {
                wakeAll();
                while (run.claimAndDo()) {
                    // Others do so as well.
                }
                awaitOthers(run);
            } finally {
                replaceRuns(run, false);
            }
        }
        run.rethrow();
    }

    /** Ends the pool's threads; later runs are done by their callers alone. */
    @Override
    public void close() {
        closed = true;
        wakeAll();
    }

    private void replaceRuns(Run run, boolean added) {
        synchronized (changes) {
            Run[] now = runs;
            if (added) {
                Run[] more = Arrays.copyOf(now, now.length + 1);
                more[now.length] = run;
                runs = more;
            } else {
                runs = now.length == 1 ? NONE : Arrays.stream(now).filter(other -> other != run).toArray(Run[]::new);
            }
        }
    }

    private void wakeAll() {
        for (Thread sleeper = sleepers.poll(); sleeper != null; sleeper = sleepers.poll()) {
            LockSupport.unpark(sleeper);
        }
    }

    /** Does one task of the oldest run that has any left to claim; one of {@link #together} only if {@code pieces}. */
    private boolean help(boolean pieces) {
        Run[] now = runs;
        for (Run run : now) {
            if (!run.ofPieces && run.claimAndDo()) {
                return true;
            }
        }
        if (pieces) {
            for (Run run : now) {
                if (run.ofPieces && run.claimAndDo()) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isWork(boolean pieces) {
        for (Run run : runs) {
            if ((pieces || !run.ofPieces) && run.hasTasks()) {
                return true;
            }
        }
        return false;
    }

    private void serve() {
        int spins = 0;
        while (!closed) {
            if (help(true)) {
                spins = 0;
            } else if (spins < SPINS) {
                spins++;
                Thread.onSpinWait();
            } else {
                sleepUnless(() -> closed || isWork(true));
                spins = 0;
            }
        }
    }

    /**
     * Returns when all tasks of a run are done. Meanwhile this thread does tasks of other runs, but begins no piece of
     * {@link #together}: its own run would wait for all of it.
     */
    private void awaitOthers(Run run) {
        int spins = 0;
        while (!run.isDone()) {
            if (help(false)) {
                spins = 0;
            } else if (spins < SPINS) {
                spins++;
                Thread.onSpinWait();
            } else {
                sleepUnless(() -> run.isDone() || isWork(false));
            }
        }
    }

    private void sleepUnless(BooleanSupplier awaited) {
        // Announced before the last look, so that either this thread sees what it waits for or whoever brings it about
        // sees the sleeper.
        Thread self = Thread.currentThread();
        sleepers.add(self);
        if (!awaited.getAsBoolean()) {
            LockSupport.park(this);
        }
        sleepers.remove(self);
    }

    private static final class Run {
        private final int tasks;
        private final IntConsumer task;
        private final boolean ofPieces;
        private final Thread caller;
        private final AtomicInteger claimed = new AtomicInteger();
        private final AtomicInteger remaining;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        private Run(int tasks, IntConsumer task, boolean ofPieces, Thread caller) {
            this.tasks = tasks;
            this.task = task;
            this.ofPieces = ofPieces;
            this.caller = caller;
            this.remaining = new AtomicInteger(tasks);
        }

        private boolean hasTasks() {
            return claimed.get() < tasks;
        }

        private boolean isDone() {
            return remaining.get() == 0;
        }

        /** Claims a task and does it; false where none is left. */
        private boolean claimAndDo() {
            // Looked at first: the number of those who find nothing must not count on.
            int number = hasTasks() ? claimed.getAndIncrement() : tasks;
            if (number >= tasks) {
                return false;
            }
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
            return true;
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
