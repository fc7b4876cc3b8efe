package org.mcrc.compiler.backend.cuda;

/**
 * The power of two by which an operand of halves is multiplied, and its reciprocal: known from the range of its values, or
 * found before it is staged, for all of it or for each row.
 *
 * @param number of the scale among those of the program
 * @param known the scale; 0 where it is to be found
 * @param workspace where the reciprocals of the scales of all rows are; null where there is one scale for all
 */
record Scale(int number, double known, String workspace) {
    /** The greatest value comes between two to this power and twice as much: far from what halves cannot hold. */
    private static final int EXPONENT_OF_GREATEST = 7;

    /** Beyond these a scale, or its reciprocal, were no number of single precision. */
    private static final double LEAST_KNOWN = 1e-30;
    private static final double GREATEST_KNOWN = 1e30;

    /** A scale for values up to {@code magnitude}, which is to be found where that is not finite. */
    static Scale of(int number, double magnitude) {
        boolean usable = magnitude > LEAST_KNOWN && magnitude < GREATEST_KNOWN;
        return new Scale(number, usable ? Math.scalb(1.0, EXPONENT_OF_GREATEST - Math.getExponent(magnitude)) : 0, null);
    }

    /** The same for each row, found as rows are staged. */
    Scale byRow(String workspaceOfRows) {
        return new Scale(number, 0, workspaceOfRows);
    }

    boolean isKnown() {
        return known != 0;
    }

    /** The scale in a kernel. Where it is known it is data nevertheless: other values of params need no other kernel. */
    String value(KernelWriter kernel) {
        return isKnown() ? "static_cast<float>(" + numbers(kernel) + "[0])" : scales(kernel) + "[" + 2 * number + "]";
    }

    /** The reciprocal of the scale of a row. */
    String inverse(KernelWriter kernel, String row) {
        return workspace != null
                ? kernel.parameters().workspace(workspace, "scales_of_rows", "const float") + "[" + row + "]"
                : isKnown() ? "static_cast<float>(" + numbers(kernel) + "[1])"
                : scales(kernel) + "[" + (2 * number + 1) + "]";
    }

    private String numbers(KernelWriter kernel) {
        return kernel.parameters().numbers("scale_" + number, new double[] {known, 1 / known});
    }

    private static String scales(KernelWriter kernel) {
        return kernel.parameters().workspace(Staging.SCALES, "scales", "const float");
    }
}
