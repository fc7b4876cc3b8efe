package org.mcrc.runtime.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.kernel.ChainedProduct;
import org.mcrc.compiler.kernel.Fold;
import org.mcrc.compiler.kernel.Gram;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Phase;
import org.mcrc.compiler.simplify.SketchOutputs;
import org.mcrc.runtime.cli.DescriptorLoader;
import org.mcrc.runtime.engine.Demand;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.EvaluatorEngine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cuda.CudaEngine;
import org.mcrc.runtime.engine.cuda.CudaProgram;
import org.mcrc.runtime.engine.cuda.HostDevice;

/** Sketched programs: how they are scheduled, and their kernels against the evaluator in double precision. */
class SketchTest {
    private static final int COLUMNS = 8;

    @TempDir
    Path folder;

    private SketchOutputs.Result sketched(int rows, int columns) throws IOException {
        Path file = Files.writeString(folder.resolve("triples.mcr"), """
                descriptor triples
                field M in [0, 1]
                vectors R = halfwindow(4)
                let e[x, r: R] = sigmoid(3 * (M[x] + M[x + r]) - 4)
                output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
                """);
        PrintWriter messages = new PrintWriter(new StringWriter());
        return SketchOutputs.run(DescriptorLoader.load(file, messages).bind(List.of(rows, columns), 2, Map.of(), messages)
                .program(), COLUMNS);
    }

    private static double[] random(int size, long seed) {
        return new SplittableRandom(seed).doubles(size, -0.1, 1.1).toArray();
    }

    private static Losses evaluate(Engine engine, SketchOutputs.Sketch sketch, double[] field, double[] gradient) {
        engine.setTarget(sketch.sketched(), random(sketch.rows() * sketch.columns(), 5));
        engine.setTarget(sketch.matrix(), random(sketch.inner() * sketch.columns(), 6));
        return engine.evaluate(Map.of("M", field), Map.of("M", gradient));
    }

    @ParameterizedTest
    @CsvSource({"16, 16", "9, 13", "12, 40"})
    void agreesWithTheEvaluator(int rows, int columns) throws IOException {
        SketchOutputs.Result result = sketched(rows, columns);
        SketchOutputs.Sketch sketch = result.sketches().getFirst();
        double[] field = random(rows * columns, 8);
        double[] expected = new double[rows * columns];
        Losses truth;
        double[] output;
        try (Engine evaluator = new EvaluatorEngine(Pipeline.differentiate(result.program()))) {
            truth = evaluate(evaluator, sketch, field, expected);
            output = evaluator.values(sketch.sketched());
        }
        double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (Precision precision : List.of(Precision.SINGLE, Precision.DOUBLE)) {
            double tolerance = precision == Precision.DOUBLE ? 1e-12 : 3e-5;
            double[] first = null;
            for (int threads = 1; threads <= 3; threads++) {
                try (Engine engine = CpuProgram.of(result.program(), Demand.GRADIENT, precision).engine(threads)) {
                    double[] gradient = new double[rows * columns];
                    Losses losses = evaluate(engine, sketch, field, gradient);
                    assertEquals(truth.loss(), losses.loss(), tolerance * truth.loss());
                    assertArrayEquals(output, engine.values(sketch.sketched()), tolerance * 10);
                    assertArrayEquals(expected, gradient, tolerance * scale);
                    // The bits do not depend on the number of threads.
                    first = first == null ? gradient : first;
                    assertArrayEquals(first, gradient, 0.0);
                }
            }
            if (HostDevice.available()) {
                CudaProgram compiled = CudaProgram.of(result.program(), precision, true);
                try (HostDevice device = new HostDevice();
                        Engine engine = new CudaEngine(compiled.manifest(), compiled.source(), device)) {
                    double[] gradient = new double[rows * columns];
                    Losses losses = evaluate(engine, sketch, field, gradient);
                    assertEquals(truth.loss(), losses.loss(), tolerance * truth.loss());
                    assertArrayEquals(output, engine.values(sketch.sketched()), tolerance * 10);
                    assertArrayEquals(expected, gradient, tolerance * scale);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"16, 16"})
    void everySumOverVectorsOrPixelsIsAContraction(int rows, int columns) throws IOException {
        IndexProgram program = Pipeline.differentiate(sketched(rows, columns).program());
        KernelProgram kernels = Pipeline.schedule(program);
        // The operand is produced once for both products.
        assertEquals(1, kernels.kernels().get(Phase.OUTPUTS).stream().filter(ChainedProduct.class::isInstance).count());
        assertTrue(kernels.kernels().get(Phase.OUTPUTS).stream().noneMatch(kernel -> kernel instanceof Gram
                || kernel instanceof Fold));
        List<Fold> folds = kernels.kernels().get(Phase.GRADIENT).stream().filter(Fold.class::isInstance)
                .map(Fold.class::cast).toList();
        // What the sums over pixels and columns add to the sketch's factor, and both factors' parts in the field's gradient.
        assertEquals(List.of(1, 2), folds.stream().map(fold -> fold.terms().size()).toList());
        // Nothing of the size of pixels times vectors is stored: pixels times the columns of the sketch at most.
        Grid grid = new Grid(List.of(rows, columns));
        kernels.storage().values().stream().filter(storage -> storage.tensor().grid() != null).forEach(storage ->
                assertFalse(storage.tensor().size() > (long) grid.size() * COLUMNS, storage.tensor().name()));
    }
}
