package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.runtime.cli.LibraryPrograms;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.optimize.AdamSettings;
import org.mcrc.runtime.optimize.LimitedMemoryBfgsSettings;
import org.mcrc.runtime.reconstruct.AutomaticReconstruction;
import org.mcrc.runtime.reconstruct.AutomaticSettings;
import org.mcrc.runtime.reconstruct.Cancellation;
import org.mcrc.runtime.reconstruct.Event;
import org.mcrc.runtime.reconstruct.Initialization;
import org.mcrc.runtime.reconstruct.Iteration;
import org.mcrc.runtime.reconstruct.Reconstruction;
import org.mcrc.runtime.reconstruct.ReconstructionResult;
import org.mcrc.runtime.reconstruct.ReconstructionSettings;
import org.mcrc.runtime.reconstruct.Referee;
import org.mcrc.runtime.reconstruct.Rounding;
import org.mcrc.runtime.reconstruct.StopReason;

/** Reconstructions whose loop is on the device: they take the decisions of those whose loop is on the host. */
class DeviceReconstructionTest {
    private static final int SIZE = 16;
    private static final CudaProgram S2 = program("s2", 5);
    private static final CudaProgram S2S3 = program("s2s3", 4);

    @BeforeEach
    void device() {
        HostDevice.assumeAvailable();
    }

    private static CudaProgram program(String name, double longest) {
        return CudaProgram.of(LibraryPrograms.bound(name, List.of(SIZE, SIZE), Map.of("P", longest)), Precision.DOUBLE,
                true);
    }

    /** The same engine as one that leaves the loop to the host. */
    private record Evaluating(Engine engine) implements Engine {
        @Override
        public Signature signature() {
            return engine.signature();
        }

        @Override
        public void characterize(Map<String, double[]> fields) {
            engine.characterize(fields);
        }

        @Override
        public double[] values(String entry) {
            return engine.values(entry);
        }

        @Override
        public void setTarget(String entry, double[] values) {
            engine.setTarget(entry, values);
        }

        @Override
        public Losses losses() {
            return engine.losses();
        }

        @Override
        public Losses evaluate(Map<String, double[]> fields) {
            return engine.evaluate(fields);
        }

        @Override
        public Losses evaluate(Map<String, double[]> fields, Map<String, double[]> gradients) {
            return engine.evaluate(fields, gradients);
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private static Map<String, double[]> target(Engine engine) {
        double[] board = new double[SIZE * SIZE];
        for (int k = 0; k < board.length; k++) {
            board[k] = (k / SIZE / 4 + k % SIZE / 4) % 2;
        }
        engine.characterize(Map.of("M", board));
        Map<String, double[]> target = new LinkedHashMap<>();
        engine.signature().outputs().forEach(output -> target.put(output.name(), engine.values(output.name())));
        return target;
    }

    /** What a reconstruction does with an engine. */
    private interface Task {
        ReconstructionResult run(Engine engine, Map<String, double[]> target, Referee referee);
    }

    private static ReconstructionResult run(CudaProgram program, boolean onDevice, Task task) {
        try (HostDevice device = new HostDevice();
                CudaEngine cuda = new CudaEngine(program.manifest(), program.source(), device)) {
            Engine engine = onDevice ? cuda : new Evaluating(cuda);
            Map<String, double[]> target = target(engine);
            try (Referee referee = Referee.sharing(engine, Referee.DOUBLE_BOUND)) {
                return task.run(engine, target, referee);
            }
        }
    }

    private static ReconstructionSettings settings(int iterations) {
        return new ReconstructionSettings(1, Initialization.DEFAULT, iterations,
                OptionalDouble.empty(), 1000, true, 10);
    }

    private static void same(ReconstructionResult expected, ReconstructionResult found) {
        assertEquals(expected.reason(), found.reason());
        assertEquals(expected.iterations().size(), found.iterations().size());
        for (int k = 0; k < expected.iterations().size(); k++) {
            Iteration one = expected.iterations().get(k);
            Iteration other = found.iterations().get(k);
            assertEquals(one.number(), other.number());
            assertEquals(one.losses(), other.losses());
            assertEquals(one.roundedError(), other.roundedError());
        }
        assertEquals(expected.bestIteration(), found.bestIteration());
        assertEquals(expected.losses(), found.losses());
        assertArrayEquals(expected.continuous().get("M"), found.continuous().get("M"));
        assertArrayEquals(expected.rounded().get("M"), found.rounded().get("M"));
        assertEquals(expected.events().stream().map(Event::kind).toList(),
                found.events().stream().map(Event::kind).toList());
    }

    /** Rounded or not: Adam's bits are those of the host, and so is all that is decided by them. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void adam(boolean rounds) {
        Task task = (engine, target, referee) -> new Reconstruction(engine, target,
                rounds ? Rounding.of(engine.signature()) : Map.of("M", Rounding.NONE), referee,
                rounds ? settings(97) : settings(97).withProjected(false).withTolerance(0))
                .run(AdamSettings.DEFAULT.withLearningRate(rounds ? 0.03 : 0.2), _ -> {}, new Cancellation());
        ReconstructionResult found = run(S2, true, task);
        same(run(S2, false, task), found);
        // Large steps: the best of the fields is not the last of those that were evaluated together.
        assertTrue(rounds || found.bestIteration() % 16 != 0 && found.bestIteration() < 97,
                () -> "the best is iteration " + found.bestIteration());
        assertEquals(97, found.iterations().size());
        double before = 0;
        for (Iteration each : found.iterations()) {
            assertTrue(each.seconds() >= before);
            before = each.seconds();
        }
    }

    @Test
    void automaticWithAdam() {
        AutomaticSettings defaults = AutomaticSettings.of(false, SIZE * SIZE);
        AutomaticSettings eager = new AutomaticSettings(defaults.optimizer(), true, 35, 0.1, 0.2, 1, 0.5, 0.05, 2, 2, 50, 0, true,
                defaults.coarseTolerance(), defaults.coarseIterations(), defaults.coarseAttempts());
        Task task = (engine, target, referee) -> new AutomaticReconstruction(engine, Optional.empty(), target,
                Rounding.of(engine.signature()), referee, settings(300), eager, List.of(), 1)
                .run(_ -> {}, new Cancellation());
        ReconstructionResult expected = run(S2, false, task);
        assertTrue(expected.reason() == StopReason.EXACT || !expected.events().isEmpty());
        same(expected, run(S2, true, task));
    }

    @Test
    void automaticWithLbfgsIsExactAndTheSeedDecidesTheWay() {
        Task task = (engine, target, referee) -> new AutomaticReconstruction(engine, Optional.empty(), target,
                Rounding.of(engine.signature()), referee, settings(2000), AutomaticSettings.of(true, SIZE * SIZE), List.of(), 1)
                .run(_ -> {}, new Cancellation());
        ReconstructionResult found = run(S2S3, true, task);
        assertEquals(StopReason.EXACT, found.reason());
        // A block begins where the one before would have gone on.
        assertNotEquals(found.iterations().get(59).losses(), found.iterations().get(60).losses());
        same(found, run(S2S3, true, task));
    }

    @Test
    void lbfgsToATolerance() {
        Task task = (engine, target, referee) -> new Reconstruction(engine, target, Map.of("M", Rounding.NONE), referee,
                settings(400).withProjected(false).withTolerance(1e-3))
                .run(LimitedMemoryBfgsSettings.DEFAULT, _ -> {}, new Cancellation());
        ReconstructionResult expected = run(S2, false, task);
        ReconstructionResult found = run(S2, true, task);
        assertEquals(StopReason.TOLERANCE, found.reason());
        assertTrue(found.relativeError() <= 1e-3);
        // Whether there is a reason to stop is seen after sixteen iterations.
        assertEquals(expected.iterations().size(), found.iterations().size(), 0.2 * expected.iterations().size() + 16);
        double least = found.iterations().stream().mapToDouble(each -> each.losses().loss()).min().orElseThrow();
        assertEquals(least, found.losses().loss());
    }

    @Test
    void aCancellationEndsItAfterWhatIsUnderWay() {
        Task task = (engine, target, referee) -> {
            Cancellation cancellation = new Cancellation();
            return new Reconstruction(engine, target, Rounding.of(engine.signature()), referee, settings(400))
                    .run(AdamSettings.DEFAULT, iteration -> {
                        if (iteration.number() == 23) {
                            cancellation.request();
                        }
                    }, cancellation);
        };
        ReconstructionResult found = run(S2, true, task);
        assertEquals(StopReason.INTERRUPTED, found.reason());
        assertEquals(30, found.iterations().size());
        assertTrue(found.iterations().getLast().roundedError().isPresent());
    }
}
