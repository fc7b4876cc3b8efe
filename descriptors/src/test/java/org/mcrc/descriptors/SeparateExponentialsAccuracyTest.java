package org.mcrc.descriptors;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;

/**
 * The soft correlations from one exponential a pixel, against the evaluator, which has one for each pixel and vector: the
 * relative Frobenius norm of the difference.
 */
class SeparateExponentialsAccuracyTest {
    /** Two levels, and as many vectors as it takes that the coefficients of the gradient are computed in blocks. */
    private static final int EXTENT = 28;
    private static final Map<String, Double> PARAMS = Map.of("P", 6.0);

    @ParameterizedTest(name = "{0}: fields from {1} to {2}, slope {3}")
    @CsvSource({"s2s3, 0, 1, 10", "s2s3, -1, 2, 10", "s2s3, 0, 1, 20", "s2s3, -1, 2, 20",
        "s2_soft, 0, 1, 10", "s2s3_corrected, 0, 1, 10", "s2s3_corrected, -0.5, 1.5, 10"})
    void descriptorsAndGradientsAreAsAccurateAsInThePlainForm(String name, double low, double high, double alpha) {
        Map<String, Double> params = new HashMap<>(PARAMS);
        params.put("alpha", alpha);
        IndexProgram program = Pipeline.differentiate(Bound.at(name, List.of(EXTENT, EXTENT), 2, params));
        SplittableRandom random = new SplittableRandom(5);
        // Numbers of single precision, so that both precisions are given the same.
        double[] field = random.doubles(EXTENT * EXTENT, low, high).map(value -> (float) value).toArray();
        Map<String, double[]> targets = new HashMap<>();
        program.targets().forEach(target -> targets.put(target.name(),
                random.doubles((int) target.size()).map(value -> (float) value).toArray()));
        Map<String, double[]> truth = new Evaluator(program).evaluate(Map.of("M", field), targets);
        check(program, field, targets, truth, Precision.SINGLE, 1e-6);
        check(program, field, targets, truth, Precision.DOUBLE, 1e-13);
    }

    private static void check(IndexProgram program, double[] field, Map<String, double[]> targets,
            Map<String, double[]> truth, Precision precision, double tolerance) {
        try (Engine engine = Engines.create(program, Backend.CPU, precision, 2)) {
            program.outputs().forEach(output -> engine.setTarget(output.entry(), targets.get(output.target().name())));
            double[] gradient = new double[field.length];
            engine.evaluate(Map.of("M", field), Map.of("M", gradient));
            program.outputs().forEach(output -> compare(output.entry(), truth.get(output.value().name()),
                    engine.values(output.entry()), tolerance));
            compare("dM", truth.get(program.gradients().get("M").name()), gradient, 10 * tolerance);
        }
    }

    private static void compare(String what, double[] expected, double[] actual, double tolerance) {
        double difference = 0;
        double norm = 0;
        for (int k = 0; k < expected.length; k++) {
            difference += (actual[k] - expected[k]) * (actual[k] - expected[k]);
            norm += expected[k] * expected[k];
        }
        double error = Math.sqrt(difference / norm);
        assertTrue(error <= tolerance, what + " has a relative error of " + error);
    }
}
