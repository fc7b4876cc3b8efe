package org.mcrc.compiler.simplify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;

/** One exponential a pixel instead of one for each pixel and vector, where that is right. */
class SeparateExponentialsTest {
    /** Twelve vectors and zero. */
    private static final String SET = "vectors R = halfwindow(2)\n";

    private static BoundDescriptor bound(String declarations) {
        return BoundDescriptor.of("descriptor d\n" + SET + declarations, List.of(4, 6));
    }

    private static IndexProgram differentiated(String declarations) {
        return Pipeline.differentiate(bound(declarations).program());
    }

    private static IndexProgram separated(IndexProgram program) {
        return new DropUnused().run(new Simplifier().run(new SeparateExponentials().run(program)));
    }

    private static List<Decision> decisions(IndexProgram program) {
        List<Decision> decisions = new ArrayList<>();
        new SeparateExponentials().run(program, decisions::add);
        return decisions;
    }

    /** How many exponentials, and functions made of them, an evaluation takes where every definition is stored. */
    private static long exponentials(IndexProgram program) {
        long count = 0;
        for (Definition definition : program.definitions()) {
            for (Expression node : Expressions.nodes(definition.body())) {
                if (node instanceof Unary unary && List.of(UnaryOperator.EXP, UnaryOperator.SIGMOID, UnaryOperator.TANH)
                        .contains(unary.operator())) {
                    count += Expressions.freeIndices(node).stream().mapToLong(index -> index.domain().size())
                            .reduce(1, Math::multiplyExact);
                }
            }
        }
        return count;
    }

    @ParameterizedTest(name = "{0}: {1} exponentials")
    @CsvSource(delimiter = '|', textBlock = """
            sigmoid(10 * ((M[x] + M[x + r]) / 2 - 0.75))                          | 24
            1 / (1 + exp(-10 * ((M[x] + M[x + r]) / 2 - 0.75)))                   | 24
            2 * sigmoid(M[x] + M[x + r])^2 - 0.25 * sigmoid(M[x] + M[x + r])      | 24
            exp(-M[x] - M[x + r])                                                 | 24
            tanh(M[x] + M[x + r])                                                 | 24
            tanh(M[x] - M[x + r])                                                 | 48
            sigmoid(3 * M[x + r] - M[x] / 2)                                      | 48
            sigmoid(M[x] * (1 + M[x]) + M[x + r] * (1 + M[x + r]))                | 24
            sigmoid(M[x] + M[x + (0, 1)] + M[x + r] + M[x + r + (0, 1)])          | 24
            sigmoid((M[x] + M[x + r]) * cos(M[x + r]))                            | 312
            exp(-(M[x] - M[x + r])^2)                                             | 312
            """)
    void anExponentialOfASumOverPlacesIsAProductOfExponentials(String body, long expected) {
        BoundDescriptor bound = bound("field M in [0, 1]\nlet e[x, r: R] = " + body
                + "\noutput S[a: R, b: R] = mean[x](e[x, a] * e[x, b])\n");
        IndexProgram plain = new Simplifier().run(new HoistReductions().run(bound.program()));
        IndexProgram separate = separated(plain);
        assertEquals(expected, exponentials(separate), separate::toString);
        Map<String, double[]> fields = bound.fields(1);
        assertArrayEquals(bound.values(plain, "S@1", fields), bound.values(separate, "S@1", fields), 1e-14);
    }

    @ParameterizedTest(name = "{0}: {1} exponentials")
    @CsvSource(delimiter = '|', textBlock = """
            sigmoid(M[x] + M[x + r] - norm(r))   | 37
            sigmoid(M[x] + M[x + r] + norm(r)^2) | 37
            sigmoid(M[x] + norm(r))              | 37
            sigmoid(norm(r) * (M[x] + M[x + r])) | 312
            """)
    void whatIsKnownOfTheVectorAloneIsAFactorToo(String body, long expected) {
        BoundDescriptor bound = bound("field M in [0, 1]\noutput S[r: R] = mean[x](" + body + "^2)\n");
        IndexProgram plain = new Simplifier().run(new HoistReductions().run(bound.program()));
        IndexProgram separate = separated(plain);
        assertEquals(expected, exponentials(separate), separate::toString);
        Map<String, double[]> fields = bound.fields(1);
        assertArrayEquals(bound.values(plain, "S@1", fields), bound.values(separate, "S@1", fields), 1e-14);
    }

    private static final String SOFT = """
            field M in [0, 1]
            param alpha = ALPHA
            let e[x, r: R] = sigmoid(alpha * ((M[x] + M[x + r]) / 2 - 0.75))
            output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
            """;

    @Test
    void theAdjointSharesTheFactors() {
        BoundDescriptor bound = bound(SOFT.replace("ALPHA", "10"));
        IndexProgram plain = Pipeline.differentiate(bound.program());
        IndexProgram separate = separated(plain);
        assertEquals(2 * 312, exponentials(plain));
        assertEquals(24, exponentials(separate), separate::toString);
        Map<String, double[]> fields = bound.fields(2);
        String gradient = plain.gradients().get("M").name();
        assertArrayEquals(new Evaluator(plain).evaluate(fields, bound.targets(0.3)).get(gradient),
                new Evaluator(separate).evaluate(fields, bound.targets(0.3)).get(gradient), 1e-14);
    }

    @Test
    void arraysThatAreNeverStoredAreLookedThrough() {
        BoundDescriptor bound = bound("""
                field M in [0, 1]
                let ends[x, r: R] = M[x] + M[x + r]
                let e[x, r: R] = sigmoid(ends[x, -r + r + r] - 1)
                output S[r: R] = mean[x](e[x, r]^2)
                """);
        IndexProgram plain = new HoistReductions().run(bound.program());
        assertEquals(24, exponentials(separated(plain)));
        Map<String, double[]> fields = bound.fields(1);
        assertArrayEquals(bound.values(plain, "S@1", fields), bound.values(separated(plain), "S@1", fields), 1e-14);
    }

    @Test
    void coarseAndFinePixelsEachHaveTheirFactor() {
        BoundDescriptor bound = bound("""
                field M in [0, 1]
                let G[x] = mean[d: box(2)](M[2*x + d])
                let e[x, r: R] = sigmoid(G[x] + M[2*x + r] + M[2*x + r + (1, 0)])
                output S[r: R] = mean[x](e[x, r]^2)
                """);
        IndexProgram plain = new Simplifier().run(new HoistReductions().run(bound.program()));
        // Six coarse pixels and 24 fine ones would cost 4 * 30 exponentials, more than the 6 * 13 there are.
        assertEquals(6 * 13, exponentials(separated(plain)));
        BoundDescriptor larger = BoundDescriptor.of("""
                descriptor d
                field M in [0, 1]
                vectors R = halfwindow(4)
                let G[x] = mean[d: box(2)](M[2*x + d])
                let e[x, r: R] = sigmoid(G[x] + M[2*x + r] + M[2*x + r + (1, 0)])
                output S[r: R] = mean[x](e[x, r]^2)
                """, List.of(4, 6));
        plain = new Simplifier().run(new HoistReductions().run(larger.program()));
        assertEquals(6 + 24, exponentials(separated(plain)));
        Map<String, double[]> fields = larger.fields(1);
        assertArrayEquals(larger.values(plain, "S@1", fields), larger.values(separated(plain), "S@1", fields), 1e-14);
    }

    @Test
    void indicesOfAFieldStayIndicesOfItsFactor() {
        BoundDescriptor bound = bound("""
                field I[p: phases] in [0, 1]
                let e[x, r: R, p: phases, q: phases] = sigmoid(I[x, p] + I[x + r, q])
                output S[r: R, p: phases, q: phases] = mean[x](e[x, r, p, q]^2)
                """);
        IndexProgram plain = new HoistReductions().run(bound.program());
        assertEquals(2 * 24, exponentials(separated(plain)));
        Map<String, double[]> fields = bound.fields(1);
        assertArrayEquals(bound.values(plain, "S@1", fields), bound.values(separated(plain), "S@1", fields), 1e-14);
    }

    @Test
    void fewVectorsAreNotWorthAFactor() {
        BoundDescriptor bound = BoundDescriptor.of("""
                descriptor d
                field M in [0, 1]
                vectors R = {(0, 0), (0, 1), (1, 0)}
                output S[r: R] = mean[x](sigmoid(M[x] + M[x + r]))
                """, List.of(4, 6));
        assertEquals(List.of(), decisions(new HoistReductions().run(bound.program())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"field M", "field M in [0, 1]\nfield w[r: R]"})
    void withoutBoundsThePlainFormStays(String fields) {
        String weight = fields.contains("w") ? " + mean[y](w[y, 0])" : "";
        IndexProgram program = new HoistReductions().run(bound(fields + "\noutput S[r: R] = mean[x](sigmoid(M[x]"
                + weight + " + M[x + r]))\n").program());
        assertEquals(exponentials(program), exponentials(separated(program)));
        assertEquals(List.of("sigmoid: the factors' exponents may be anything, more than 43.0"),
                decisions(program).stream().map(Decision::reason).toList());
    }

    @Test
    void theArgumentsDecideWhetherTheExponentsMayBecomeTooLarge() {
        // For M from -1 to 2 the largest exponent is alpha / 2 * 1.75: 42 for a slope of 48, more than 43 for one of 50.
        assertEquals(List.of("separate", "separate"), decisions(differentiated(SOFT.replace("ALPHA", "48"))).stream()
                .map(Decision::choice).toList());
        List<Decision> steep = decisions(differentiated(SOFT.replace("ALPHA", "50")));
        assertEquals(List.of("plain", "plain"), steep.stream().map(Decision::choice).toList());
        assertEquals("sigmoid: the factors' exponents may be -31.3 to 43.8, more than 43.0", steep.getFirst().reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"abs(tanh(M[x] - M[x + r]))", "relu(sigmoid(M[x] + M[x + r]) - 0.5)",
        "max(tanh(M[x] - M[x + r]), tanh(M[x + r] - M[x]))", "step(tanh(M[x] - M[x + r]) * 2)",
        "if tanh(M[x] - M[x + r]) < 0 then M[x] else 0", "sqrt(tanh(relu(M[x] - M[x + r])))",
        "(1 + tanh(M[x] - M[x + r]))^1.5", "atan2(tanh(M[x] - M[x + r]), M[x])"})
    void whatIsComparedKeepsItsRoundingErrors(String body) {
        IndexProgram program = differentiated("field M in [0, 1]\noutput S[r: R] = mean[x](" + body + " + M[x])\n");
        assertEquals(exponentials(program), exponentials(separated(program)));
        assertTrue(decisions(program).stream().allMatch(each -> each.reason().contains("compared")),
                decisions(program).toString());
    }

    @Test
    void whatIsComparedElsewhereKeepsItsRoundingErrorsToo() {
        IndexProgram program = differentiated("""
                field M in [0, 1]
                let e[x, r: R] = tanh(M[x] - M[x + r])
                let f[x, r: R] = 2 * e[x, r]
                output S[x] = max[r: R](f[x, r])
                """);
        assertEquals(program.definitionsByName().get("e@1"), separated(program).definitionsByName().get("e@1"));
        // In the derivative, 1 - e^2, it is compared with nothing.
        assertEquals("plain separate", String.join(" ", decisions(program).stream().map(Decision::choice).distinct().toList()));
    }

    @Test
    void farOutsideOfTheRangeValuesStayFiniteAndMonotone() {
        BoundDescriptor bound = bound("""
                field M in [0, 1]
                output S[x, r: R] = sigmoid(10 * ((M[x] + M[x + r]) / 2 - 0.75))
                """);
        IndexProgram separate = separated(new HoistReductions().run(bound.program()));
        double previous = 0;
        for (double value : new double[] {-1e30, -100, -7, -1, 0, 0.5, 0.75, 1, 2, 8, 100, 1e30}) {
            double[] field = new double[24];
            Arrays.fill(field, value);
            double[] values = bound.values(separate, "S@1", Map.of("M", field));
            assertTrue(values[0] >= previous && values[0] <= 1, value + " gives " + values[0]);
            // The clamp is beyond -7.85 and 9.35.
            double exact = 1 / (1 + Math.exp(-10 * (value - 0.75)));
            assertEquals(exact, values[0], Math.abs(value) <= 7 ? 1e-13 * exact : 1e-37);
            previous = values[0];
        }
    }
}
