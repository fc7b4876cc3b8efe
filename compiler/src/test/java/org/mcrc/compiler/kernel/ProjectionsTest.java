package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;

class ProjectionsTest {
    /** Eight features of 13 neighbours each, and what is made of them. */
    private static final String FEATURES = """
            descriptor features
            field M
            vectors R = halfwindow(2)
            let p[x, c: 1..8] = sum[r: R](tanh(M[x] * M[x + r]) * cos(c * norm(r)))
            output S[c: 1..8] = mean[x](p[x, c] * p[x, c])
            """;

    private static IndexProgram normal(String text) {
        return Pipeline.differentiate(BoundDescriptor.of(text, List.of(6, 7)).program());
    }

    private static IndexProgram split(IndexProgram program) {
        return Projections.split(program, Scheduler.LEAST_ROWS, Correlations.of(program, Sums.DIRECT,
                new java.util.ArrayList<>()));
    }

    @Test
    void theSumIsADefinitionOfItsOwnWithTheSameValues() {
        IndexProgram program = normal(FEATURES);
        IndexProgram split = split(program);
        assertTrue(split.toString().contains("let p@1[x: 6x7, c: 1..8] = p@1_sum[x, c]"), split::toString);
        Map<String, double[]> fields = Map.of("M", new SplittableRandom(3).doubles(42).toArray());
        Set<String> wanted = Set.of("S@1");
        assertArrayEquals(new Evaluator(program, Long.MAX_VALUE).evaluate(fields, Map.of(), wanted).get("S@1"),
                new Evaluator(split, Long.MAX_VALUE).evaluate(fields, Map.of(), wanted).get("S@1"), 0.0);
    }

    @Test
    void itIsScheduledAsAMatrixProductWrittenDirectly() {
        Fold fold = Pipeline.schedule(normal(FEATURES)).kernels().get(Phase.OUTPUTS).stream()
                .filter(Fold.class::isInstance).map(Fold.class::cast).findFirst().orElseThrow();
        assertEquals("p@1", fold.writes().getFirst().name());
        assertTrue(fold.isDirect(fold.writes().getFirst()));
    }

    @Test
    void fewRowsAreLeftAsTheyAre() {
        IndexProgram program = normal(FEATURES.replace("1..8", "1..7"));
        assertEquals(program.toString(), split(program).toString());
    }

    @Test
    void whatIsAskedForIsLeftAsItIs() {
        IndexProgram program = normal("""
                descriptor gradients
                field M
                vectors R = halfwindow(2)
                output S[r: R] = mean[x](M[x] * M[x + r])
                """);
        assertSame(program.roots().getFirst(), split(program).roots().getFirst());
        assertEquals(program.toString(), split(program).toString());
    }
}
