package org.mcrc.runtime.bench;

import java.util.Map;

/**
 * What one evaluation of loss and gradient does, as the Kernel IR counts it.
 *
 * @param descriptor its name
 * @param params the values of all params
 * @param flops additions, multiplications and the like
 * @param transcendentals exponentials and the like
 * @param bytes the stored arrays that kernels read or write
 * @param contractionRows the rows of the largest contraction, 0 where there is none
 * @param contractionPixels what that contraction sums over
 */
public record Workload(String descriptor, Map<String, Double> params, double flops, double transcendentals, double bytes,
        int contractionRows, int contractionPixels) {}
