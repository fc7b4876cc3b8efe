package org.mcrc.compiler.simplify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;

/** The values that the numbers of a program can have. */
class RangesTest {
    private static Range range(String body, double margin) {
        IndexProgram program = BoundDescriptor.of("descriptor d\nfield M in [0, 1]\nfield U\nparam alpha = 3\noutput S = "
                + body + "\noutput T = mean[x](M[x] + U[x])\n", List.of(2, 4)).program();
        return new Ranges(program, margin).of(program.definitions().stream().filter(each -> each.name().equals("S@1"))
                .findFirst().orElseThrow().body());
    }

    @ParameterizedTest(name = "{0} is from {1} to {2}")
    @CsvSource(delimiter = '|', textBlock = """
            sum[x](M[x])                                | 0    | 8
            mean[x](2 - alpha * M[x])                   | -1   | 2
            sum[x, k: 0..1 ! k == 1](M[x] - 2)          | -32  | 0
            max[x](M[x] - 0.25)                         | -0.25 | 0.75
            mean[x]((M[x] - 0.5)^2)                     | 0    | 0.25
            mean[x]((M[x] - 0.5)^3)                     | -0.125 | 0.125
            mean[x]((M[x] - 0.5)^1.5)                   | -Infinity | Infinity
            mean[x](abs(M[x] - 0.25))                   | 0    | 0.75
            mean[x](abs(M[x] + 0.25))                   | 0.25 | 1.25
            mean[x](1 / (1 + M[x]))                     | 0.5  | 1
            mean[x](1 / M[x])                           | -Infinity | Infinity
            mean[x](M[x] * (M[x] - 1))                  | -1   | 0
            mean[x](sqrt(4 * M[x]))                     | 0    | 2
            mean[x](log(M[x] - 1))                      | -Infinity | Infinity
            mean[x](acos(M[x] + 0.25))                  | -Infinity | Infinity
            mean[x](if M[x] > 0.5 then 3 else M[x])     | 0    | 3
            mean[x](min(M[x], 0.5) + max(M[x], 0.75))   | 0.75 | 1.5
            mean[x](sin(9 * M[x]))                      | -1   | 1
            prod[x](M[x] - 0.5)                         | -1   | 1
            prod[x](2 * M[x])                           | 0    | 256
            sum[x](U[x])                                | -Infinity | Infinity
            mean[x](0 * U[x])                           | 0    | 0
            sum[k: -2..3](k + mean[x](M[x]))            | -12  | 24
            """)
    void intervals(String body, double low, double high) {
        Range range = range(body.replace('!', '|'), 0);
        assertEquals(low, range.low(), 1e-15);
        assertEquals(high, range.high(), 1e-15);
    }

    @Test
    void fieldsMayLeaveTheirRangeByTheMargin() {
        Range range = range("mean[x](M[x])", 0.5);
        assertEquals(-0.5, range.low(), 1e-15);
        assertEquals(1.5, range.high(), 1e-15);
    }

    @Test
    void noValueIsOutside() {
        BoundDescriptor bound = BoundDescriptor.of("""
                descriptor d
                field M in [0, 1]
                vectors R = halfwindow(1)
                let a[x, r: R] = exp(2 * M[x] - norm(r)) * tanh(M[x + r]) - cosh(M[x] - 0.5)
                let b[x] = sum[r: R](a[x, r] * r.2) / (2 + sin(a[x, 0]))
                output S[x] = if b[x] > 0 then atan(b[x]) else floor(b[x]) * relu(M[x]) - sign(b[x])
                """, List.of(4, 4));
        Ranges ranges = new Ranges(bound.program(), 0);
        for (int seed = 0; seed < 10; seed++) {
            Evaluator evaluator = new Evaluator(bound.program());
            Map<String, double[]> fields = bound.fields(seed);
            bound.program().definitions().stream().filter(each -> each.name().matches("(a|b|S)@1")).forEach(each -> {
                Range range = ranges.of(each.body());
                for (double value : evaluator.evaluate(fields, Map.of(), java.util.Set.of(each.name())).get(each.name())) {
                    assertTrue(range.contains(value), each.name() + " is " + value + ", not in " + range);
                }
            });
        }
    }
}
