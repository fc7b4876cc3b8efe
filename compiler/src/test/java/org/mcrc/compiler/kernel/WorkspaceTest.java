package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;

class WorkspaceTest {
    private static final String TRIPLES = """
            descriptor triples
            field M in [0, 1]
            vectors R = halfwindow(4)
            let e[x, r: R] = sigmoid(3 * (M[x] + M[x + r]) - 4)
            output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
            """;

    private static KernelProgram kernels(String text, int extent) {
        return Pipeline.schedule(Pipeline.differentiate(BoundDescriptor.of(text, List.of(extent, extent)).program()));
    }

    /** 41 vectors, which reach 4 pixels; loads may run 64 numbers past the end of an array. */
    @Test
    void coefficientsAndAccumulatorsOfAFoldAreCounted() {
        long packed = 41 * 41;
        long accumulator = (20 + 8) * (20 + 8) + 64;
        KernelProgram program = kernels(TRIPLES, 20);
        assertEquals(4 * (packed + 32 * accumulator), program.workspace(Float.BYTES));
        assertEquals(8 * (packed + 32 * accumulator), program.workspace(Double.BYTES));
    }

    /** Of 1000 x 1000 pixels an accumulator takes 4.06 or 8.1 MB: 8 or 4 of them are no more than 33.5 MB. */
    @Test
    void accumulatorsAreFewerWhereTheyAreLarge() {
        long packed = 41 * 41;
        long accumulator = 1008 * 1008 + 64;
        KernelProgram program = kernels(TRIPLES, 1000);
        assertEquals(4 * (packed + 8 * accumulator), program.workspace(Float.BYTES));
        assertEquals(8 * (packed + 4 * accumulator), program.workspace(Double.BYTES));
    }

    @Test
    void loopsTakeNothingBesides() {
        assertEquals(0, kernels("""
                descriptor fraction
                field M
                output V = mean[x](M[x])
                """, 16).workspace(Float.BYTES));
    }
}
