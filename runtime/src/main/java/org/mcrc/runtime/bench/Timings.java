package org.mcrc.runtime.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * How long each of several measurements of the same thing took.
 *
 * @param seconds at least one
 */
public record Timings(List<Double> seconds) {
    public Timings {
        seconds = List.copyOf(seconds);
        if (seconds.isEmpty()) {
            throw new IllegalArgumentException("no measurement");
        }
    }

    /** One measurement of what an action takes. */
    public static Timings of(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return new Timings(List.of((System.nanoTime() - start) / 1e9));
    }

    public Timings plus(Timings other) {
        List<Double> all = new ArrayList<>(seconds);
        all.addAll(other.seconds);
        return new Timings(all);
    }

    /** The one in the middle, or the mean of the two there. */
    public double median() {
        double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public double least() {
        return seconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }
}
