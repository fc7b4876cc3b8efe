package org.mcrc.runtime.engine.cpu.support;

/** How the coefficients of a reverse contraction are read from a matrix G. */
public enum Coefficients {
    /** coefficient(r, b) = G[r][b], for a matrix of rows × depth. */
    AS_STORED,
    /** coefficient(r, b) = G[b][r], for a matrix of depth × rows. */
    TRANSPOSED,
    /** coefficient(r, b) = G[r][b] + G[b][r], for a square matrix: the derivative of a Gram matrix. */
    PLUS_TRANSPOSED
}
