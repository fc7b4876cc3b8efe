package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;

/** Which products of one operand are one pass, and that they mean the same. */
class ChainedProductTest {
    private static final String FIRST = """
            descriptor chain
            field M
            vectors R = halfwindow(2)
            let e[x, r: R] = sigmoid(3 * (M[x] + M[x + r] - 1))
            let p[x, c: 1..9] = sum[b: R](e[x, b] * sin(c * b.1 + b.2))
            """;
    /** A matrix of correlations times another matrix, as a sketch has it. */
    private static final String CHAIN = FIRST + """
            output T[a: R, c: 1..9] = mean[x](e[x, a] * p[x, c])
            """;
    /** The second product's operand is another one. */
    private static final String OTHER_OPERAND = FIRST + """
            output T[a: R, c: 1..9] = mean[x](e[x, a]^2 * p[x, c])
            """;
    /** The second product needs the first one's at pixels that are not yet finished. */
    private static final String OTHER_PIXELS = FIRST + """
            output T[a: R, c: 1..9] = mean[x](e[x, a] * p[x + (0, 1), c])
            """;
    /** The second product needs a mean of the first one over all pixels. */
    private static final String MEAN_BETWEEN = FIRST + """
            let m[c: 1..9] = mean[x](p[x, c])
            output T[a: R, c: 1..9] = mean[x](e[x, a] * (p[x, c] - m[c]))
            """;

    private static IndexProgram program(String text) {
        return Pipeline.differentiate(BoundDescriptor.of(text, List.of(8, 9)).program());
    }

    private static List<ChainedProduct> chains(KernelProgram program) {
        return program.kernels().get(Phase.OUTPUTS).stream().filter(ChainedProduct.class::isInstance)
                .map(ChainedProduct.class::cast).toList();
    }

    @Test
    void bothProductsAreOnePass() {
        KernelProgram program = Pipeline.schedule(program(CHAIN));
        assertEquals(1, chains(program).size(), program.toString());
        assertEquals(List.of("p@1", "T@1"), chains(program).getFirst().writes().stream().map(each -> each.name()).toList());
        assertTrue(program.decisions().stream().anyMatch(decision -> decision.definition().equals("T@1")
                && decision.choice().equals("one pass")), program.decisions().toString());
    }

    /** What is produced once is counted once. */
    @Test
    void operandIsCountedOnce() {
        KernelProgram program = Pipeline.schedule(program(CHAIN));
        ChainedProduct chain = chains(program).getFirst();
        double one = Operations.of(chain, program, Float.BYTES).flops();
        double two = chain.parts().stream().mapToDouble(part -> Operations.of(part, program, Float.BYTES).flops()).sum();
        // A pixel's element of e: exponents multiplied, one added, the quotient.
        assertEquals(72 * 13 * 3, two - one, program.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {OTHER_OPERAND, OTHER_PIXELS, MEAN_BETWEEN})
    void otherProductsAreTwoPasses(String text) {
        KernelProgram program = Pipeline.schedule(program(text));
        assertEquals(List.of(), chains(program), program.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAIN, OTHER_OPERAND, OTHER_PIXELS, MEAN_BETWEEN})
    void theyMeanTheSame(String text) {
        IndexProgram program = program(text);
        SplittableRandom random = new SplittableRandom(3);
        Map<String, double[]> fields = Map.of("M", random.doubles(72).toArray());
        Map<String, double[]> targets = Map.of("T@1*", random.doubles(117).toArray());
        Map<String, double[]> expected = new Evaluator(program, Long.MAX_VALUE).evaluate(fields, targets);
        Map<String, double[]> actual = new KernelInterpreter(Pipeline.schedule(program)).evaluate(fields, targets);
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> assertArrayEquals(values, actual.get(name), 1e-12, name));
    }
}
