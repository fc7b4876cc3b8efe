package org.mcrc.runtime.reconstruct;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.simplify.SketchOutputs;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.cli.DescriptorLoader;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;

class SketchedEngineTest {
    private static final int SIZE = 10;
    private static final int COLUMNS = 9;

    @TempDir
    private Path folder;

    private IndexProgram program;
    private SketchOutputs.Result sketched;

    @BeforeEach
    void bind() throws IOException {
        Path file = Files.writeString(folder.resolve("triples.mcr"), """
                descriptor triples
                field M in [0, 1]
                vectors R = halfwindow(4)
                let e[x, r: R] = sigmoid(3 * (M[x] + M[x + r]) - 4)
                output S[a: R, b: R] = mean[x](e[x, a] * e[x, b]) weight 3
                """);
        PrintWriter messages = new PrintWriter(new StringWriter());
        program = DescriptorLoader.load(file, messages).bind(List.of(SIZE, SIZE), 2, Map.of(), messages).program();
        sketched = SketchOutputs.run(program, COLUMNS);
    }

    private static Map<String, double[]> random(long seed) {
        return Map.of("M", new SplittableRandom(seed).doubles(SIZE * SIZE).toArray());
    }

    private static Engine engine(IndexProgram program) {
        return Engines.create(program, Backend.CPU, Precision.DOUBLE, 1);
    }

    private Map<String, double[]> descriptor(long seed) {
        try (Engine full = engine(program)) {
            full.characterize(random(seed));
            return Map.of("S@1", full.values("S@1"));
        }
    }

    @Test
    void theMeanOfTheSquaredErrorIsThatOfTheDescriptorItself() {
        Map<String, double[]> target = descriptor(1);
        double expected;
        try (Engine full = engine(program)) {
            target.forEach(full::setTarget);
            expected = full.evaluate(random(2)).error();
        }
        int draws = 300;
        double mean = 0;
        try (SketchedEngine sketch = new SketchedEngine(engine(sketched.program()), sketched.sketches(), 2)) {
            for (int seed = 0; seed < draws; seed++) {
                sketch.draw(target, seed).forEach(sketch.engine()::setTarget);
                mean += Math.pow(sketch.engine().evaluate(random(2)).error(), 2) / draws;
            }
        }
        // One squared error of k columns deviates by at most sqrt(2/k) of its mean: this is four deviations of the mean of all.
        assertEquals(expected * expected, mean, 4 * Math.sqrt(2.0 / COLUMNS / draws) * expected * expected);
    }

    @Test
    void aFieldWithTheTargetsDescriptorHasNoErrorInAnySketch() {
        Map<String, double[]> target = descriptor(1);
        try (SketchedEngine sketch = new SketchedEngine(engine(sketched.program()), sketched.sketches(), 2)) {
            for (int seed = 0; seed < 3; seed++) {
                sketch.draw(target, seed).forEach(sketch.engine()::setTarget);
                assertEquals(0, sketch.engine().evaluate(random(1)).error(), 1e-12);
            }
        }
    }

    /** By one column errors are all but guessed: what is delivered is nevertheless judged by the descriptor itself. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aRunOfMoreBlocksDeliversNothingWorse(long seed) {
        SketchOutputs.Result rough = SketchOutputs.run(program, 1);
        Map<String, double[]> target = descriptor(1);
        AutomaticSettings defaults = AutomaticSettings.of(true, SIZE * SIZE);
        // Of ten iterations each, and nothing but blocks.
        AutomaticSettings plain = new AutomaticSettings(defaults.optimizer(), false, 10, 0.1, -1, 99, 0.5, 0.05, 0, 0, 0, 0,
                true, defaults.coarseTolerance(), defaults.coarseIterations(), defaults.coarseAttempts());
        double least = Double.POSITIVE_INFINITY;
        try (Engine full = engine(program);
                SketchedEngine sketch = new SketchedEngine(engine(rough.program()), rough.sketches(), 1);
                Referee referee = Referee.sharing(full, Referee.DOUBLE_BOUND)) {
            for (int blocks = 1; blocks <= 40; blocks++) {
                ReconstructionResult result = new AutomaticReconstruction(full, Optional.of(sketch), target,
                        Rounding.of(full.signature()), referee, ReconstructionSettings.of(seed).withIterations(10 * blocks),
                        plain, _ -> random(seed).get("M")).run(_ -> {}, new Cancellation());
                assertEquals(10 * blocks, result.iterations().size());
                assertTrue(result.relativeError() <= least, blocks + " blocks: " + result.relativeError() + " after " + least);
                least = result.relativeError();
            }
        }
    }

    @Test
    void theSeedDecidesTheSketch() {
        Map<String, double[]> target = descriptor(1);
        try (SketchedEngine sketch = new SketchedEngine(engine(sketched.program()), sketched.sketches(), 2)) {
            Map<String, double[]> once = sketch.draw(target, 5);
            Map<String, double[]> again = sketch.draw(target, 5);
            assertEquals(List.of("S@1.sketched"), List.copyOf(once.keySet()));
            assertArrayEquals(once.get("S@1.sketched"), again.get("S@1.sketched"), 0.0);
        }
    }

    @Test
    void theLossFollowsTheTargets() {
        Map<String, double[]> target = descriptor(1);
        for (Backend backend : List.of(Backend.CPU, Backend.EVALUATOR)) {
            try (Engine engine = Engines.create(program, backend, Precision.DOUBLE, 1)) {
                target.forEach(engine::setTarget);
                double error = engine.evaluate(random(2)).error();
                assertEquals(error, engine.losses().error(), 0.0);
                descriptor(2).forEach(engine::setTarget);
                assertEquals(0, engine.losses().error(), 1e-12);
            }
        }
    }
}
