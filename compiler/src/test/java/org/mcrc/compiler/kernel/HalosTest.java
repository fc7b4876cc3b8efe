package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;

class HalosTest {
    @Test
    void aHaloIsAsWideAsReadsReachAndIsFilledAfterItsArray() {
        KernelProgram program = Pipeline.schedule(Pipeline.differentiate(BoundDescriptor.of("""
                descriptor d
                field M
                let s[x] = max(sin(M[x]), cos(M[x]))
                output S = mean[x](max(s[x + (0, 2)], s[x - (1, 0)], s[x]))
                """, List.of(5, 6)).program()));
        assertEquals(List.of(1, 2), program.storage().get("s@1").halo());
        assertEquals(List.of(0, 0), program.storage().get("M").halo());
        assertTrue(program.storage().get("S@1").exact());
        assertFalse(program.storage().get("s@1").exact());
        List<Kernel> kernels = program.kernels().get(Phase.OUTPUTS);
        int wrapped = kernels.stream().filter(Wrap.class::isInstance).map(kernels::indexOf).findFirst().orElseThrow();
        assertEquals("s@1", kernels.get(wrapped).writes().getFirst().name());
        assertEquals("s@1", kernels.get(wrapped - 1).writes().getFirst().name());
    }

    @Test
    void whatCannotBeAddressedIsTheUsersToChange() {
        BoundDescriptor far = BoundDescriptor.of("""
                descriptor far
                field M
                vectors R = {(0, 0), (16000000, -16000000)}
                output S[r: R] = mean[x](M[x] * M[x + r])
                """, List.of(16, 16));
        TooLarge error = assertThrows(TooLarge.class, () -> Pipeline.schedule(Pipeline.differentiate(far.program())));
        assertEquals("'M', which is read up to 16000000 pixels beyond its edge, would have 1.02e+15 elements;"
                + " at most 2147483647 are possible", error.getMessage());
    }
}
