package org.mcrc.runtime.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CurvaturePairsTest {

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int k = 0; k < left.length; k++) {
            sum += left[k] * right[k];
        }
        return sum;
    }

    private static double[] difference(double[] left, double[] right) {
        double[] difference = left.clone();
        for (int k = 0; k < left.length; k++) {
            difference[k] -= right[k];
        }
        return difference;
    }

    /** Algorithm 7.4 of Nocedal and Wright (2006) as it is printed there, and the sign of 7.5. */
    private static double[] printed(List<double[]> steps, List<double[]> changes, double[] gradient) {
        double[] q = gradient.clone();
        double[] alpha = new double[steps.size()];
        for (int i = steps.size() - 1; i >= 0; i--) {
            alpha[i] = dot(steps.get(i), q) / dot(changes.get(i), steps.get(i));
            for (int k = 0; k < q.length; k++) {
                q[k] -= alpha[i] * changes.get(i)[k];
            }
        }
        double gamma = steps.isEmpty() ? 1
                : dot(steps.getLast(), changes.getLast()) / dot(changes.getLast(), changes.getLast());
        double[] r = Arrays.stream(q).map(element -> gamma * element).toArray();
        for (int i = 0; i < steps.size(); i++) {
            double beta = dot(changes.get(i), r) / dot(changes.get(i), steps.get(i));
            for (int k = 0; k < r.length; k++) {
                r[k] += (alpha[i] - beta) * steps.get(i)[k];
            }
        }
        return Arrays.stream(r).map(element -> -element).toArray();
    }

    private static void directionsAreThosePrinted(int count, int most) {
        SplittableRandom random = new SplittableRandom(11);
        double[] curvatures = random.doubles(count, 1, 50).toArray();
        CurvaturePairs pairs = new CurvaturePairs(most);
        List<double[]> steps = new ArrayList<>();
        List<double[]> changes = new ArrayList<>();
        double[] point = random.doubles(count, -1, 1).toArray();
        double[] gradient = point.clone();
        for (int number = 0; number < 3 * most; number++) {
            double[] next = random.doubles(count, -1, 1).toArray();
            double[] nextGradient = new double[count];
            // Every fourth time the gradient changes against the step: a pair that must not be kept.
            double sign = number % 4 == 2 ? -1 : 1;
            for (int k = 0; k < count; k++) {
                nextGradient[k] = gradient[k] + sign * curvatures[k] * (next[k] - point[k]);
            }
            pairs.step(point, gradient, next, nextGradient);
            if (sign > 0) {
                steps.add(difference(next, point));
                changes.add(difference(nextGradient, gradient));
            }
            if (steps.size() > most) {
                steps.removeFirst();
                changes.removeFirst();
            }
            double[] expected = printed(steps, changes, nextGradient);
            double[] direction = new double[count];
            pairs.setDirection(nextGradient, direction);
            assertArrayEquals(expected, direction, 1e-11 * Math.sqrt(dot(expected, expected)), "step " + number);
            point = next;
            gradient = nextGradient;
        }
        pairs.forget();
        assertTrue(pairs.isEmpty());
        double[] direction = new double[count];
        pairs.setDirection(gradient, direction);
        assertArrayEquals(printed(List.of(), List.of(), gradient), direction);
    }

    @Test
    void directionsAreThoseOfTheTwoLoopRecursion() {
        directionsAreThosePrinted(50, 1);
        directionsAreThosePrinted(51, 6);
        // Longer than what is worked on at a time.
        directionsAreThosePrinted(40_001, 5);
    }

    /** Sums of squares up to 7^2 and 8^2, with and without a rest. */
    @Test
    void productsTakeEveryElement() {
        for (int count : new int[] {1, 2, 3, 4, 7, 8}) {
            double[] numbers = new double[count];
            Arrays.setAll(numbers, k -> k + 1);
            double expected = count * (count + 1) * (2 * count + 1) / 6.0;
            assertEquals(expected, InnerProducts.dot(numbers, numbers));
            double[] twice = Arrays.stream(numbers).map(number -> 2 * number).toArray();
            double[] sums = new double[5];
            InnerProducts.addProducts(numbers, twice, numbers, twice, 0, count, sums, 1);
            assertArrayEquals(new double[] {0, expected, 2 * expected, 2 * expected, 4 * expected}, sums);
        }
    }
}
