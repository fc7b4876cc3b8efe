package org.mcrc.compiler.backend.cuda;

/** The arithmetic of a program's kernels. */
public enum CudaPrecision {
    /** Single precision throughout. */
    SINGLE("float", Float.BYTES),
    /**
     * Single precision, with large contractions on tensor cores: of halves, by three products, which are as accurate, or by
     * one, as launches say. What an operand has below 2^-32 of its greatest value is lost.
     */
    TENSOR_CORES("float", Float.BYTES),
    /** Double precision throughout. */
    DOUBLE("double", Double.BYTES);

    private final String element;
    private final int bytes;

    CudaPrecision(String element, int bytes) {
        this.element = element;
        this.bytes = bytes;
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
