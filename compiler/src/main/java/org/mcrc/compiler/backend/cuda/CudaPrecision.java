package org.mcrc.compiler.backend.cuda;

/** The arithmetic of a program's kernels. */
public enum CudaPrecision {
    /** Single precision throughout. */
    SINGLE("float", Float.BYTES),
    /**
     * Single precision, with large contractions on tensor cores: of halves, by one product or by three, as launches say.
     * Three have the operands' digits of single precision, but tensor cores cut digits off as they add: about 1e-5 of a sum.
     */
    MIXED("float", Float.BYTES),
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
