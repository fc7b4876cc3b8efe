package org.mcrc.compiler.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.check.CheckResult;
import org.mcrc.compiler.check.Checker;
import org.mcrc.compiler.check.UseLoader;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.Parser;

/** Constants that are solved for, against closed forms. */
class SolveTest {
    private static final String FLAGSHIP = """
            descriptor t
            param alpha = 10
            field M in [0, 1]
            function f(z) = c1 / (1 + exp(-alpha * (z + c2))) + c3
              solve c1 = 1, c2 = -0.7, c3 = 0
              where f(0) = 0, f(1) = 1, f''(0.75) = 0
            output S = mean[x](f(M[x]))
            """;

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }

    @ParameterizedTest
    @ValueSource(doubles = {3, 10, 20})
    void theSoftThresholdHasItsClosedForm(double alpha) {
        Map<String, Double> arguments = Bound.bind(SourceFile.of("t.mcr", FLAGSHIP), new Binding(List.of(8, 8), 2,
                Map.of("alpha", alpha), DataLoader.none("none")), new Diagnostics()).orElseThrow().program().arguments();
        double c1 = 1 / (sigmoid(0.25 * alpha) - sigmoid(-0.75 * alpha));
        assertEquals(-0.75, arguments.get("f.c2"), 1e-12);
        assertEquals(c1, arguments.get("f.c1"), 1e-12 * c1);
        assertEquals(-c1 * sigmoid(-0.75 * alpha), arguments.get("f.c3"), 1e-12);
        assertEquals(alpha, arguments.get("alpha"));
    }

    /** The cubic c z + (1 - c) z^3 with slope 2 at 0: c = 2. */
    @Test
    void equationsMayUseTheFirstDerivative() {
        assertEquals(2, Bound.text("""
                descriptor t
                field M in [0, 1]
                function f(z) = c * z + (1 - c) * z^3 solve c = 0 where f'(0) = 2
                output S = mean[x](f(M[x]))
                """, 8, 8).program().arguments().get("f.c"), 1e-13);
    }

    /** The static check allows the level in no equation; binding gives it a meaning all the same. */
    @Test
    void aConstantThatDependsOnTheLevelIsSolvedOnEachLevel() {
        CheckResult checked = Checker.check(Parser.parse(SourceFile.of("t.mcr", """
                descriptor t
                field M in [0, 1]
                multigrid coarsest 4
                function f(z) = c * z * level solve c = 1 where f(2) = 1
                output S = mean[x](f(M[x]))
                """), new Diagnostics()), UseLoader.none("none"), new Diagnostics());
        Map<String, Double> arguments = Binder.bind(checked, Bound.binding(8, 8), new Diagnostics()).orElseThrow()
                .program().arguments();
        assertEquals(Map.of("f.c@1", 0.5, "f.c@2", 0.25), arguments);
    }

    @Test
    void noSolutionIsAnErrorWithTheResidual() {
        assertEquals("""
                test.mcr:3:31: error: the constants of 'f' were not found: Newton's method ends with a residual of 1.00; \
                the equations do not determine the constants here
                    3 | function f(z) = z + c^2 solve c = 0 where f(0) = -1
                      |                               ^~~~~~~~~~~~~~~~~~~~~
                      write equations that say more about them, or start elsewhere
                """, Bound.errors("descriptor t\nfield M in [0, 1]\nfunction f(z) = z + c^2 solve c = 0 where f(0) = -1\n"
                        + "output S = mean[x](f(M[x]))\n", 8, 8));
    }

    @Test
    void whatFollowsFromAFailureIsNotReported() {
        String errors = Bound.errors("""
                descriptor t
                field M in [0, 1]
                function f(z) = c*z solve c = 1 where f'(0) = f(1) + 1
                function g(z) = a*z^2 + b solve a = 1, b = 1 where f'(0) = f(1) + 1, g(0) = 1
                output S = mean[x](f(M[x]) + g(M[x]))
                """, 8, 8);
        assertEquals(1, errors.lines().filter(line -> line.contains("error:")).count(), errors);
        assertTrue(errors.contains("test.mcr:3:"), errors);
    }

    @Test
    void aTailThatVanishesIsNoSolution() {
        String errors = Bound.errors("descriptor t\nfield M in [0, 1]\n"
                + "function f(z) = exp(-c * z) solve c = 1 where f(1) = 0\noutput S = mean[x](f(M[x]))\n", 8, 8);
        assertTrue(errors.contains("were not found"), errors);
    }

    /** Nearer to what solution? Every value is one. */
    @Test
    void equationsThatAlwaysHoldDetermineNothing() {
        String errors = Bound.errors("descriptor t\nfield M in [0, 1]\n"
                + "function f(z) = z * k solve k = 1 where f(0) = 0\noutput S = mean[x](f(M[x]))\n", 8, 8);
        assertTrue(errors.contains("the equations hold for other values too: write some that say more"), errors);
    }
}
