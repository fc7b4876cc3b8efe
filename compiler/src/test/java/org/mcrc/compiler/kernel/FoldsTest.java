package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.IndexProgram;

class FoldsTest {
    /** {@code z} is a matrix times what the pixels give: folded where its use in {@code t} lets it. */
    private static final String PRODUCT = """
            descriptor product
            field M
            vectors R = window(1)
            let e[x, r: R] = tanh(M[x] * M[x + r])
            let w[r: R, s: R] = mean[x](e[x, r] * e[x, s])
            let z[x, r: R] = sum[s: R](w[r, s] * e[x, s])
            let t[x] = USE
            output S = mean[x](t[x]^2)
            """;

    private record Found(IndexProgram program, Correlations correlations, Folds folds) {
        static Found in(String text) {
            IndexProgram program = Pipeline.differentiate(BoundDescriptor.of(text, List.of(6, 6)).program());
            Correlations none = Correlations.of(program, Sums.DIRECT, new ArrayList<>());
            return new Found(program, none, Folds.find(program, none));
        }

        StorageDecision stored() {
            return StorageDecision.of(program, correlations, folds);
        }
    }

    @Test
    void aSumAtShiftedPixelsIsATargetAndNothingOfItIsLeft() {
        Found found = Found.in(PRODUCT.replace("USE", "M[x] + sum[r: R](z[x - r, r] * M[x])"));
        assertInstanceOf(ReverseContraction.class, found.folds().get("z@1"));
        StorageDecision stored = found.stored();
        List<Definition> targets = found.folds().targets("z@1", stored);
        assertTrue(targets.stream().map(Definition::name).anyMatch(name -> name.startsWith("t@1")), targets::toString);
        Inliner inliner = stored.inliner();
        Definition target = targets.getFirst();
        assertEquals(1, found.folds().contributions(target, "z@1", inliner).size());
        assertFalse(found.folds().withoutContributions(target, inliner).toString().contains("z@1["));
    }

    @Test
    void aUseThatIsNoSumIsGivenUpOnce() {
        Found found = Found.in(PRODUCT.replace("USE", "max[r: R](z[x - r, r])"));
        assertTrue(found.folds().contains("z@1"));
        assertTrue(found.folds().dropUnfoldable(found.stored()));
        assertFalse(found.folds().contains("z@1"));
        assertEquals("its use is no fold at shifted pixels", found.folds().givenUp().getFirst().reason());
        while (found.folds().dropUnfoldable(found.stored())) {
            assertFalse(found.folds().contains("z@1"));
        }
    }

    @Test
    void theAdjointsOfARunningProductsFactorsAreFoldedToo() {
        Found found = Found.in("""
                descriptor lines
                field M
                output L[n: 1..8] = mean[x](prod[k: 0..8 | k <= n](M[x + k*(1, 0)]))
                """);
        assertTrue(found.folds().all().stream().anyMatch(RunningAdjoint.class::isInstance), found.program()::toString);
    }
}
