package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.simplify.HoistReductions;

/** Which matrices are symmetric, and how they are read. */
class SymmetryTest {
    private static final String MATRICES = """
            descriptor d
            field M in [0, 1]
            vectors R = halfwindow(3)
            let e[x, r: R] = sigmoid(3 * M[x] + 2 * M[x + r])
            let Q[r: R] = mean[x](M[x] * M[x + r])
            let T[a: R, b: R] = mean[x](e[x, a] * M[x + b])
            """;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            mean[x](e[x, a] * e[x, b])                              | true
            mean[x](e[x, a] * M[x] * e[x, b])                       | false
            mean[x](M[x] * (e[x, a] * e[x, b]))                     | true
            sum[x](tanh(max(e[x, a], e[x, b])) + e[x, b] * e[x, a]) | true
            max[x](abs(e[x, a] + e[x, b]))                          | true
            mean[x](e[x, a] - e[x, b])                              | false
            T[a, b]                                                 | false
            T[a, b] + T[b, a]                                       | true
            T[a, b] / T[b, a]                                       | false
            Q[a] * Q[b]                                             | true
            Q[a] - 2 * Q[b]                                         | false
            if a == b then 0 else Q[a] * Q[b]                       | true
            if a == 0 then Q[b] else 0                              | false
            """)
    void whatIsSymmetricIsFound(String body, boolean expected) {
        BoundDescriptor bound = BoundDescriptor.of(MATRICES + "output S[a: R, b: R] = " + body
                + " + 0 * mean[x](M[x])\n", List.of(5, 8));
        IndexProgram program = Pipeline.differentiate(bound.program());
        boolean symmetric = new Symmetry(program).contains("S@1");
        // Found or not, what is said to be symmetric is so to the last bit; what is not said to be may be.
        double[] values = new Evaluator(program).evaluate(bound.fields(3), Map.of(), Set.of("S@1")).get("S@1");
        int size = (int) Math.round(Math.sqrt(values.length));
        boolean same = true;
        for (int a = 0; a < size; a++) {
            for (int b = 0; b < size; b++) {
                same &= values[a * size + b] == values[b * size + a];
            }
        }
        assertTrue(same || !symmetric);
        assertEquals(expected, symmetric, () -> program.definitionsByName().get("S@1").toString());
    }

    @Test
    void aMatrixIsReadAlongItsRows() {
        IndexProgram program = new HoistReductions().run(BoundDescriptor.of(MATRICES + """
                let S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
                output D[a: R, b: R] = S[b, a] - T[b, a]
                output U[a: R] = sum[b: R](S[b, a] * T[b, a])
                """, List.of(5, 8)).program());
        KernelProgram kernels = Scheduler.schedule(program);
        for (String name : List.of("D@1", "U@1_1")) {
            Nest nest = kernels.kernels().values().stream().flatMap(List::stream).filter(Nest.class::isInstance)
                    .map(Nest.class::cast).filter(each -> each.writes().getFirst().name().startsWith(name)
                            || each.writes().getFirst().name().equals("U@1") && name.startsWith("U")).findFirst().orElseThrow();
            List<Read> reads = Expressions.reads(nest.definition().body());
            Read s = reads.stream().filter(read -> read.tensor().name().startsWith("S@1")).findFirst().orElseThrow();
            Read t = reads.stream().filter(read -> read.tensor().name().startsWith("T@1")).findFirst().orElseThrow();
            assertNotEquals(s.subscripts(), t.subscripts());
            assertEquals(s.subscripts().reversed(), t.subscripts());
        }
    }

    @Test
    void theCoefficientsOfAReverseContractionLieAsTheyAreRead() {
        IndexProgram program = Pipeline.differentiate(BoundDescriptor.of(MATRICES
                + "output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])\n", List.of(5, 8)).program());
        Fold fold = Pipeline.schedule(program).kernels().values().stream().flatMap(List::stream)
                .filter(Fold.class::isInstance).map(Fold.class::cast).findFirst().orElseThrow();
        List<Read> ofMatrix = Expressions.reads(fold.terms().getFirst().matrix()).stream()
                .filter(read -> read.tensor().name().equals("S@1")).toList();
        assertFalse(ofMatrix.isEmpty());
        for (Read read : ofMatrix) {
            assertEquals(Expressions.readAt(read.tensor(), List.of(fold.rows().getFirst(), fold.terms().getFirst().inner().getFirst())), read);
        }
    }
}
