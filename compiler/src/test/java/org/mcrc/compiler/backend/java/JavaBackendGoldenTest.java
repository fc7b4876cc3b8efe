package org.mcrc.compiler.backend.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;

/** The generated Java, letter by letter. {@code -Dgolden.rewrite=true} writes the files anew. */
class JavaBackendGoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/org/mcrc/compiler/backend/java");

    static Stream<Arguments> descriptors() {
        return Stream.of(
                Arguments.of("""
                        /// Two- and three-point correlations with a soft threshold.
                        descriptor s2s3
                        param alpha = 10
                        field M in [0, 1]
                        vectors R = halfwindow(3)
                        function f(z) = c1 / (1 + exp(-alpha * (z + c2))) + c3
                          solve c1 = 1, c2 = -0.7, c3 = 0
                          where f(0) = 0, f(1) = 1, f''(0.75) = 0
                        let e[x, r: R] = f((M[x] + M[x + r]) / 2)
                        output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
                        """, "s2s3", List.of(8, 8), Precision.SINGLE),
                Arguments.of("""
                        descriptor s2
                        field M in [0, 1]
                        output S[r: halfwindow(1)] = mean[x](M[x] * M[x + r])
                        """, "s2", List.of(6, 5), Precision.SINGLE),
                Arguments.of("""
                        descriptor lines
                        field q[p: phases]
                        output L[n: 1..3, p: phases] = mean[x](prod[k: 0..n](q[x + k*(1, 0), p]))
                        loss sse
                        """, "lines", List.of(4, 16), Precision.DOUBLE));
    }

    private static String print(String text, List<Integer> extents, Precision precision) {
        return JavaBackend.print(Pipeline.schedule(Pipeline.differentiate(BoundDescriptor.of(text, extents).program())),
                precision).text();
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("descriptors")
    void theGeneratedSourceIsTheOneInTheFile(String text, String name, List<Integer> extents, Precision precision)
            throws IOException {
        Path file = FOLDER.resolve(name + ".txt");
        String printed = print(text, extents, precision);
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, printed);
        }
        assertEquals(Files.readString(file), printed);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("descriptors")
    void theGeneratedSourceIsTheSameEveryTime(String text, String name, List<Integer> extents, Precision precision) {
        assertEquals(print(text, extents, precision), print(text, extents, precision));
    }

    @Test
    void numericParamsAreNoPartOfTheSource() {
        String text = "descriptor d\nparam w = 2.5\nfield M\noutput S = mean[x](exp(w * M[x]))\n";
        assertEquals(print(text, List.of(4, 4), Precision.SINGLE),
                print(text.replace("2.5", "3.25"), List.of(4, 4), Precision.SINGLE));
    }

    @Test
    void everyTotalOfOnePassHasAName() {
        String source = print("descriptor d\nfield M\noutput S = max[x](M[x])\noutput T = sum[x](tanh(M[x]))\n",
                List.of(512, 512), Precision.SINGLE);
        String pass = source.substring(source.indexOf("void compute_S_1_and_T_1()"));
        String caller = pass.substring(0, pass.indexOf("private void"));
        assertTrue(caller.contains("double total = ") && caller.contains("double total_2 = "), caller);
    }

    @Test
    void namesThatJavaKnowsAreGivenOthers() {
        String source = print("descriptor Math\nfield M\nlet int[x] = M[x] + tanh(M[x + (1, 0)])\n"
                + "output class = mean[x](int[x]^2 * int[x + (0, 1)])\n", List.of(4, 4), Precision.SINGLE);
        assertTrue(source.contains("class Math_ "), source);
        for (String word : List.of("record", "var", "yield", "sealed", "permits", "class", "true")) {
            String other = print("descriptor " + word + "\nfield M\noutput S = mean[x](M[x])\n", List.of(4, 4),
                    Precision.SINGLE);
            assertTrue(other.contains("class " + word + "_ "), other);
        }
        assertFalse(source.contains(" int;") || source.contains("[] class_1 ;"), source);
    }
}
