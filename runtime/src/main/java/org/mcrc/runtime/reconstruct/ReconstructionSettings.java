package org.mcrc.runtime.reconstruct;

import java.util.OptionalDouble;

/**
 * The settings of the loop.
 *
 * @param seed of the initial fields
 * @param initialization how they are drawn
 * @param iterations the most evaluations of loss and gradient, at least 1
 * @param tolerance ends the run when the relative error of what would be delivered falls to it; where absent, rounded fields
 *     go on until they are exact, and fields of real numbers until {@link #REAL_TOLERANCE}
 * @param plateau ends the run after so many iterations in which neither the loss nor the error of the rounded field fell by
 *     {@link #IMPROVEMENT}
 * @param projected whether the fields are kept in their ranges, each value being put back to the nearest bound after every
 *     iteration. Otherwise they may leave them and are held by the descriptor's penalties alone, as in the paper
 * @param roundedEvery the error of the rounded field is evaluated each time after so many iterations. An evaluation of the
 *     error costs about a third of one of loss and gradient
 */
public record ReconstructionSettings(
        long seed, Initialization initialization, int iterations, OptionalDouble tolerance, int plateau,
        boolean projected, int roundedEvery) {

    /** The relative error at which fields of real numbers are done. */
    public static final double REAL_TOLERANCE = 1e-4;

    /** What counts as an improvement: so much of the best value so far. */
    public static final double IMPROVEMENT = 1e-3;

    public static final int DEFAULT_ITERATIONS = 5000;

    public static final int DEFAULT_PLATEAU = 1000;

    public static final int DEFAULT_ROUNDED_EVERY = 10;

    public ReconstructionSettings {
        if (iterations < 1 || plateau < 1 || roundedEvery < 1) {
            throw new IllegalArgumentException("iterations, plateau and roundedEvery are at least 1");
        }
    }

    /** The default settings with a seed. */
    public static ReconstructionSettings of(long seed) {
        return new ReconstructionSettings(seed, Initialization.DEFAULT, DEFAULT_ITERATIONS, OptionalDouble.empty(),
                DEFAULT_PLATEAU, true, DEFAULT_ROUNDED_EVERY);
    }

    /**
     * The relative error that is good enough.
     *
     * @param rounds whether any field is rounded to phases: one that no error meets is then what {@link #tolerance} is where
     *     it is absent
     */
    double acceptedError(boolean rounds) {
        return tolerance.orElse(rounds ? -1 : REAL_TOLERANCE);
    }

    public ReconstructionSettings withSeed(long newSeed) {
        return new ReconstructionSettings(newSeed, initialization, iterations, tolerance, plateau, projected, roundedEvery);
    }

    public ReconstructionSettings withIterations(int newIterations) {
        return new ReconstructionSettings(seed, initialization, newIterations, tolerance, plateau, projected, roundedEvery);
    }

    public ReconstructionSettings withTolerance(double newTolerance) {
        return new ReconstructionSettings(
                seed, initialization, iterations, OptionalDouble.of(newTolerance), plateau, projected, roundedEvery);
    }

    public ReconstructionSettings withPlateau(int newPlateau) {
        return new ReconstructionSettings(seed, initialization, iterations, tolerance, newPlateau, projected, roundedEvery);
    }

    public ReconstructionSettings withProjected(boolean newProjected) {
        return new ReconstructionSettings(
                seed, initialization, iterations, tolerance, plateau, newProjected, roundedEvery);
    }
}
