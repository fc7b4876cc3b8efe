package org.mcrc.compiler.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Descriptors that are wrong for a size or for values, and exactly what is said about them. */
class BindErrorsTest {
    static Stream<Arguments> cases() {
        return Stream.of(
                error("8x8", """
                        field M
                        vectors R = halfwindow(1)
                        vectors W = {a + b for a in R, b in R}
                        let S2[r: W] = mean[x](M[x] * M[x + r])
                        output S[a: R, b: R] = S2[a - b]
                        """, """
                        test.mcr:6:27: error: a - b = (0, -1) is not a member of W, for a = (0, 0), b = (0, 1)
                            6 | output S[a: R, b: R] = S2[a - b]
                              |                           ^~~~~
                        """),
                error("8x8", """
                        field M
                        vectors R = halfwindow(1)
                        let S2[r: R] = mean[x](M[x] * M[x + r])
                        output S[a: R, b: R] = if a == b then S2[0] else if a == 0 then S2[b - a] else 1
                        """, ""),
                error("8x8", """
                        field M
                        let L[n: 0..3] = mean[x](M[x]^n)
                        output S[n: 0..3] = L[n + 1] + L[4]
                        """, """
                        test.mcr:4:23: error: n + 1 = 4 is not a member of 0..3, for n = 3
                            4 | output S[n: 0..3] = L[n + 1] + L[4]
                              |                       ^~~~~
                        test.mcr:4:34: error: 4 is not a member of 0..3
                            4 | output S[n: 0..3] = L[n + 1] + L[4]
                              |                                  ^
                        """),
                error("8x8", """
                        field M
                        let L[n: 0..3, m: 0..3] = mean[x](M[x]^(n + m))
                        output S[k: 0..3] = max(L[k + 2, 7], if k > 2 then L[k, k + 1] else L[k, -1])
                        """, """
                        test.mcr:4:27: error: k + 2 = 4 is not a member of 0..3, for k = 2
                            4 | output S[k: 0..3] = max(L[k + 2, 7], if k > 2 then L[k, k + 1] else L[k, -1])
                              |                           ^~~~~
                        test.mcr:4:34: error: 7 is not a member of 0..3
                            4 | output S[k: 0..3] = max(L[k + 2, 7], if k > 2 then L[k, k + 1] else L[k, -1])
                              |                                  ^
                        test.mcr:4:57: error: k + 1 = 4 is not a member of 0..3, for k = 3
                            4 | output S[k: 0..3] = max(L[k + 2, 7], if k > 2 then L[k, k + 1] else L[k, -1])
                              |                                                         ^~~~~
                        test.mcr:4:74: error: -1 is not a member of 0..3
                            4 | output S[k: 0..3] = max(L[k + 2, 7], if k > 2 then L[k, k + 1] else L[k, -1])
                              |                                                                          ^~
                        """),
                error("8x8", """
                        field M
                        let L[n: 0..4] = mean[x](M[x]^n)
                        output S[n: 0..4] = L[2^(n - 1)] + L[floor(4 / n)]
                        output T[n: 0..4 | n > 0] = L[floor(4 / n)] + L[max(n, 2) + 1]
                        """, """
                        test.mcr:4:23: error: an integer is needed here, and '2^(n - 1)' is 0.5 for n = 0
                            4 | output S[n: 0..4] = L[2^(n - 1)] + L[floor(4 / n)]
                              |                       ^~~~~~~~~
                        test.mcr:4:38: error: an integer is needed here, and 'floor(4 / n)' is Infinity for n = 0
                            4 | output S[n: 0..4] = L[2^(n - 1)] + L[floor(4 / n)]
                              |                                      ^~~~~~~~~~~~
                        test.mcr:5:49: error: max(n, 2) + 1 = 5 is not a member of 0..4, for n = 4
                            5 | output T[n: 0..4 | n > 0] = L[floor(4 / n)] + L[max(n, 2) + 1]
                              |                                                 ^~~~~~~~~~~~~
                        """),
                error("8x8", """
                        field M
                        let L[n: 0..4] = mean[x](M[x]^n)
                        output S = sum[n: 0..99999](L[abs(n - 5) mod 5])
                        """, """
                        test.mcr:4:31: error: 'abs(n - 5) mod 5' has too many values for a table of them; at most 65536 are \
                        allowed, unless it is made of indices by +, -, *, div and mod
                            4 | output S = sum[n: 0..99999](L[abs(n - 5) mod 5])
                              |                               ^~~~~~~~~~~~~~~~
                        """),
                error("8x8", """
                        field M
                        let L[n: 0..3] = mean[x](M[x]^n)
                        output S = L[4]
                        """, """
                        test.mcr:4:14: error: 4 is not a member of 0..3
                            4 | output S = L[4]
                              |              ^
                        """),
                error("8x8", """
                        field M
                        let L[n: 0..3, k: 0..n] = mean[x](M[x]^k)
                        output S[n: 0..3] = L[n, n + 0] + L[2, n]
                        """, """
                        test.mcr:4:37: error: there is no such element for n = 3
                            4 | output S[n: 0..3] = L[n, n + 0] + L[2, n]
                              |                                     ^~~~
                        """),
                error("8x8", """
                        field M
                        let e[x, r: {(0, 1), (1, 0)}] = M[x + r]
                        output S[r: {(0, 1), (1, 1)}] = mean[x](e[x, r])
                        """, """
                        test.mcr:4:46: error: r = (1, 1) is not a member of {(0, 1), (1, 0)}
                            4 | output S[r: {(0, 1), (1, 1)}] = mean[x](e[x, r])
                              |                                              ^
                        """),
                error("65x64", """
                        param P = 15
                        field M
                        multigrid coarsest 2 * (P + 1)
                        output S = mean[x](M[x])
                        """, """
                        test.mcr:4:1: error: a microstructure of 65x64 has no level 2: 2 does not divide 65
                            4 | multigrid coarsest 2 * (P + 1)
                              | ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                              use extents that 2 divides, or a 'coarsest' of more than 32 for fewer levels; it is 32 now
                        """),
                error("8x8", """
                        field M
                        multigrid coarsest 64
                        output S = mean[x](M[x])
                        """, """
                        test.mcr:3:20: warning: a microstructure of 8x8 is smaller than the coarsest level, 64: there is one level
                            3 | multigrid coarsest 64
                              |                    ^~
                        """),
                error("8x8", """
                        field M
                        multigrid coarsest 0
                        output S = mean[x](M[x])
                        """, """
                        test.mcr:3:20: error: the coarsest level has extents of 1 or more, not of 0
                            3 | multigrid coarsest 0
                              |                    ^
                        """),
                error("9x8", """
                        field M
                        let H[x] = mean[d: box(2)](M[2*x + d])
                        output S = mean[x](H[x])
                        """, """
                        test.mcr:3:28: error: 'M[2*x + d]' needs extents that 2 divides, and 'M' has 9x8 pixels: 2 does not divide 9
                            3 | let H[x] = mean[d: box(2)](M[2*x + d])
                              |                            ^~~~~~~~~~
                        """),
                error("9x8", """
                        param K = 1 + 1
                        param Q = 1
                        field M
                        let H[x] = mean[d: box(K)](M[Q*x + d])
                        let G[x] = M[x]
                        output S = mean[x](H[x]) + mean[x](G[(Q + 3)*x])
                        """, """
                        test.mcr:7:36: error: 'G[(Q + 3)*x]' needs extents that 4 divides, and 'G' has 9x8 pixels: 4 does not divide 9
                            7 | output S = mean[x](H[x]) + mean[x](G[(Q + 3)*x])
                              |                                    ^~~~~~~~~~~~
                        """),
                error("8x8 K=2", """
                        param K = 1
                        field M
                        output S = mean[x](M[K*x] * M[x])
                        """, """
                        test.mcr:4:29: error: here x ranges over a grid of 8x8, elsewhere over one of 4x4
                            4 | output S = mean[x](M[K*x] * M[x])
                              |                             ^~~~
                        test.mcr:4:20: note: here it ranges over a grid of 4x4
                            4 | output S = mean[x](M[K*x] * M[x])
                              |                    ^~~~~~
                        """),
                error("8x8", """
                        field M rank 3
                        output S = mean[x](M[x])
                        """, """
                        test.mcr:2:1: error: the field 'M' has rank 3, and a microstructure of 8x8 has rank 2
                            2 | field M rank 3
                              | ^~~~~~~~~~~~~~
                        """),
                error("8x8", """
                        field M
                        output S[n: 0..2] = mean[k: 1..n](k) * mean[x](M[x])
                        """, """
                        test.mcr:3:21: error: this mean has no terms for n = 0
                            3 | output S[n: 0..2] = mean[k: 1..n](k) * mean[x](M[x])
                              |                     ^~~~~~~~~~~~~~~~
                        """),
                error("8x8", """
                        field M
                        output S[n: 0..2] = (if n == 0 then 0 else max[k: 1..n](k)) * mean[x](M[x])
                        """, ""),
                error("4x8", """
                        field M boundary open
                        output S[r: halfwindow(4)] = mean[x](M[x] * M[x + r])
                        """, """
                        test.mcr:3:30: error: this mean has no terms for r = (4, -4)
                            3 | output S[r: halfwindow(4)] = mean[x](M[x] * M[x + r])
                              |                              ^~~~~~~~~~~~~~~~~~~~~~~~
                        """),
                error("8x8 P=2.5", """
                        param P = 2
                        field M
                        output S[r: halfwindow(2 * P + P)] = mean[x](M[x] * M[x + r])
                        """, """
                        test.mcr:4:24: error: an integer is needed here, and this is 7.5
                            4 | output S[r: halfwindow(2 * P + P)] = mean[x](M[x] * M[x + r])
                              |                        ^~~~~~~~~
                        """),
                error("8x8", """
                        field M
                        output S[r: random(20, 2, 1)] = mean[x](M[x] * M[x + r])
                        """, """
                        test.mcr:3:20: error: halfwindow(2) has 13 members; 20 cannot be chosen from them
                            3 | output S[r: random(20, 2, 1)] = mean[x](M[x] * M[x + r])
                              |                    ^~
                        """),
                error("8x8", """
                        field M
                        data W[k: 0..3] from "none.npy"
                        output S = mean[x](M[x] * W[0])
                        """, """
                        test.mcr:3:22: error: 'none.npy' cannot be read: there are no files
                            3 | data W[k: 0..3] from "none.npy"
                              |                      ^~~~~~~~~~
                        """),
                error("8x8", """
                        field M
                        output S[a: window(200), b: window(200)] = mean[x](M[x + a] * M[x + b])
                        """, """
                        test.mcr:3:1: error: 'S@1' would have 25856961601 elements, 192.6 GiB; at most 2147483639 elements are allowed
                            3 | output S[a: window(200), b: window(200)] = mean[x](M[x + a] * M[x + b])
                              | ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                        """),
                error("70000x70000", """
                        field M
                        output S = mean[x](M[x])
                        """, """
                        test.mcr:1:12: error: a microstructure of 70000x70000 has 4900000000 pixels; at most 2147483639 are allowed
                            1 | descriptor t
                              |            ^
                        """),
                error("8x8 P=200", """
                        param P = 2 in [1, 127]
                        field M
                        output S[r: halfwindow(P)] = mean[x](M[x] * M[x + r])
                        """, """
                        test.mcr:2:16: error: P = 200 is not in [1, 127]
                            2 | param P = 2 in [1, 127]
                              |                ^~~~~~~~
                        """),
                error("8x8 n=-1", """
                        param n = 1
                        field M
                        output S[r: window(n)] = mean[x](M[x] * M[x + r])
                        """, """
                        test.mcr:4:20: error: this must not be negative, and is -1
                            4 | output S[r: window(n)] = mean[x](M[x] * M[x + r])
                              |                    ^
                        """),
                error("8x8", """
                        param P = 1/0
                        field M
                        output S = mean[x](M[x]) * P
                        """, """
                        test.mcr:2:11: error: 'P' is not a finite number: Infinity
                            2 | param P = 1/0
                              |           ^~~
                        """),
                error("8x8", """
                        field M in [0, 1/0]
                        output S = mean[x](M[x])
                        """, """
                        test.mcr:2:16: error: this end of the range is not a finite number: Infinity
                            2 | field M in [0, 1/0]
                              |                ^~~
                        """),
                error("8x8", """
                        field M
                        output S = mean[x](M[x]) weight log(-1)
                        """, """
                        test.mcr:3:33: error: the weight of output 'S' is not a finite number: NaN
                            3 | output S = mean[x](M[x]) weight log(-1)
                              |                                 ^~~~~~~
                        """),
                error("8x8", """
                        field M
                        multigrid coarsest 4 weight 1/(level - 1)
                        output S = mean[x](M[x])
                        """, """
                        test.mcr:3:29: error: the weight of level 1 is not a finite number: Infinity
                            3 | multigrid coarsest 4 weight 1/(level - 1)
                              |                             ^~~~~~~~~~~~~
                        """),
                error("4096x4096", """
                        field M
                        multigrid coarsest 1 factor 4096
                        output S = mean[x](M[x])
                        """, """
                        test.mcr:3:29: error: a pixel of a level would be the mean of 16777216 pixels of the one before, and \
                        1000000 are allowed
                            3 | multigrid coarsest 1 factor 4096
                              |                             ^~~~
                        """),
                error("8x8", """
                        param k = 0
                        field M
                        output S = mean[x](M[x])
                        penalty p = mean[x](M[x]) weight 1/k
                        """, """
                        test.mcr:5:34: error: the weight of penalty 'p' is not a finite number: Infinity
                            5 | penalty p = mean[x](M[x]) weight 1/k
                              |                                  ^~~
                        """),
                error("8x8", """
                        param z = 0
                        field M
                        output S[n: 0..3] = mean[x](M[x]) * (n div z)
                        """, """
                        test.mcr:4:44: error: division by zero
                            4 | output S[n: 0..3] = mean[x](M[x]) * (n div z)
                              |                                            ^
                        """),
                error("8x8x8", """
                        field M
                        slices 1, 3
                        vectors R = window(1, 2)
                        output S[r: R] = mean[x](M[x] * M[x + r])
                        penalty p = mean[x](sum[r: R](M[x + r])) weight 1
                        """, """
                        test.mcr:4:13: error: this set has 2 dimensions and vectors have 3 in penalties, which see the whole \
                        volume and not its slices
                            4 | vectors R = window(1, 2)
                              |             ^~~~~~~~~~~~
                        """),
                error("8x8", """
                        field M
                        output S[k: 0..2] = mean[x](M[x]) + 3 mod k
                        """, """
                        test.mcr:3:43: error: division by zero, for k = 0
                            3 | output S[k: 0..2] = mean[x](M[x]) + 3 mod k
                              |                                           ^
                        """),
                error("8x8", """
                        field M
                        vectors R = {r in window(1) | r.2 == 0 and 3 mod r.1 == 0 or r.1 == 0 or 1 div r.1 == 1}
                        output S = sum[r: R](mean[x](M[x + r]))
                        """, """
                        test.mcr:3:50: error: division by zero, for r = (0, 0)
                            3 | vectors R = {r in window(1) | r.2 == 0 and 3 mod r.1 == 0 or r.1 == 0 or 1 div r.1 == 1}
                              |                                                  ^~~
                        """),
                error("8x8", """
                        field M
                        output S = mean[x](M[x] * extent(x, 3))
                        """, """
                        test.mcr:3:37: error: there is no axis 3; the microstructure has 2
                            3 | output S = mean[x](M[x] * extent(x, 3))
                              |                                     ^
                        """),
                error("8x8", """
                        field M
                        output S = mean[x](M[x] * M[x + (1, 0, 0)])
                        """, """
                        test.mcr:3:33: error: this vector has 3 components; 2 are needed here
                            3 | output S = mean[x](M[x] * M[x + (1, 0, 0)])
                              |                                 ^~~~~~~~~
                        """));
    }

    private static Arguments error(String extents, String text, String expected) {
        return Arguments.of(extents, text, expected);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isToldInTheUsersTerms(String extents, String text, String expected) {
        assertEquals(expected, render(extents, text));
    }

    /** @param binding extents and values of params, as in {@code 8x8 P=2.5} */
    private static String render(String binding, String text) {
        String[] parts = binding.split(" ");
        Map<String, Double> params = new HashMap<>();
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            params.put(part.split("=")[0], Double.valueOf(part.split("=")[1]));
        }
        return Bound.errors("descriptor t\n" + text, new Binding(
                Arrays.stream(parts[0].split("x")).map(Integer::valueOf).toList(), 2, params,
                DataLoader.none("there are no files")));
    }

    /** A warning, as a guard may leave such elements out. */
    @Test
    void dataThatAreNoNumbersArePointedAt() {
        double[] values = {1, 2, 3, 4, 5, Double.NaN, 7, Double.POSITIVE_INFINITY};
        String text = """
                descriptor t
                field M in [0, 1]
                data w[i: 0..1, r: box(2)] from "w.npy"
                output S[i: 0..1, r: box(2) | i + r.1 < 1] = w[i, r] * mean[x](M[x] * M[x + r])
                """;
        assertEquals("""
                test.mcr:3:33: warning: 'w.npy' holds not-a-number at [1, 1], counted from 0, and 1 more element is no finite number
                    3 | data w[i: 0..1, r: box(2)] from "w.npy"
                      |                                 ^~~~~~~
                      a loss that depends on such an element is no number: a guard can leave it out
                """, Bound.errors(text, new Binding(List.of(8, 8), 2, Map.of(),
                (_, _) -> new DataLoader.Found(List.of(2, 4), values))));
        assertEquals("", Bound.errors(text, new Binding(List.of(8, 8), 2, Map.of(),
                (_, _) -> new DataLoader.Found(List.of(2, 4), new double[8]))));
    }

    @Test
    void allErrorsOfAFileAreReportedAtOnce() {
        String rendered = render("9x8 P=2.5", """
                param P = 2
                field M in [0, 1]
                let H[x] = mean[d: box(2)](M[2*x + d])
                output S[r: halfwindow(P)] = mean[x](M[x] * M[x + r])
                output T[n: 0..2] = mean[k: 1..n](k) * mean[x](M[x])
                output U = mean[x](H[x])
                output V[r: window(100000)] = mean[x](M[x] * M[x + r])
                """);
        assertEquals(4, rendered.lines().filter(line -> line.contains("error:")).count(), rendered);
        String withLevels = render("8x8", """
                field M
                multigrid coarsest 0
                let S[k: 0..2] = mean[x](M[x])^k
                output U = S[3]
                output W = max[k: 3..2](S[k])
                """);
        assertEquals(3, withLevels.lines().filter(line -> line.contains("error:")).count(), withLevels);
    }
}
