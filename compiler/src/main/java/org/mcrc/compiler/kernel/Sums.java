package org.mcrc.compiler.kernel;

/** How correlations and convolutions are computed. */
public enum Sums {
    /** By Fourier transforms where these take less time. */
    FASTEST,
    /** As they are written: what transforms are compared with. */
    DIRECT
}
