package org.mcrc.compiler.backend.cuda;

/** The arithmetic of a program's kernels. */
public enum CudaPrecision {
    /** Single precision throughout. */
    SINGLE("float", Float.BYTES, false),
    /**
     * Single precision, with large contractions on tensor cores: of halves, by three products, which are as accurate. What an
     * operand has below 2^-32 of its greatest value is lost.
     */
    SINGLE_ON_TENSOR_CORES("float", Float.BYTES, true),
    /**
     * The same by three products or by one, as launches say; the greatest value is what it can be at most, where that is
     * known.
     */
    MIXED("float", Float.BYTES, true),
    /** Double precision throughout. */
    DOUBLE("double", Double.BYTES, false);

    private final String element;
    private final int bytes;
    private final boolean tensorCores;

    CudaPrecision(String element, int bytes, boolean tensorCores) {
        this.element = element;
        this.bytes = bytes;
        this.tensorCores = tensorCores;
    }

    /** Whether large contractions are made by tensor cores. */
    public boolean usesTensorCores() {
        return tensorCores;
    }

    /** The type of the elements of stored arrays. */
    public String element() {
        return element;
    }

    /** The bytes of such an element. */
    public int bytes() {
        return bytes;
    }
}
