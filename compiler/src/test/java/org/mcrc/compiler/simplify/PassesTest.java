package org.mcrc.compiler.simplify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Reduce;

/** Passes on whole programs. */
class PassesTest {
    private static boolean isNormal(Definition definition) {
        return Expressions.nodes(definition.reduction() == null ? definition.body() : definition.reduction().body())
                .stream().noneMatch(Reduce.class::isInstance);
    }

    private static final String NESTED = """
            descriptor nested
            field M
            let low[x] = M[x] - mean[y](M[y])
            output S[k: 0..2] = max[x](sum[j: 0..k](prod[d: box(2)](low[x + d - j*(1, 0)])) + 0.5 * k)
            """;

    /** A rule may go on above where another one ended: as many steps as there are arguments. */
    @Test
    void maximumOfManyArgumentsComesToRest() {
        String arguments = IntStream.range(0, 70).mapToObj(k -> k + " * M[x] + " + k * k % 7)
                .collect(Collectors.joining(", "));
        BoundDescriptor bound = BoundDescriptor.of("descriptor envelope field M output o = mean[x](max(" + arguments + "))",
                List.of(2, 2));
        Map<String, double[]> fields = Map.of("M", new double[] {0, 0.5, 1, 2});
        double[] value = new Evaluator(Pipeline.differentiate(bound.program())).evaluate(fields, Map.of("o@1*",
                new double[] {0})).get("o@1");
        double expected = 0;
        for (double m : fields.get("M")) {
            expected += IntStream.range(0, 70).mapToDouble(k -> k * m + k * k % 7).max().orElseThrow() / 4;
        }
        assertEquals(expected, value[0], 1e-12);
    }

    @Test
    void inNormalFormReductionsStandAtTheTop() {
        BoundDescriptor bound = BoundDescriptor.of(NESTED, List.of(5, 4));
        assertFalse(bound.program().definitions().stream().allMatch(PassesTest::isNormal));
        IndexProgram normal = new HoistReductions().run(bound.program());
        assertTrue(normal.definitions().stream().allMatch(PassesTest::isNormal));
        Map<String, double[]> fields = bound.fields(1);
        assertArrayEquals(bound.values(bound.program(), "S@1", fields), bound.values(normal, "S@1", fields), 1e-14);
    }

    @Test
    void aHoistedReductionReadsNothingThatItsGuardExcludes() {
        // For k = 2 the inner maximum would read L[3], which does not exist.
        BoundDescriptor bound = BoundDescriptor.of("""
                descriptor guarded
                field M
                let L[k: 0..2] = mean[x](M[x] + k)
                output S = sum[k: 0..2 | k < 2](max[x](M[x] * L[k + 1]))
                """, List.of(3, 4));
        Map<String, double[]> fields = Map.of("M", new double[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        // The mean is 1/12, the maximum 1: (1/12 + 1) + (1/12 + 2).
        assertArrayEquals(new double[] {3 + 2.0 / 12}, bound.values(new HoistReductions().run(bound.program()), "S@1",
                fields), 1e-14);
    }

    @Test
    void conditionsThatAHoistedReductionDoesNotSeeStillKeepItFromReadingOutside() {
        // The inner sum knows k but not n: what k + 1 reads is looked at by itself.
        BoundDescriptor bound = BoundDescriptor.of("""
                descriptor guarded
                field M
                let L[k: 0..2] = mean[x](M[x] + k)
                output S[n: 0..1] = sum[k: 0..2 | k < 2 - n](max[x](M[x] * L[k + 1]))
                """, List.of(2, 2));
        Map<String, double[]> fields = Map.of("M", new double[] {1, 1, 1, 1});
        assertArrayEquals(new double[] {5, 2}, bound.values(new HoistReductions().run(bound.program()), "S@1", fields), 1e-14);
    }

    @Test
    void aBranchThatIsNotTakenDoesNotSpoilTheDerivativeOfAReductionInIt() {
        BoundDescriptor bound = BoundDescriptor.of("""
                descriptor roots
                field M
                output S = sum[x](if M[x] > 0 then sum[k: 0..1](sqrt(M[x] + k)) else 0)
                loss sse
                """, List.of(2, 2));
        double[] gradient = bound.gradient("M", Map.of("M", new double[] {0, 1, 0, 4}), 0);
        double slope = 2 * (1 + Math.sqrt(2) + 2 + Math.sqrt(5));
        assertArrayEquals(new double[] {0, slope * (0.5 + 0.5 / Math.sqrt(2)), 0, slope * (0.25 + 0.5 / Math.sqrt(5))},
                gradient, 1e-12);
    }

    @Test
    void whatNothingAsksForIsDropped() {
        BoundDescriptor bound = BoundDescriptor.of("""
                descriptor unused
                field M
                let unused[x] = M[x] + 1
                let alsoUnused[x] = unused[x]^2
                let used[x] = 2 * M[x]
                output S = mean[x](used[x])
                """, List.of(2, 2));
        List<String> names = new DropUnused().run(bound.program()).definitions().stream().map(Definition::name).toList();
        assertTrue(names.stream().noneMatch(name -> name.toLowerCase().contains("unused")), names.toString());
        assertTrue(names.contains("used@1"), names.toString());
    }

    @Test
    void whatNoPixelEntersIsComputedOnce() {
        BoundDescriptor bound = BoundDescriptor.of("""
                descriptor invariant
                field M
                let m[k: 0..3] = mean[x](M[x]) + k
                output S[k: 0..3] = sum[x](M[x] * tanh(m[k])^2)
                """, List.of(3, 3));
        IndexProgram normal = new HoistReductions().run(bound.program());
        IndexProgram hoisted = new HoistInvariants().run(normal);
        assertEquals(normal.definitions().size() + 1, hoisted.definitions().size());
        Definition coefficient = hoisted.definitions().stream().filter(each -> each.name().contains("coefficient"))
                .findFirst().orElseThrow();
        assertEquals(4, coefficient.tensor().size());
        Map<String, double[]> fields = bound.fields(2);
        assertArrayEquals(bound.values(normal, "S@1", fields), bound.values(hoisted, "S@1", fields), 1e-14);
    }
}
