package org.mcrc.runtime.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AdamTest {

    private static double[] gradientOfBowl(double[] point) {
        // f(a, b) = (a - 1)^2 + 10 (b + 2)^2
        return new double[] {2 * (point[0] - 1), 20 * (point[1] + 2)};
    }

    private static double[] minimizeBowl(AdamSettings settings, int iterations) {
        Adam adam = new Adam(settings);
        double[] point = {0, 0};
        for (int iteration = 0; iteration < iterations; iteration++) {
            assertTrue(adam.propose(point, 0, gradientOfBowl(point)));
        }
        return point;
    }

    @Test
    void firstStepHasTheLengthOfTheLearningRateAgainstEachGradientsSign() {
        Adam adam = new Adam(AdamSettings.PAPER);
        double[] point = {0.5, 0.5, 0.5};
        adam.propose(point, 1, new double[] {3, -400, 0});
        // sqrt(1 - b2) / (1 - b1) * (1 - b1) g / (sqrt(1 - b2) |g| + eps) = sign(g) up to eps / (sqrt(1 - b2) |g|)
        assertArrayEquals(new double[] {0.499, 0.501, 0.5}, point, 2e-9);
    }

    @Test
    void agreesWithPyTorch() {
        // torch.optim.Adam(lr=0.1, betas=(0.9, 0.999), eps=0) on the same function from (0, 0), PyTorch 1.13, float64.
        double[] after3 = minimizeBowl(new AdamSettings(0.1, Double.POSITIVE_INFINITY, 0.9, 0.999, 0), 3);
        double[] after50 = minimizeBowl(new AdamSettings(0.1, Double.POSITIVE_INFINITY, 0.9, 0.999, 0), 50);
        assertArrayEquals(new double[] {0.29841372861235443, -0.29937660871918353}, after3, 1e-14);
        assertArrayEquals(new double[] {1.0048182270187866, -2.07576399625542}, after50, 1e-13);
    }

    @Test
    void boxKeepsEveryPointWithinTheBounds() {
        Optimizer boxed = new BoxConstrained(new Adam(AdamSettings.DEFAULT.withLearningRate(0.05)),
                new double[] {-1, -1}, new double[] {0.5, Double.POSITIVE_INFINITY});
        double[] point = {0, 0};
        for (int iteration = 0; iteration < 500; iteration++) {
            boxed.propose(point, 0, gradientOfBowl(point));
            assertTrue(point[0] <= 0.5 && point[1] >= -1);
        }
        // The minimum of the bowl over the box is its corner.
        assertArrayEquals(new double[] {0.5, -1}, point);
    }

    @Test
    void findsTheMinimum() {
        assertArrayEquals(new double[] {1, -2}, minimizeBowl(AdamSettings.PAPER.withLearningRate(0.05), 2000), 1e-4);
    }

    @Test
    void learningRateDecaysWithTheRootOfTheIterations() {
        Adam adam = new Adam(new AdamSettings(0.1, 1, 0, 0, 0));
        double[] point = {0};
        // Without memory each step is the rate times the sign: 0.1 (1 + 1/sqrt 2 + 1/sqrt 3)
        for (int iteration = 0; iteration < 3; iteration++) {
            adam.propose(point, 0, new double[] {-5});
        }
        assertEquals(0.1 * (1 + 0.70710678118654752 + 0.57735026918962576), point[0], 1e-15);
    }

    @Test
    void withoutEpsilonTheUnitOfTheLossDoesNotMatter() {
        AdamSettings settings = new AdamSettings(0.01, 100, 0.9, 0.99, 0);
        Adam small = new Adam(settings);
        Adam large = new Adam(settings);
        double[] left = {0, 0};
        double[] right = {0, 0};
        for (int iteration = 0; iteration < 100; iteration++) {
            double[] gradient = gradientOfBowl(left);
            large.propose(right, 0, new double[] {gradient[0] * 0x1p30, gradient[1] * 0x1p30});
            small.propose(left, 0, gradient);
            assertArrayEquals(left, right);
        }
    }

    @Test
    void settingsOutsideTheirRangeAreRefused() {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> AdamSettings.DEFAULT.withLearningRate(-1));
        assertEquals("Adam's learning rate is -1.0 and must be positive", error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new AdamSettings(0.1, 1, 1, 0.9, 0));
        assertThrows(IllegalArgumentException.class, () -> new AdamSettings(Double.NaN, 1, 0.9, 0.9, 0));
    }
}
