package org.mcrc.runtime.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

class LimitedMemoryBfgsTest {

    /** What a run did: the losses at all points, the last point. */
    private record Run(List<Double> losses, double[] point, boolean exhausted) {
    }

    /** @param function writes the gradient and gives the loss */
    private static Run minimize(Optimizer optimizer, ToDoubleBiFunction<double[], double[]> function, double[] start,
            int evaluations) {
        double[] point = start.clone();
        double[] gradient = new double[point.length];
        List<Double> losses = new ArrayList<>();
        boolean more = true;
        while (more && losses.size() < evaluations) {
            double loss = function.applyAsDouble(point, gradient);
            losses.add(loss);
            more = optimizer.propose(point, loss, gradient);
        }
        return new Run(losses, point, !more);
    }

    /** Rosenbrock's valley in n dimensions (Moré, Garbow and Hillstrom 1981, problem 21): 0 at (1, …, 1). */
    private static double rosenbrock(double[] x, double[] gradient) {
        double sum = 0;
        Arrays.fill(gradient, 0);
        for (int k = 0; k < x.length; k += 2) {
            double a = 10 * (x[k + 1] - x[k] * x[k]);
            double b = 1 - x[k];
            sum += a * a + b * b;
            gradient[k] = -40 * a * x[k] - 2 * b;
            gradient[k + 1] = 20 * a;
        }
        return sum;
    }

    @Test
    void findsTheEndOfRosenbrocksValley() {
        double[] start = new double[40];
        for (int k = 0; k < start.length; k++) {
            start[k] = k % 2 == 0 ? -1.2 : 1;
        }
        Run run = minimize(new LimitedMemoryBfgs(LimitedMemoryBfgsSettings.DEFAULT), LimitedMemoryBfgsTest::rosenbrock, start, 100);
        double[] ones = new double[40];
        Arrays.fill(ones, 1);
        assertArrayEquals(ones, run.point(), 1e-7);
    }

    /** With a history as long as the space has dimensions, a quadratic function is minimized in a few more steps than that. */
    @Test
    void quadraticFunctionsTakeAboutAsManyStepsAsTheyHaveDimensions() {
        double[] curvatures = {1, 3, 10, 40, 100, 700};
        Run run = minimize(new LimitedMemoryBfgs(new LimitedMemoryBfgsSettings(6, 1)), (x, gradient) -> {
            double sum = 0;
            for (int k = 0; k < x.length; k++) {
                gradient[k] = curvatures[k] * (x[k] - k);
                sum += 0.5 * curvatures[k] * (x[k] - k) * (x[k] - k);
            }
            return sum;
        }, new double[6], 40);
        assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, run.point(), 1e-6);
    }

    @Test
    void firstStepHasTheLengthThatWasAskedFor() {
        LimitedMemoryBfgs optimizer = new LimitedMemoryBfgs(new LimitedMemoryBfgsSettings(5, 0.25));
        double[] point = {1, 1};
        assertTrue(optimizer.propose(point, 10, new double[] {4, -2}));
        assertArrayEquals(new double[] {0.75, 1.125}, point, 1e-15);
    }

    @Test
    void lossesThatAreNoNumbersAreTooLarge() {
        // -log(x) + x: not a number for x <= 0, minimum 1 at 1. The first step leads far beyond.
        Run run = minimize(new LimitedMemoryBfgs(new LimitedMemoryBfgsSettings(5, 40)), (x, gradient) -> {
            gradient[0] = 1 - 1 / x[0];
            return x[0] - Math.log(x[0]);
        }, new double[] {20}, 60);
        assertArrayEquals(new double[] {1}, run.point(), 1e-6);
    }

    @Test
    void thereIsNoNextPointAtAMinimum() {
        Run run = minimize(new LimitedMemoryBfgs(LimitedMemoryBfgsSettings.DEFAULT), (x, gradient) -> {
            gradient[0] = 2 * x[0];
            return x[0] * x[0];
        }, new double[] {0}, 10);
        assertTrue(run.exhausted());
        assertEquals(1, run.losses().size());
    }

    /** A gradient that points uphill: nothing lowers the loss, and the point is the one where the search began. */
    @Test
    void aGradientThatIsWrongEndsTheRunWhereItBegan() {
        Run run = minimize(new LimitedMemoryBfgs(LimitedMemoryBfgsSettings.DEFAULT), (x, gradient) -> {
            gradient[0] = -1;
            return x[0];
        }, new double[] {0.5}, 200);
        assertTrue(run.exhausted());
        assertArrayEquals(new double[] {0.5}, run.point());
    }

    @Test
    void everyAcceptedStepLowersTheLoss() {
        List<Double> best = new ArrayList<>();
        Run run = minimize(new LimitedMemoryBfgs(new LimitedMemoryBfgsSettings(3, 0.1)), (x, gradient) -> {
            double loss = rosenbrock(x, gradient);
            best.add(Math.min(loss, best.isEmpty() ? Double.POSITIVE_INFINITY : best.getLast()));
            return loss;
        }, new double[] {-1.2, 1}, 60);
        assertFalse(run.exhausted() && best.getLast() > 1e-12);
        assertTrue(best.getLast() < 1e-10);
    }

    @Test
    void settingsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new LimitedMemoryBfgsSettings(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new LimitedMemoryBfgsSettings(5, 0));
    }
}
