package org.mcrc.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.kernel.KernelProgram;

/** Whatever a pass calls its definitions: a user may have called a field so. */
class UserNamesTest {
    private static KernelProgram scheduled(String declarations) {
        return Pipeline.schedule(Pipeline.differentiate(
                BoundDescriptor.of("descriptor d\n" + declarations, List.of(6, 8)).program()));
    }

    /** The names of tensors that passes made and that a file could declare. */
    private static Set<String> declarable(KernelProgram program) {
        Set<String> names = new LinkedHashSet<>();
        program.index().definitions().forEach(definition -> names.add(definition.name()));
        program.storage().values().stream().map(storage -> storage.tensor())
                .filter(tensor -> tensor.kind() == Tensor.Kind.DEFINED).forEach(tensor -> names.add(tensor.name()));
        names.removeIf(name -> !name.matches("\\p{L}[\\p{L}\\p{Nd}_]*") || name.equals("E") || name.equals("P"));
        return names;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            P_coefficient   | vectors R = window(2) let w[r: R] = mean[x](M[x] * M[x + r]) \
                    penalty P = sum[x, r: R](exp(w[r]) * M[x + r]^2) weight 1 output v = mean[x](M[x])
            P_exponential   | vectors R = halfwindow(3) penalty P = sum[x, r: R](sigmoid(M[x] + M[x + r])) weight 1 \
                    output v = mean[x](M[x])
            P_1             | penalty P = 1 + mean[x](M[x]^2) weight 1 output v = mean[x](M[x])
            P_1_inner       | vectors R = window(2) let e[x, r: R] = tanh(M[x] * M[x + r]) \
                    let S[a: R, b: R] = mean[x](e[x, a] * e[x, b]) \
                    penalty P = 1 + sum[a: R](S[a, a]) weight 1 output v = mean[x](M[x])
            dq_folded       | field q vectors R = window(2) let e[x, r: R] = tanh(M[x] * q[x + r]) \
                    output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
            """)
    void aFieldMayHaveTheNameThatAPassWouldGive(String given, String declarations) {
        String text = "field M in [0, 1]\n" + declarations + "\n";
        Set<String> names = declarable(scheduled(text));
        assertTrue(names.stream().anyMatch(name -> name.startsWith(given)), names::toString);
        for (String name : names) {
            KernelProgram program = scheduled("field " + name + "\n" + text);
            assertEquals(Tensor.Kind.FIELD, program.storage().get(name).tensor().kind(), name);
            assertFalse(program.index().definitionsByName().containsKey(name), name);
        }
    }
}
