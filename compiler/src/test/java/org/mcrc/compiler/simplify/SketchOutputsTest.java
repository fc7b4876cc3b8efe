package org.mcrc.compiler.simplify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;

class SketchOutputsTest {
    private static final String TRIPLES = """
            descriptor triples
            field M in [0, 1]
            vectors R = halfwindow(2)
            let e[x, r: R] = sigmoid(3 * (M[x] + M[x + r]) - 4)
            """;
    private static final String MATRIX = TRIPLES + "output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])\n";
    private static final int VECTORS = 13;
    private static final int COLUMNS = 3;

    /** A matrix of independent normal numbers of variance 1/k. */
    private static double[] gaussian(int rows, int columns, long seed) {
        Random random = new Random(seed);
        double[] matrix = new double[rows * columns];
        Arrays.setAll(matrix, _ -> random.nextGaussian() / Math.sqrt(columns));
        return matrix;
    }

    private static double[] product(double[] left, double[] right, int rows, int inner, int columns) {
        double[] product = new double[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                for (int k = 0; k < inner; k++) {
                    product[row * columns + column] += left[row * inner + k] * right[k * columns + column];
                }
            }
        }
        return product;
    }

    private static Map<String, double[]> targets(double[] matrix, double[] sketchedTarget) {
        return Map.of("S@1.sketch*", matrix, "S@1.sketched*", sketchedTarget);
    }

    @Test
    void theSketchIsTheOutputTimesTheMatrix() {
        BoundDescriptor descriptor = BoundDescriptor.of(MATRIX, List.of(6, 7));
        SketchOutputs.Result result = SketchOutputs.run(descriptor.program(), COLUMNS);
        assertEquals(List.of(new SketchOutputs.Sketch("S@1", "S@1.sketched", "S@1.sketch", VECTORS, VECTORS, COLUMNS)),
                result.sketches());
        Map<String, double[]> fields = descriptor.fields(1);
        double[] matrix = gaussian(VECTORS, COLUMNS, 2);
        double[] whole = descriptor.values(descriptor.program(), "S@1", fields);
        double[] zeros = new double[VECTORS * COLUMNS];
        for (IndexProgram program : List.of(result.program(), Pipeline.differentiate(result.program()))) {
            double[] sketched = new Evaluator(program).evaluate(fields, targets(matrix, zeros), Set.of("S@1.sketched"))
                    .get("S@1.sketched");
            assertArrayEquals(product(whole, matrix, VECTORS, VECTORS, COLUMNS), sketched, 1e-13);
        }
    }

    /** With weights and levels, and a loss that is a root: E² is the norm of (S - S*)Ω, and on average that of S - S*. */
    @ParameterizedTest
    @ValueSource(strings = {"l2", "sse"})
    void theMeanOfTheSketchedErrorIsTheError(String loss) {
        BoundDescriptor descriptor = BoundDescriptor.of(TRIPLES
                + "output S[a: R, b: R] = mean[x](e[x, a] * e[x, b]) weight 3\nloss " + loss + "\n", List.of(5, 6));
        IndexProgram sketched = SketchOutputs.run(descriptor.program(), COLUMNS).program();
        Map<String, double[]> fields = descriptor.fields(3);
        double[] target = new double[VECTORS * VECTORS];
        Arrays.fill(target, 0.1);
        double error = squared(loss, new Evaluator(descriptor.program()).evaluate(fields, Map.of("S@1*", target), Set.of("E"))
                .get("E")[0]);
        double mean = 0;
        int draws = 4000;
        Evaluator evaluator = new Evaluator(sketched);
        for (int draw = 0; draw < draws; draw++) {
            double[] matrix = gaussian(VECTORS, COLUMNS, draw);
            mean += squared(loss, evaluator.evaluate(fields, targets(matrix,
                    product(target, matrix, VECTORS, VECTORS, COLUMNS)), Set.of("E")).get("E")[0]) / draws;
        }
        // The relative deviation of the estimate is at most sqrt(2 / k), that of the mean of 4000 is 0.013: four of them.
        assertEquals(1, mean / error, 0.052);
    }

    private static double squared(String loss, double error) {
        return loss.equals("l2") ? error * error : error;
    }

    @Test
    void gradientIsThatOfFiniteDifferences() {
        BoundDescriptor descriptor = BoundDescriptor.of(MATRIX, List.of(4, 5));
        IndexProgram program = Pipeline.differentiate(SketchOutputs.run(descriptor.program(), COLUMNS).program());
        Map<String, double[]> fields = descriptor.fields(5);
        Map<String, double[]> targets = targets(gaussian(VECTORS, COLUMNS, 1), gaussian(VECTORS, COLUMNS, 9));
        String name = program.gradients().get("M").name();
        Evaluator evaluator = new Evaluator(program);
        double[] gradient = evaluator.evaluate(fields, targets, Set.of(name)).get(name);
        double step = 1e-5;
        for (int pixel = 0; pixel < gradient.length; pixel++) {
            double[] losses = new double[2];
            for (int side = 0; side < 2; side++) {
                Map<String, double[]> moved = new HashMap<>();
                moved.put("M", fields.get("M").clone());
                moved.get("M")[pixel] += side == 0 ? -step : step;
                losses[side] = evaluator.evaluate(moved, targets, Set.of("L")).get("L")[0];
            }
            assertEquals((losses[1] - losses[0]) / (2 * step), gradient[pixel], 1e-8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "output S[a: R] = mean[x](e[x, a])",
        "output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])\nloss l1",
        "output S[a: R, b: R | a != b] = mean[x](e[x, a] * e[x, b])",
        "output S[a: R, k: 0..1] = mean[x](e[x, a] * M[x]) * k"})
    void whatIsNoSumOfSquaresOfAMatrixStaysAsItIs(String output) {
        IndexProgram program = BoundDescriptor.of(TRIPLES + output + "\n", List.of(5, 6)).program();
        SketchOutputs.Result result = SketchOutputs.run(program, COLUMNS);
        assertTrue(result.sketches().isEmpty());
        assertSame(program, result.program());
    }

    @Test
    void theMatrixItselfIsNoLongerComputed() {
        IndexProgram program = Pipeline.differentiate(SketchOutputs.run(
                BoundDescriptor.of(MATRIX, List.of(6, 7)).program(), COLUMNS).program());
        assertTrue(program.definitions().stream().noneMatch(definition -> definition.tensor().size() == VECTORS * VECTORS),
                program::toString);
    }
}
