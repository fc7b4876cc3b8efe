package org.mcrc.compiler.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;

/**
 * The generated CUDA, letter by letter, and what is launched.
 * {@code -Dgolden.rewrite=true} writes the files anew.
 */
class CudaBackendGoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/org/mcrc/compiler/backend/cuda");

    static Stream<Arguments> descriptors() {
        return Stream.of(
                Arguments.of("""
                        /// The steps between phases along each axis, per pixel.
                        descriptor variation
                        param mu = 0.1
                        field M in [0, 1]
                        vectors D = {d in axes(1) | d != 0}
                        output V[d: D] = mean[x](abs(M[x + d] - M[x]))
                        /// Keeps the field between 0 and 1.
                        penalty grey = mean[x](abs(M[x] * (1 - M[x]))) weight mu
                        """, "variation", List.of(48, 64), CudaPrecision.SINGLE));
    }

    private static CudaBackend.Source print(String text, List<Integer> extents, CudaPrecision precision) {
        return CudaBackend.print(Pipeline.schedule(Pipeline.differentiate(BoundDescriptor.of(text, extents).program())),
                precision);
    }

    private static String launches(String heading, List<LaunchPlan.Step> steps) {
        return steps.stream().map(step -> "//     %s <<<%d x %d, %d>>>(%s)\n".formatted(step.kernel(), step.gridX(),
                step.gridY(), step.block(), step.arguments().stream().map(CudaBackendGoldenTest::argument)
                        .collect(Collectors.joining(", ")))).collect(Collectors.joining("", "\n// " + heading + "\n", ""));
    }

    private static String argument(LaunchPlan.Argument argument) {
        return argument.kind() == LaunchPlan.Kind.INTEGER ? String.valueOf(argument.value()) : argument.name();
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("descriptors")
    void theGeneratedSourceIsTheOneInTheFile(String text, String name, List<Integer> extents, CudaPrecision precision)
            throws IOException {
        Path file = FOLDER.resolve(name + ".txt");
        CudaBackend.Source source = print(text, extents, precision);
        StringBuilder printed = new StringBuilder(source.text());
        source.plan().phases().forEach((phase, steps) -> printed.append(launches(phase, steps)));
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, printed);
        }
        assertEquals(Files.readString(file), printed.toString());
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("descriptors")
    void theGeneratedSourceIsTheSameEveryTime(String text, String name, List<Integer> extents, CudaPrecision precision) {
        assertEquals(print(text, extents, precision).text(), print(text, extents, precision).text());
        assertEquals(print(text, extents, precision).plan().phases(), print(text, extents, precision).plan().phases());
    }

    @Test
    void numericParamsAreNoPartOfTheSource() {
        String text = "descriptor d\nparam w = 2.5\nfield M\noutput S = mean[x](exp(w * M[x]))\n";
        assertEquals(print(text, List.of(4, 4), CudaPrecision.SINGLE).text(),
                print(text.replace("2.5", "3.25"), List.of(4, 4), CudaPrecision.SINGLE).text());
    }

    /** 80^5 is more than an int holds, and so are the 2.8e9 sums of 1681 times 101 products in 16384 warps. */
    @Test
    void largeNumbersOfTermsAreCountedWithMoreBits() {
        String pairs = print("descriptor d\nfield M in [0, 1]\noutput C = mean[x, y](abs(M[x] - M[y]))\n", List.of(80, 80, 80),
                CudaPrecision.SINGLE).text();
        assertTrue(pairs.contains("const long long rest = term / 80;"), pairs);
        String products = print("""
                descriptor d
                field M in [0, 1]
                vectors R = window(20)
                output L[d: R, n: 0..100] = mean[x](prod[k: 0..n](M[x + k*d]))
                """, List.of(1024, 1024), CudaPrecision.SINGLE).text();
        assertTrue(products.contains("* 16384LL + thread / 32]") && products.contains("[element * 16384LL + warp]"), products);
    }

    @Test
    void namesThatCudaKnowsAreGivenOthers() {
        String source = print("descriptor d\nfield static_cast\nfield mcrc_exp\nfield NULL\n"
                + "output class = mean[x](static_cast[x] * mcrc_exp[x] * NULL[x])\n", List.of(4, 4), CudaPrecision.SINGLE)
                .text();
        for (String name : List.of("static_cast_2,", "v_mcrc_exp,", "NULL_2,")) {
            assertTrue(source.contains("*__restrict__ " + name), source);
        }
    }
}
