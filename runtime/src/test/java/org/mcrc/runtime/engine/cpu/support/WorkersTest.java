package org.mcrc.runtime.engine.cpu.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkersTest {
    @Test
    void everyTaskRunsOnceInEachOfManyShortRuns() {
        try (Workers workers = new Workers(3)) {
            for (int run = 0; run < 5_000; run++) {
                int tasks = run % 7;
                AtomicIntegerArray calls = new AtomicIntegerArray(tasks);
                workers.run(tasks, calls::incrementAndGet);
                for (int task = 0; task < tasks; task++) {
                    assertEquals(1, calls.get(task));
                }
                if (run % 1000 == 0) {
                    // Long enough for the others to fall asleep.
                    LockSupport.parkNanos(2_000_000);
                }
            }
        }
    }

    @Test
    void tasksRunAtTheSameTime() throws InterruptedException {
        try (Workers workers = new Workers(3)) {
            Thread.sleep(20);
            CountDownLatch allBegun = new CountDownLatch(3);
            workers.run(3, task -> {
                allBegun.countDown();
                try {
                    allBegun.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
            });
        }
    }

    @Test
    void exceptionOfATaskReachesTheCallerAndThePoolGoesOn() {
        try (Workers workers = new Workers(2)) {
            IllegalArgumentException thrown = new IllegalArgumentException("task 5");
            assertSame(thrown, assertThrows(IllegalArgumentException.class, () -> workers.run(50, task -> {
                if (task == 5) {
                    throw thrown;
                }
            })));
            assertThrows(StackOverflowError.class, () -> workers.run(2, task -> {
                throw new StackOverflowError();
            }));
            AtomicInteger sum = new AtomicInteger();
            workers.run(10, sum::addAndGet);
            assertEquals(45, sum.get());
        }
    }

    @Test
    void runInsideATaskIsDone() {
        try (Workers workers = new Workers(2)) {
            AtomicInteger calls = new AtomicInteger();
            workers.run(4, outer -> workers.run(5, inner -> calls.incrementAndGet()));
            assertEquals(20, calls.get());
        }
    }

    @Test
    void runsOfSeveralThreadsAtOnceAreDone() throws InterruptedException {
        try (Workers workers = new Workers(2)) {
            AtomicInteger calls = new AtomicInteger();
            Thread other = new Thread(() -> repeat(1000, () -> workers.run(3, task -> calls.incrementAndGet())));
            other.start();
            repeat(1000, () -> workers.run(4, task -> calls.incrementAndGet()));
            other.join();
            assertEquals(7000, calls.get());
        }
    }

    @Test
    void piecesAreDoneOnceEachWithTheRunsInThem() {
        for (int count = 1; count <= 4; count++) {
            try (Workers workers = new Workers(count)) {
                for (int repetition = 0; repetition < 500; repetition++) {
                    AtomicIntegerArray calls = new AtomicIntegerArray(3);
                    workers.together(() -> repeat(4, () -> workers.run(9, task -> calls.incrementAndGet(0))),
                            () -> repeat(2, () -> workers.run(5, task -> calls.incrementAndGet(1))),
                            () -> calls.incrementAndGet(2));
                    assertEquals("[36, 10, 1]", calls.toString());
                }
            }
        }
    }

    @Test
    void noMorePiecesAtOnceThanWorkers() {
        try (Workers workers = new Workers(2)) {
            AtomicInteger now = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            Runnable piece = () -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                repeat(5, () -> workers.run(7, task -> LockSupport.parkNanos(1000)));
                now.decrementAndGet();
            };
            repeat(30, () -> workers.together(piece, piece, piece, piece, piece));
            assertTrue(most.get() <= 2, "at once " + most);
        }
    }

    /** The two tasks of the long piece wait for each other: whoever is done with the short piece has to take one. */
    @Test
    void whoeverIsDoneWithItsPieceHelpsWithTheOthers() {
        try (Workers workers = new Workers(2)) {
            repeat(50, () -> {
                CountDownLatch both = new CountDownLatch(2);
                AtomicInteger shortOnes = new AtomicInteger();
                workers.together(() -> workers.run(2, task -> {
                    both.countDown();
                    try {
                        both.await();
                    } catch (InterruptedException interrupted) {
                        throw new IllegalStateException(interrupted);
                    }
                }), shortOnes::incrementAndGet);
                assertEquals(1, shortOnes.get());
            });
        }
    }

    @Test
    void exceptionOfAPieceReachesTheCaller() {
        try (Workers workers = new Workers(2)) {
            IllegalArgumentException thrown = new IllegalArgumentException("task 3 of a piece");
            Runnable failing = () -> workers.run(5, task -> {
                if (task == 3) {
                    throw thrown;
                }
            });
            assertSame(thrown, assertThrows(IllegalArgumentException.class, () -> workers.together(failing, () -> {})));
            AtomicInteger sum = new AtomicInteger();
            workers.together(() -> workers.run(10, sum::addAndGet));
            assertEquals(45, sum.get());
        }
    }

    private static void repeat(int times, Runnable action) {
        for (int time = 0; time < times; time++) {
            action.run();
        }
    }

    @Test
    void closedPoolStillDoesItsCallersWork() {
        Workers workers = new Workers(4);
        workers.close();
        AtomicInteger calls = new AtomicInteger();
        workers.run(5, task -> calls.incrementAndGet());
        assertEquals(5, calls.get());
        assertTrue(new Workers().count() >= 1);
        assertThrows(IllegalArgumentException.class, () -> new Workers(0));
    }
}
