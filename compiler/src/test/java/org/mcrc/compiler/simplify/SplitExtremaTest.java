package org.mcrc.compiler.simplify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Reduce;

class SplitExtremaTest {
    private static BoundDescriptor bound(String output, List<Integer> extents) {
        return BoundDescriptor.of("descriptor test\nfield M in [0, 1]\n" + output + "\nloss sse\n", extents);
    }

    private static double mostTerms(IndexProgram program) {
        return program.definitions().stream().flatMap(definition -> Expressions.nodes(definition.body()).stream())
                .filter(Reduce.class::isInstance).mapToDouble(node -> Count.real(((Reduce) node).indices())).max()
                .orElseThrow();
    }

    /** Values, ties and guards that leave nothing of the inner extremum, with a limit of three terms. */
    @ParameterizedTest
    @ValueSource(strings = {"max[x, y](M[x] - M[y])", "min[x, k: 1..3](k * M[x])", "max[k: 1..3, x](k * M[x])",
        "max[x, k: 0..3 | M[x] < k](M[x])", "max[a: 0..2, b: 0..2, x | a != 1 and b <= a](M[x] * (a + b))",
        "max[x, r: window(1)](M[x + r])"})
    void theSameTermAttainsIt(String value) {
        BoundDescriptor bound = bound("output S = " + value, List.of(2, 3));
        IndexProgram split = new SplitExtrema(3).run(bound.program());
        assertTrue(mostTerms(split) < mostTerms(bound.program()), split::toString);
        double[] field = {0.5, 1, 0.25, 1, 0.25, 0.5};
        Map<String, double[]> targets = bound.targets(0.1);
        Map<String, double[]> expected =
                new Evaluator(Pipeline.differentiate(bound.program())).evaluate(Map.of("M", field), targets);
        Map<String, double[]> found = new Evaluator(Pipeline.differentiate(split)).evaluate(Map.of("M", field), targets);
        assertArrayEquals(expected.get("S@1"), found.get("S@1"), 0);
        assertArrayEquals(expected.get("dM"), found.get("dM"), 0);
    }

    @Test
    void whatHasFewTermsStays() {
        assertEquals(4096 * 4096, mostTerms(new SplitExtrema().run(bound("output S = max[x, y](M[x] * M[y])",
                List.of(64, 64)).program())));
        assertEquals(4096, mostTerms(new SplitExtrema().run(bound("output S = max[x, y, k: 0..1](M[x] * M[y] + k)",
                List.of(64, 64)).program())) / 2);
    }
}
