package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;

class ScaleFusionTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            output S[a: R, b: R] = 3 * g[a, b]                                    | true
            output S[a: R, b: R] = 3 * g[b, a]                                    | false
            output S[a: R, b: R] = 3 * g[a, b] + 1                                | false
            output S[a: R, b: R] = norm(a) * g[a, b]                              | false
            output S[a: R, b: R] = 3 * g[a, b] output T = sum[a: R](g[a, a]^2)    | false
            """)
    void aMatrixIsScaledAsItFinishesWhereNothingElseReadsIt(String outputs, boolean fused) {
        KernelProgram program = Pipeline.schedule(Pipeline.differentiate(BoundDescriptor.of("""
                descriptor d
                field M
                vectors R = window(1)
                let e[x, r: R] = tanh(M[x] * M[x + r])
                let g[a: R, b: R] = sum[x](e[x, a] * e[x, b])
                """ + outputs, List.of(4, 4)).program()));
        assertEquals(fused, program.kernels().get(Phase.OUTPUTS).stream().anyMatch(kernel -> kernel instanceof Gram gram
                && gram.target().name().equals("S@1")), program::toString);
    }
}
