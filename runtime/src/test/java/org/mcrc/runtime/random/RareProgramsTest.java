package org.mcrc.runtime.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.runtime.engine.cuda.HostDevice;
import org.mcrc.runtime.random.RandomDescriptor.Descriptor;
import org.mcrc.runtime.random.RandomPrograms.Check;
import org.mcrc.runtime.random.RandomPrograms.Outcome;

/** What random descriptors hardly ever are, by every engine: each of these was once computed wrongly by one of them. */
class RareProgramsTest {
    /** Words of C++, macros, what kernels call and what engines keep: fields and indices are called so. */
    private static final List<String> NAMES = List.of("and_eq", "char16_t", "co_await", "const_cast", "decltype",
            "reinterpret_cast", "static_assert", "static_cast", "thread_local", "typeof", "wchar_t", "xor_eq", "float",
            "requires", "threadIdx", "blockIdx", "NULL", "NAN", "INFINITY", "linux", "y1", "signbit", "index", "row",
            "mcrc_power", "mcrc_wrap", "mcrc_minimum", "mcrc_infinity", "MCRC_TENSOR_CORES", "losses", "values", "partial",
            "counters", "element", "total", "Größe", "Δ", "memcpy", "double_t");

    static Stream<Arguments> programs() {
        return Stream.of(
                Arguments.of("every function", List.of(8, 12), 2, """
                        descriptor functions
                        param a = 3
                        field M in [0, 1]
                        let w[x] = 6 * M[x] - 2
                        output o1[x] = abs(w[x]) + sqrt(abs(w[x])) + exp(w[x]) + log(1 + w[x]^2) + sin(w[x]) + cos(w[x])
                        output o2[x] = tan(w[x]/7) + asin(w[x]/7) + acos(w[x]/7) + atan(w[x]) + atan2(w[x], w[x] + 9)
                        output o3[x] = sinh(w[x]) + cosh(w[x]) + tanh(w[x]) + sigmoid(w[x]) + relu(w[x]) + sign(w[x])
                        output o4[x] = step(w[x]) + floor(w[x]) + min(w[x], 1, 2) + max(w[x], 0, 1) + clamp(w[x], 0, 1)
                        output o5[x] = lgamma(w[x] + 4.3) + digamma(w[x] + 5.2) + digamma(-2.5 - M[x]/4)
                        output o6[x] = w[x]^3 + (w[x] + 5)^-2 + w[x]^17 / 1e8 + abs(w[x])^a + 2^w[x] + w[x]^0
                        report r = max[x](floor(9 * M[x])) + mean[x | M[x] > 0.5 and not (M[x] > 0.8) or M[x] == 0](M[x])
                        """),
                Arguments.of("constants that are infinite in one precision or in both", List.of(5, 4), 2, """
                        descriptor infinities
                        field M in [0, 1]
                        output o[x] = min(M[x], 1e300 * 1e300) + max(M[x], -1e39) + (if M[x] < 1e308 * 10 then 1 else 0)
                        """),
                Arguments.of("sets without members", List.of(5, 4), 2, """
                        descriptor empty
                        field M in [0, 1]
                        vectors R = box(0)
                        let e[x, r: R] = tanh(M[x + r])
                        output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
                        output T[a: R] = mean[x](M[x] * M[x + a])
                        output U = mean[x](M[x] + sum[r: R](M[x + r])) + sum[r: R, x](M[x + r])
                        """),
                Arguments.of("ranges without numbers", List.of(5, 4), 2, """
                        descriptor empty
                        field M in [0, 1]
                        output T[a: 1..0] = mean[x](M[x] * M[x + a*(1, 0)])
                        output U = mean[x](M[x] + prod[k: 3..1](M[x + k*(1, 0)]))
                        """),
                Arguments.of("subscripts by tables", List.of(5, 7), 2, """
                        descriptor tables
                        field M in [0, 1]
                        vectors R = window(2)
                        let L[n: 0..4] = mean[x](M[x] * M[x + n*(1, 0)]^2)
                        let G[x, k: 0..3] = tanh(M[x] + k * M[x + k*(0, 1)])
                        output A[r: R] = mean[x](M[x] * M[x + (if r.1 < 0 then -r else r)]) * L[floor(norm(r))]
                        output B[a: 0..3] = L[max(a - 1, 0)] + L[if a == 0 then 4 else a - 1]
                        output C[a: 0..4] = sum[k: 0..4 | k > 0](L[floor(4 / k)] * L[4 div k] * a)
                        output D[r: R] = mean[x](G[x + sign(r.2)*r, abs(r.1) + min(r.2, 0)^2 mod 2] * M[x])
                        output F[k: 0..1] = mean[x](M[x] * M[x + 2^k*(1, 0)] * M[x + 2^(k + 1)*(1, 0)])
                        output H[a: R, b: R] = mean[x](G[x + abs(a.1)*(1, 0), abs(a.2)] * G[x + b, max(b.1, b.2, 0)])
                        """),
                Arguments.of("a batch between rows and columns", List.of(6, 8), 3, """
                        descriptor batched
                        field q[p: phases] in [0, 1]
                        vectors R = window(1)
                        let e[x, p: phases, r: R] = tanh(q[x, p] + q[x + r, p])
                        output V[a: R, p: phases, c: R] = mean[x](e[x, p, a] * e[x, p, c])
                        """),
                Arguments.of("coefficients whose place depends on the batch", List.of(9, 3), 2, """
                        descriptor places
                        field M in [0, 1]
                        output P[x, k: 0..1, r: window(2)] = min(M[x + k*(-2, 1)], k) - M[x + k*r] + M[x]
                        """),
                Arguments.of("an extremum over pixels for each pixel", List.of(4, 6), 2, """
                        descriptor extrema
                        field M in [0, 1]
                        let p[x] = tanh(relu(M[x]))
                        output S[r: halfwindow(1)] = mean[x](M[x] * p[x + r] * min[y](p[x + (0, -1)] + M[y]))
                        """),
                Arguments.of("a matrix of every slice", List.of(4, 3, 5), 2, """
                        descriptor sliced
                        field M in [0, 1]
                        slices 1, 3
                        vectors R = window(1)
                        let e[x, r: R] = tanh(M[x] - 2 * M[x + r])
                        output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
                        """),
                Arguments.of("names", List.of(2, 3), 2, names()));
    }

    /** Half of the names are fields, and the others indices. */
    private static String names() {
        int fields = NAMES.size() / 2;
        StringBuilder text = new StringBuilder("descriptor names\n");
        NAMES.subList(0, fields).forEach(name -> text.append("field ").append(name).append(" in [0, 1]\n"));
        List<String> others = NAMES.subList(fields, NAMES.size());
        for (int k = 0; k < others.size(); k += 2) {
            text.append("output o%d[%s: 0..1] = mean[x](sum[%s: 0..2](%s[x + %s*(1, 0)] * %s[x + %s*(0, 1)]))\n".formatted(k,
                    others.get(k), others.get(k + 1), NAMES.get(k % fields), others.get(k + 1), NAMES.get((k + 1) % fields),
                    others.get(k)));
        }
        return text.toString();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void areComputedByEveryEngine(String name, List<Integer> extents, int phases, String text) {
        Set<Check> checks = EnumSet.of(Check.INTERPRETER, Check.DOUBLE);
        if (HostDevice.available()) {
            checks.addAll(List.of(Check.CUDA_DOUBLE, Check.CUDA_SINGLE));
        }
        Outcome outcome = RandomPrograms.check(new Descriptor(5, extents, phases, false, text.lines().toList()), checks);
        assertEquals(Optional.empty(), outcome.rejected());
        assertEquals(Optional.empty(), outcome.failure());
    }

    @Test
    void scansOfMorePixelsThanThreads() {
        HostDevice.assumeAvailable();
        Outcome outcome = RandomPrograms.check(new Descriptor(5, List.of(1024, 520), 2, false, List.of("descriptor lines",
                "field M in [0, 1]", "output L[n: 1..5] = mean[x](prod[k: 0..n](M[x + k*(1, 0)]))")),
                Set.of(Check.CUDA_DOUBLE));
        assertEquals(new Outcome(Optional.empty(), Optional.empty()), outcome);
    }
}
