package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.IndexProgram;

class StorageDecisionTest {
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            S@1   | store | it is asked for
            dM    | store | it is asked for
            g@1_1 | store | a reduction
            g@1   | fuse  | cheaper to compute again than to store
            e@1   | fuse  | pixels × vectors: produced where it is used
            m@1   | fuse  | trivial
            s@1   | store | used 18.0 times at a cost of 16.0
            w@1   | store | a reduction that is used more than once
            """)
    void whatIsStoredHasAReason(String definition, String choice, String reason) {
        IndexProgram program = Pipeline.differentiate(BoundDescriptor.of("""
                descriptor d
                field M
                vectors R = window(1)
                let m[x] = M[x + (0, 1)]
                let s[x] = tanh(M[x])
                let w[x] = sum[r: R](M[x + r]^2)
                let e[x, r: R] = s[x] * m[x + r] + w[x + r]
                let g[r: R] = mean[x](e[x, r])
                output S = sum[r: R](g[r]^2)
                """, List.of(4, 4)).program());
        Correlations none = Correlations.of(program, Sums.DIRECT, new ArrayList<>());
        StorageDecision stored = StorageDecision.of(program, none, Folds.find(program, none));
        assertEquals(List.of(new Decision(definition, choice, reason)), stored.decisions().stream()
                .filter(decision -> decision.definition().equals(definition)).toList(), () -> stored.decisions().toString());
        assertEquals(choice.equals("store"), stored.isStored(definition));
        assertEquals(choice.equals("fuse"), stored.isFused(definition));
    }
}
