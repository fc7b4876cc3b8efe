package org.mcrc.compiler.simplify;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.IndexProgram;

class FinitenessTest {
    private static boolean isDoubtful(String value) {
        IndexProgram program = BoundDescriptor.of("descriptor test\nparam p = 0\nfield M in [0, 1]\n"
                + "let e[x, k: 0..2] = log(M[x]) / k\nlet a[x, k: 0..2] = " + value
                + "\noutput S = sum[x, k: 0..2](a[x, k] + e[x, k])\n", List.of(2, 2)).program();
        Definition definition = program.definitions().stream().filter(each -> each.name().equals("a@1")).findFirst()
                .orElseThrow();
        return new Finiteness(program).isDoubtful(definition.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqrt(M[x])", "1 / M[x]", "log(M[x] + 0.5)", "M[x]^(-1)", "M[x]^0.5", "M[x] / k", "M[x] / p",
        "exp(60 * M[x])", "tan(M[x])", "acos(M[x])", "2 * e[x, k]", "if M[x] > 0 then log(M[x]) else 0"})
    void polesEndsOfDomainsAndOverflowsAreDoubtful(String value) {
        assertTrue(isDoubtful(value));
    }

    /** With M from -1 to 2. */
    @ParameterizedTest
    @ValueSource(strings = {"M[x] / 3", "M[x] / (k + 1)", "M[x]^2 + M[x]^k", "M[x] * sqrt(k)", "M[x] * exp(-norm((k, 1)))",
        "exp(40 * M[x])", "1 / (1 + M[x]^2)", "log(M[x] + 1.5)", "sigmoid(1000 * M[x])", "atan2(M[x], 0)", "acos(M[x] / 2)"})
    void whatStaysFiniteNearTheFieldsRangeIsNot(String value) {
        assertFalse(isDoubtful(value));
    }
}
