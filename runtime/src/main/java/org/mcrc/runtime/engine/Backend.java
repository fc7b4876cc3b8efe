package org.mcrc.runtime.engine;

/** What runs a program. */
public enum Backend {
    /** Kernels generated for this machine's processors. */
    CPU,
    /** Kernels generated for a GPU of NVIDIA's. */
    CUDA,
    /** The evaluator of the Index IR: slow, in double precision, the truth. */
    EVALUATOR
}
