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

@Timeout(60)
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
    void runInsideATaskIsDoneByItsCaller() {
        try (Workers workers = new Workers(2)) {
            AtomicInteger calls = new AtomicInteger();
            workers.run(4, outer -> workers.run(5, inner -> calls.incrementAndGet()));
            assertEquals(20, calls.get());
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
