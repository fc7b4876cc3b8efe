package org.mcrc.runtime.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Nest;
import org.mcrc.compiler.kernel.Phase;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.cli.DescriptorLoader;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;

/** Pooled levels and their adjoints, whose vectors read every other pixel or each pixel several times. */
class PoolingTest {
    private static final String LEVELS = """
            descriptor levels
            field M in [0, 1]
            multigrid coarsest 3
            output V = mean[x](M[x]^3)
            output G = mean[x]((M[x] - M[x + (1, 1)])^2)
            """;

    private static final String THIRDS = LEVELS.replace("coarsest 3", "coarsest 3 factor 3");

    @TempDir
    Path folder;

    private IndexProgram bind(String text, List<Integer> extents) throws IOException {
        PrintWriter messages = new PrintWriter(new StringWriter());
        Path file = Files.writeString(folder.resolve("test.mcr"), text);
        return DescriptorLoader.load(file, messages).bind(extents, 2, Map.of(), messages).program();
    }

    static Stream<Arguments> descriptors() {
        return Stream.of(
                Arguments.of(LEVELS, List.of(64, 64)),
                Arguments.of(LEVELS, List.of(24, 40)),
                Arguments.of(LEVELS, List.of(16, 12)),
                Arguments.of(LEVELS, List.of(8, 12, 16)),
                Arguments.of(THIRDS, List.of(36, 54)));
    }

    @ParameterizedTest(name = "{0} at {1}")
    @MethodSource("descriptors")
    void agreesWithTheEvaluatorForAnyNumberOfThreads(String text, List<Integer> extents) throws IOException {
        IndexProgram program = bind(extents.size() == 3 ? text.replace("(1, 1)", "(1, 1, 1)") : text, extents);
        SplittableRandom random = new SplittableRandom(4);
        double[] field = random.doubles(extents.stream().reduce(1, Math::multiplyExact), 0, 1)
                .map(value -> (float) value).toArray();
        Map<String, double[]> targets = new LinkedHashMap<>();
        program.outputs().forEach(output -> targets.put(output.entry(), new double[] {random.nextInt(5) / 8.0}));
        double[] expected = new double[field.length];
        Losses truth;
        try (Engine evaluator = Engines.create(program, Backend.EVALUATOR, Precision.DOUBLE, 1)) {
            truth = evaluate(evaluator, targets, field, expected);
        }
        double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (Precision precision : List.of(Precision.SINGLE, Precision.DOUBLE)) {
            double tolerance = precision == Precision.DOUBLE ? 1e-12 : 3e-6;
            double[] first = null;
            for (int threads = 1; threads <= 3; threads++) {
                double[] gradient = new double[field.length];
                try (Engine engine = Engines.create(program, Backend.CPU, precision, threads)) {
                    Losses losses = evaluate(engine, targets, field, gradient);
                    assertEquals(truth.loss(), losses.loss(), tolerance * truth.loss());
                }
                assertArrayEquals(expected, gradient, tolerance * scale);
                first = first == null ? gradient : first;
                assertArrayEquals(first, gradient, 0.0);
            }
        }
    }

    private static Losses evaluate(Engine engine, Map<String, double[]> targets, double[] field, double[] gradient) {
        for (Signature.Entry output : engine.signature().outputs()) {
            engine.setTarget(output.name(), targets.get(output.name()));
        }
        return engine.evaluate(Map.of("M", field), Map.of("M", gradient));
    }

    @Test
    void nothingOfItIsLeftToLoopsOverSinglePixels() throws IOException {
        KernelProgram kernels = Pipeline.schedule(Pipeline.differentiate(bind(LEVELS, List.of(64, 64))));
        for (Phase phase : List.of(Phase.OUTPUTS, Phase.GRADIENT)) {
            List<Nest> loops = kernels.kernels().get(phase).stream().filter(Nest.class::isInstance).map(Nest.class::cast)
                    .filter(nest -> nest.definition().pixelAxis() != null).toList();
            assertTrue(loops.stream().allMatch(nest -> nest.vector() != null), kernels::toString);
        }
        assertTrue(kernels.kernels().get(Phase.GRADIENT).stream().flatMap(kernel -> kernel.expressions().stream())
                .flatMap(expression -> Expressions.nodes(expression).stream()).noneMatch(Reduce.class::isInstance),
                kernels::toString);
    }
}
