package org.mcrc.runtime.engine.cpu;

/** A generated class: the kernels of one program, bound to its arrays. Each phase needs what the earlier ones computed. */
public interface CpuKernels {
    /** What no field and no target enters; once. */
    void prepare();

    /** The outputs and reports of the fields. */
    void outputs();

    /** The error, the penalties and the loss. */
    void loss();

    /** The gradient of the loss. */
    void gradient();
}
