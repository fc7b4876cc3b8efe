package org.mcrc.runtime.bench;

import java.util.List;
import org.mcrc.runtime.report.Versions;

/**
 * What was measured in one run.
 *
 * @param machine where
 * @param device the GPU on which descriptors were evaluated, null where it was this machine's processors
 * @param vectorBits the bits of a vector register
 * @param caches the processor's caches, where the system tells
 * @param workers the threads that each measurement used
 * @param precision {@code single}, {@code mixed} or {@code double}
 * @param limits what the machine's processors can do; none where a GPU was measured
 * @param cases what the descriptors took
 */
public record BenchReport(Versions machine, String device, int vectorBits, String caches, int workers, String precision,
        List<Limit> limits, List<Case> cases) {
    /**
     * A limit of the machine.
     *
     * @param name what it is
     * @param unit {@code Gflop/s} or {@code GB/s}
     * @param best the highest rate measured
     * @param median the rate of the measurement in the middle
     */
    public record Limit(String name, String unit, double median, double best) {}

    /**
     * One descriptor at one size.
     *
     * @param name as on the command line
     * @param gflops the rate at the median
     * @param limitSeconds what the roofline allows; like the next two null where a GPU was measured
     * @param bound by which limit
     * @param ratioToLimit the median in these
     * @param peers others that compute the same
     */
    public record Case(String name, Workload workload, Timings timings, double gflops, Double limitSeconds, String bound,
            Double ratioToLimit, MemoryUse memory, List<PeerResult> peers) {
        /**
         * The case with its quotients.
         *
         * @param roofline null where there is none
         */
        public static Case of(String name, Workload workload, Timings timings, Roofline roofline, MemoryUse memory,
                List<PeerResult> peers) {
            double median = timings.median();
            return new Case(name, workload, timings, workload.flops() / 1e9 / median,
                    roofline == null ? null : roofline.seconds(), roofline == null ? null : roofline.bound().toString(),
                    roofline == null ? null : median / roofline.seconds(), memory, peers);
        }
    }

    /**
     * Another program.
     *
     * @param command as it was run
     * @param flops the operations that it says it did, or the case's
     * @param bytes its most memory, 0 where it does not say
     * @param ratio its median time in those of the case
     */
    public record PeerResult(String command, Timings timings, double flops, long bytes, double ratio) {}
}
