package org.mcrc.compiler.backend.cuda;

/**
 * How the elements of a reverse contraction lie in their workspace.
 *
 * @param rowStride the distance of rows
 * @param slices how many partial sums each element has there; 1 where it is finished
 * @param sliceStride the distance of the partial sums
 */
record ZElements(int rowStride, int slices, long sliceStride) {}
