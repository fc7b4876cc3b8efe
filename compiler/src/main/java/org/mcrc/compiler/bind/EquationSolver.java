package org.mcrc.compiler.bind;

import org.mcrc.compiler.bind.FormulaCompiler.Formula;

/**
 * Damped Newton iteration for a square system with an exact Jacobian. A step is halved until the residual, scaled by the
 * rows of the Jacobian, decreases.
 */
final class EquationSolver {
    static final double TOLERANCE = 1e-12;
    /** A step that is not small although the residual is: there is no root here, only a tail that vanishes. */
    private static final double SMALL_STEP = 1e-9;
    private static final double SINGULAR = 1e-14;
    private static final int MOST_ITERATIONS = 200;
    private static final double SHORTEST_STEP = 1e-8;

    /**
     * What came of it.
     *
     * @param residual the greatest difference between the sides of an equation
     * @param failure why there is no solution, or null where there is one
     * @param advice what to do then
     */
    record Outcome(double residual, String failure, String advice) {
        private static Outcome failed(double residual, String failure) {
            return new Outcome(residual, failure, "start nearer to the solution");
        }
    }

    private final double[][] unknowns;
    private final Formula[] residuals;
    private final Formula[][] jacobian;
    private final int[] slots;
    private final int size;

    /**
     * @param unknowns cells of one number each that hold the starts and receive the solution
     * @param residuals one for each equation
     * @param jacobian their derivatives with respect to the unknowns, a row for each equation
     */
    EquationSolver(double[][] unknowns, Formula[] residuals, Formula[][] jacobian, int[] slots) {
        this.unknowns = unknowns;
        this.residuals = residuals;
        this.jacobian = jacobian;
        this.slots = slots;
        this.size = unknowns.length;
    }

    Outcome solve() {
        for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
            double[] residual = residual();
            double[][] matrix = new double[size][size];
            double[] scale = new double[size];
            for (int row = 0; row < size; row++) {
                scale[row] = 1;
                for (int column = 0; column < size; column++) {
                    matrix[row][column] = jacobian[row][column].at(slots);
                    scale[row] += Math.abs(matrix[row][column]) * Math.max(1, Math.abs(unknowns[column][0]));
                }
            }
            double greatest = greatest(residual);
            double merit = merit(residual, scale);
            if (!Double.isFinite(merit)) {
                return Outcome.failed(greatest, "the equations have no finite value");
            }
            double[] step = linearSolution(matrix, residual);
            if (step == null) {
                return new Outcome(greatest, "the equations do not determine the constants here",
                        "write equations that say more about them, or start elsewhere");
            }
            boolean small = true;
            for (int column = 0; column < size; column++) {
                small &= Math.abs(step[column]) <= SMALL_STEP * Math.max(1, Math.abs(unknowns[column][0]));
            }
            boolean converged = small && Math.sqrt(merit) <= TOLERANCE;
            boolean advanced = advance(step, scale, merit);
            if (converged) {
                return new Outcome(greatest(residual()), null, null);
            }
            if (!advanced) {
                return Outcome.failed(greatest, "no step makes the residual smaller");
            }
        }
        return Outcome.failed(greatest(residual()), "it does not come closer in " + MOST_ITERATIONS + " iterations");
    }

    /** Goes along a step as far as it helps; false where it does not. */
    private boolean advance(double[] step, double[] scale, double merit) {
        double[] from = new double[size];
        for (int column = 0; column < size; column++) {
            from[column] = unknowns[column][0];
        }
        for (double length = 1; length >= SHORTEST_STEP; length /= 2) {
            for (int column = 0; column < size; column++) {
                unknowns[column][0] = from[column] + length * step[column];
            }
            if (merit(residual(), scale) < merit * (1 - 1e-4 * length)) {
                return true;
            }
        }
        for (int column = 0; column < size; column++) {
            unknowns[column][0] = from[column];
        }
        return false;
    }

    private double[] residual() {
        double[] values = new double[size];
        for (int row = 0; row < size; row++) {
            values[row] = residuals[row].at(slots);
        }
        return values;
    }

    private static double greatest(double[] values) {
        double greatest = 0;
        for (double value : values) {
            greatest = Math.max(greatest, Math.abs(value));
        }
        return greatest;
    }

    private static double merit(double[] residual, double[] scale) {
        double sum = 0;
        for (int row = 0; row < residual.length; row++) {
            sum += residual[row] / scale[row] * (residual[row] / scale[row]);
        }
        return sum;
    }

    /** The Newton step, by elimination with row scaling and pivoting; null where the matrix is singular. */
    private double[] linearSolution(double[][] matrix, double[] residual) {
        double[] right = new double[size];
        for (int row = 0; row < size; row++) {
            double norm = greatest(matrix[row]);
            if (!(norm > 0) || !Double.isFinite(norm)) {
                return null;
            }
            for (int column = 0; column < size; column++) {
                matrix[row][column] /= norm;
            }
            right[row] = -residual[row] / norm;
        }
        for (int pivot = 0; pivot < size; pivot++) {
            int best = pivot;
            for (int row = pivot + 1; row < size; row++) {
                best = Math.abs(matrix[row][pivot]) > Math.abs(matrix[best][pivot]) ? row : best;
            }
            if (!(Math.abs(matrix[best][pivot]) > SINGULAR)) {
                return null;
            }
            double[] swappedRow = matrix[best];
            matrix[best] = matrix[pivot];
            matrix[pivot] = swappedRow;
            double swapped = right[best];
            right[best] = right[pivot];
            right[pivot] = swapped;
            for (int row = pivot + 1; row < size; row++) {
                double factor = matrix[row][pivot] / matrix[pivot][pivot];
                for (int column = pivot; column < size; column++) {
                    matrix[row][column] -= factor * matrix[pivot][column];
                }
                right[row] -= factor * right[pivot];
            }
        }
        for (int row = size - 1; row >= 0; row--) {
            for (int column = row + 1; column < size; column++) {
                right[row] -= matrix[row][column] * right[column];
            }
            right[row] /= matrix[row][row];
        }
        return right;
    }
}
