package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;

/** What the scheduler makes of programs, and by the interpreter that it means the same. */
class SchedulerTest {
    private static final String CORRELATIONS = """
            descriptor correlations
            param alpha = 10
            field M in [0, 1]
            vectors R = halfwindow(3)
            function f(z) = c1 / (1 + exp(-alpha * (z + c2))) + c3
              solve c1 = 1, c2 = -0.7, c3 = 0
              where f(0) = 0, f(1) = 1, f''(0.75) = 0
            let e[x, r: R] = f((M[x] + M[x + r]) / 2)
            output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
            """;
    private static final String TWO_FIELDS = """
            descriptor twoFields
            field M
            field q
            vectors R = window(2)
            let e[x, r: R] = tanh(M[x] * q[x + r])
            output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
            """;
    private static final String SMOOTHED = """
            descriptor smoothed
            field M
            vectors R = window(2)
            let s[x] = tanh(M[x] + M[x + (1, 0)])
            let e[x, r: R] = sigmoid(s[x] + M[x + r])
            output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
            """;
    private static final String TWO_OPERANDS = """
            descriptor twoOperands
            field M
            vectors R = window(2)
            vectors Q = halfwindow(3)
            let e[x, r: R] = tanh(M[x] * M[x + r])
            let g[x, r: Q] = sigmoid(M[x] - M[x + r])
            output S[a: R, b: Q] = mean[x](e[x, a] * g[x, b])
            """;
    private static final String TRANSPOSED = """
            descriptor transposed
            field M
            vectors R = window(2)
            vectors Q = halfwindow(3)
            let e[x, r: R] = tanh(M[x] * M[x + r])
            let g[x, r: Q] = sigmoid(M[x] - M[x + r])
            output S[b: Q, a: R] = sum[x](e[x, a] * g[x, b] * M[x + (1, 0)])
            """;
    private static final String NO_FOLD = """
            descriptor noFold
            field M
            vectors R = window(2)
            let e[x, r: R] = tanh(M[x] * M[x + r])
            let w[r: R, s: R] = sum[x](e[x, r] * (1 + dot(r, s)))
            let z[x, r: R] = sum[s: R](w[r, s] * e[x, s])
            output S = mean[x](max[r: R](z[x, r]))
            """;
    private static final String TWO_CONTRACTIONS = """
            descriptor twoContractions
            field M
            vectors R = window(2)
            let e[x, r: R] = tanh(M[x] * M[x + r])
            let w[r: R, s: R] = mean[x](e[x, r] * e[x, s])
            let z[x, r: R] = sum[s: R](w[r, s] * e[x, s])
            let v[x, r: R] = sum[s: R](w[s, r] * e[x + r, s])
            let t[x] = sum[r: R](z[x - r, r] * v[x - r, r])
            output S = mean[x](t[x]^2)
            """;
    private static final String FOLD_IN_THE_OUTPUTS = """
            descriptor foldInTheOutputs
            field M
            vectors R = window(2)
            let e[x, r: R] = tanh(M[x] * M[x + r])
            let w[r: R, s: R] = mean[x](e[x, r] * e[x, s])
            let z[x, r: R] = sum[s: R](w[r, s] * e[x, s])
            let t[x] = sum[r: R](z[x - r, r] * M[x - r])
            output S = mean[x](t[x]^2)
            output T[x] = t[x] + t[x + (1, 0)]
            """;
    private static final String WITH_OWN_INDICES = """
            descriptor phasesOfAll
            field q[p: phases]
            vectors R = halfwindow(2)
            let e[x, r: R, p: phases] = tanh(q[x, p] * q[x + r, p])
            output S[a: R, p: phases, b: R, s: phases] = mean[x](e[x, a, p] * e[x, b, s])
            """;
    private static final String FEWER_ROWS_THAN_TERMS = """
            descriptor d
            field M
            vectors W = window(4)
            vectors R = {r in W | norm(r) <= 3}
            let e[x, r: R] = M[x] * M[x + r]
            let g[a: R, b: R] = mean[x](M[x + a] * M[x + b])
            let z[x, r: R] = sum[b: R](g[r, b] * e[x, b])
            let u[x] = sum[w: W](if norm(w) <= 3 then z[x - w, w] else M[x + w])
            output S = mean[x](u[x]^2)
            """;

    private static final String SLICES = """
            descriptor slicesOfAll
            field M
            slices all
            vectors R = window(2)
            let e[x, r: R] = tanh(M[x] * M[x + r])
            output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
            """;
    private static final String LEVELS = """
            descriptor levels
            field M boundary open
            multigrid coarsest 3
            let L[n: 0..2] = mean[x](prod[k: 0..n](M[x + k*(0, 1)]))
            output S[n: 0..1] = L[n] - L[n + 1] + max[x](M[x] * n)
            """;

    private static KernelProgram schedule(String text, List<Integer> extents) {
        return Pipeline.schedule(Pipeline.differentiate(BoundDescriptor.of(text, extents).program()));
    }

    private static <K extends Kernel> List<K> kernels(KernelProgram program, Class<K> kind) {
        return program.kernels().values().stream().flatMap(List::stream).filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    void correlationsAreOneContractionAndOneFoldAndNothingLargeIsStored() {
        KernelProgram program = schedule(CORRELATIONS, List.of(16, 8));
        Gram gram = kernels(program, Gram.class).getFirst();
        assertEquals(1, kernels(program, Gram.class).size());
        assertTrue(gram.symmetric());
        assertEquals("S@1", gram.target().name());
        // The mean's division is the scale of the contraction: there is no sum beside S.
        assertTrue(gram.scale() instanceof Constant(double scale) && scale == 1.0 / 128, gram.scale().toString());
        assertEquals(1, kernels(program, Fold.class).size());
        int rows = 25;
        program.storage().values().forEach(storage ->
                assertTrue(storage.tensor().size() <= Math.max(128, rows * rows), storage.tensor().name()));
        // The exponentials of the pixels with their halo, and then the contraction.
        assertEquals(List.of("e@1_exponential", "e@1_exponential", "S@1"), program.kernels().get(Phase.OUTPUTS).stream()
                .map(kernel -> kernel.writes().getFirst().name()).toList());
    }

    @Test
    void operationsOfCorrelationsAreThoseOfTheFormulas() {
        KernelProgram program = schedule(CORRELATIONS, List.of(16, 8));
        double pixels = 128;
        double rows = 25;
        // Each e is computed once for the matrix, once for the reverse contraction and once for its derivative: from the
        // exponential of a pixel.
        assertEquals(pixels, Operations.of(program, Phase.OUTPUTS, 4).transcendentals());
        assertEquals(0, Operations.of(program, Phase.GRADIENT, 4).transcendentals());
        double contraction = pixels * rows * (rows + 1);
        double reverse = 2 * pixels * rows * rows;
        double outputs = Operations.of(program, Phase.OUTPUTS, 4).flops();
        double gradient = Operations.of(program, Phase.GRADIENT, 4).flops();
        assertTrue(contraction <= outputs && outputs <= contraction + 10 * pixels * rows, String.valueOf(outputs));
        assertTrue(reverse <= gradient && gradient <= reverse + 25 * pixels * rows, String.valueOf(gradient));
    }

    @Test
    void oneFoldServesSeveralTargets() {
        for (String text : List.of(TWO_FIELDS, SMOOTHED)) {
            KernelProgram program = schedule(text, List.of(8, 6));
            List<Fold> folds = kernels(program, Fold.class);
            assertEquals(1, folds.size(), text);
            assertEquals(2, folds.getFirst().writes().size());
            assertFalse(kernels(program, Nest.class).stream().anyMatch(nest -> program.kernels().get(Phase.PREPARE)
                    .contains(nest) && folds.getFirst().writes().containsAll(nest.writes())));
        }
    }

    @Test
    void differentOperandsGiveAFullMatrixAndAFoldForEach() {
        for (String text : List.of(TWO_OPERANDS, TRANSPOSED)) {
            KernelProgram program = schedule(text, List.of(8, 6));
            assertFalse(kernels(program, Gram.class).getFirst().symmetric());
            assertEquals(2, kernels(program, Fold.class).size());
        }
    }

    @Test
    void whatIsNoFoldIsSummedWhereItIsUsed() {
        KernelProgram program = schedule(NO_FOLD, List.of(4, 6));
        assertTrue(program.decisions().stream().anyMatch(decision -> decision.definition().equals("z@1")
                && decision.reason().equals("its use is no fold at shifted pixels")), program.decisions().toString());
    }

    @Test
    void whatNoFieldEntersIsComputedOnce() {
        KernelProgram program = schedule("""
                descriptor constants
                field M
                let w[r: window(1)] = sum[k: 0..9](exp(-k * norm(r)))
                output S[r: window(1)] = mean[x](w[r] * M[x] * M[x + r])
                """, List.of(4, 5));
        List<Kernel> once = program.kernels().get(Phase.PREPARE);
        assertEquals(List.of("w@1"), once.stream().flatMap(kernel -> kernel.writes().stream()).map(Tensor::name).toList());
    }

    @Test
    void phasesHoldWhatTheyAreFor() {
        KernelProgram program = schedule(CORRELATIONS + "penalty p = mean[x](relu(-M[x])^2) weight E\n", List.of(8, 8));
        Set<String> ready = new HashSet<>(Set.of("M", "S@1*"));
        program.kernels().forEach((phase, kernels) -> {
            for (Kernel kernel : kernels) {
                Set<String> own = new HashSet<>();
                kernel.writes().forEach(tensor -> own.add(tensor.name()));
                kernel.expressions().forEach(expression -> Expressions.reads(expression).forEach(read -> assertTrue(
                        ready.contains(read.tensor().name()) || !program.storage().containsKey(read.tensor().name()),
                        () -> read.tensor().name() + " is read before it is computed")));
                ready.addAll(own);
            }
            Map<Phase, List<String>> there = Map.of(Phase.PREPARE, List.of(), Phase.OUTPUTS, List.of("S@1"), Phase.LOSS,
                    List.of("L", "E"), Phase.GRADIENT, List.of("dM"));
            assertTrue(ready.containsAll(there.get(phase)), phase + " " + ready);
            assertFalse(phase == Phase.LOSS && ready.contains("dM"));
        });
    }

    /** Nobody waits for it, but what can be said about it can be said. */
    @Test
    void aSumOfMoreTermsThanCanBeCountedHasASchedule() {
        KernelProgram program = schedule("""
                descriptor chain
                field M
                vectors R = window(40)
                let S[a: R, b: R] = mean[x](M[x + a] * tanh(M[x + b]))
                output v = sum[a: R, b: R, c: R, d: R, e: R](tanh(S[a, b] + S[b, c] + S[c, d] + S[d, e]))
                """, List.of(4, 4));
        assertTrue(program.storage().containsKey("v@1"), program::toString);
    }

    static Stream<Arguments> programs() {
        return Stream.of(
                Arguments.of("correlations", CORRELATIONS, List.of(5, 6)),
                Arguments.of("vectors longer than the image", CORRELATIONS, List.of(2, 3)),
                Arguments.of("two fields", TWO_FIELDS, List.of(4, 5)),
                Arguments.of("an array before the contraction", SMOOTHED, List.of(4, 5)),
                Arguments.of("two operands", TWO_OPERANDS, List.of(4, 5)),
                Arguments.of("two operands, transposed", TRANSPOSED, List.of(4, 5)),
                Arguments.of("no fold", NO_FOLD, List.of(3, 2)),
                Arguments.of("two contractions", TWO_CONTRACTIONS, List.of(2, 2)),
                Arguments.of("a fold in the outputs", FOLD_IN_THE_OUTPUTS, List.of(3, 2)),
                Arguments.of("own indices", WITH_OWN_INDICES, List.of(3, 4)),
                Arguments.of("terms that read no element of the contraction", FEWER_ROWS_THAN_TERMS, List.of(4, 3)),
                Arguments.of("slices", SLICES, List.of(3, 4, 3)),
                Arguments.of("levels and an open boundary", LEVELS, List.of(6, 8)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void theScheduleMeansWhatTheProgramMeans(String name, String text, List<Integer> extents) {
        BoundDescriptor bound = BoundDescriptor.of(text, extents);
        IndexProgram program = Pipeline.differentiate(bound.program());
        KernelInterpreter interpreter = new KernelInterpreter(Pipeline.schedule(program));
        Evaluator evaluator = new Evaluator(program);
        // Twice: what is left over from one evaluation must not be seen in the next.
        for (int seed = 1; seed <= 2; seed++) {
            Map<String, double[]> fields = bound.fields(seed);
            Map<String, double[]> expected = evaluator.evaluate(fields, bound.targets(0.3));
            Map<String, double[]> actual = interpreter.evaluate(fields, bound.targets(0.3));
            expected.forEach((tensor, values) -> {
                double scale = 1e-3;
                for (double value : values) {
                    scale = Math.max(scale, Math.abs(value));
                }
                assertArrayEquals(values, actual.get(tensor), 1e-12 * scale, tensor);
            });
        }
    }

    /** Written out, this formula would have more operations than anything could hold; shared, it has some hundred. */
    @Test
    void formulasThatShareTheirPartsAreNeverWrittenOut() {
        String text = """
                descriptor nested
                field M
                function f(z) = sin(z) * z
                function g(z) = f''(z) * f'(z) * f(z)
                function h(z) = g''(z) * g'(z) * g(z)
                function i(z) = h''(z) * h'(z) * h(z)
                function j(z) = i''(z) * i'(z) * i(z)
                function k(z) = j''(z) * j(z)
                output b = mean[x](k(M[x]))
                """;
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            IndexProgram program = BoundDescriptor.of(text, List.of(8, 8)).program();
            Definition largest = program.definitions().stream()
                    .max(Comparator.comparing(each -> Expressions.writtenOut(each.body()))).orElseThrow();
            assertTrue(Expressions.writtenOut(largest.body()) > 1e6, largest::toString);
            assertTrue(largest.toString().contains("operations when written out)"), largest.toString());
            Pipeline.schedule(Pipeline.differentiate(program));
        });
    }
}
