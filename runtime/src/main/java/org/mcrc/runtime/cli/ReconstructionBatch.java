package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.reconstruct.ReconstructionResult;

/**
 * Several runs of {@code mcrc reconstruct} that differ in their seeds and folders. On a GPU they run side by side, each in a
 * thread and with a stream of launches of its own, so that small fields fill it; elsewhere one after another, for one alone
 * uses all processors.
 *
 * @param jobs quiet ones
 * @param quiet whether nothing is shown but faults
 */
record ReconstructionBatch(List<ReconstructionJob> jobs, Backend backend, boolean quiet) {
    ReconstructionBatch {
        jobs = List.copyOf(jobs);
    }

    /**
     * Runs all of them.
     *
     * @param out receives a table of their results
     * @param messages receives a line when one of them has ended
     * @return the exit status: that of the worst
     */
    int run(PrintWriter out, PrintWriter messages) {
        try (Interruption interruption = new Interruption(messages)) {
            interruption.begin();
            List<ReconstructionJob.Outcome> outcomes = run(messages, interruption);
            if (!quiet) {
                Table.print(out, rows(outcomes), "");
                out.flush();
            }
            return outcomes.stream().mapToInt(ReconstructionJob.Outcome::status).max().orElse(Main.DONE);
        }
    }

    private List<ReconstructionJob.Outcome> run(PrintWriter messages, Interruption interruption) {
        List<ReconstructionJob.Outcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(backend == Backend.CUDA ? jobs.size() : 1)) {
            List<Future<Optional<ReconstructionJob.Outcome>>> futures = new ArrayList<>();
            jobs.forEach(job -> futures.add(threads.submit(() -> run(job, messages, interruption))));
            try {
                for (Future<Optional<ReconstructionJob.Outcome>> future : futures) {
                    future.get().ifPresent(outcomes::add);
                }
            } catch (ExecutionException | InterruptedException failure) {
                interruption.cancellation().request();
                throw failure.getCause() instanceof RuntimeException exception ? exception
                        : new IllegalStateException(failure);
            }
        }
        return outcomes;
    }

    /** Empty where the batch was interrupted before this one began. */
    private Optional<ReconstructionJob.Outcome> run(ReconstructionJob job, PrintWriter messages, Interruption interruption) {
        if (interruption.cancellation().requested()) {
            return Optional.empty();
        }
        ReconstructionJob.Outcome outcome = Engines.apart(backend, () -> job.run(messages, interruption.ofPart()));
        if (!quiet) {
            ReconstructionResult result = outcome.result();
            messages.println("seed " + job.loop().seed() + ": " + result.reason().text() + ", "
                    + String.format(Locale.ROOT, "%d iterations, %.1f s", result.iterations().size(), result.seconds()));
            messages.flush();
        }
        return Optional.of(outcome);
    }

    private List<List<String>> rows(List<ReconstructionJob.Outcome> outcomes) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("seed", "ended by", "relative error", "iterations", "seconds", "file"));
        for (int k = 0; k < outcomes.size(); k++) {
            ReconstructionResult result = outcomes.get(k).result();
            rows.add(List.of(Long.toString(jobs.get(k).loop().seed()), result.reason().text(),
                    String.format(Locale.ROOT, "%.3g", result.relativeError()),
                    Integer.toString(result.iterations().size()), String.format(Locale.ROOT, "%.1f", result.seconds()),
                    outcomes.get(k).file().toString()));
        }
        return rows;
    }
}
