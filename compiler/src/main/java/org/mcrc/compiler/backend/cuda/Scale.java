package org.mcrc.compiler.backend.cuda;

/**
 * The power of two by which an operand of halves is multiplied, and its reciprocal: known from the range of its values, or
 * found before it is staged.
 *
 * @param number of the scale among those that are found
 * @param known the scale; 0 where it is to be found
 */
record Scale(int number, double known) {
    /** The greatest value comes between this and twice as much. */
    private static final double LEAST_OF_GREATEST = 128;

    /** A scale for values up to {@code magnitude}, which is found where that is infinite. */
    static Scale of(int number, double magnitude) {
        boolean usable = magnitude > 1e-30 && magnitude < 1e30;
        return new Scale(number, !usable ? 0 : Math.scalb(1.0, Math.getExponent(LEAST_OF_GREATEST)
                - Math.getExponent(magnitude)));
    }

    boolean isKnown() {
        return known != 0;
    }

    /** The scale in a kernel. Where it is known it is data nevertheless: other values of params need no other kernel. */
    String value(KernelWriter kernel) {
        return isKnown() ? "static_cast<float>(" + numbers(kernel) + "[0])" : scales(kernel) + "[" + 2 * number + "]";
    }

    /** Its reciprocal. */
    String inverse(KernelWriter kernel) {
        return isKnown() ? "static_cast<float>(" + numbers(kernel) + "[1])" : scales(kernel) + "[" + (2 * number + 1) + "]";
    }

    private String numbers(KernelWriter kernel) {
        return kernel.numbers("scale_" + number, new double[] {known, 1 / known});
    }

    private static String scales(KernelWriter kernel) {
        return kernel.workspace(ContractionWriter.SCALES, "scales", "const float");
    }
}
