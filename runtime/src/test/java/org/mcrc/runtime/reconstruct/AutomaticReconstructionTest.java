package org.mcrc.runtime.reconstruct;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mcrc.runtime.InputError;

class AutomaticReconstructionTest {
    private static final int SIZE = 8;

    private static double[] checkerboard(int size, int square) {
        double[] board = new double[size * size];
        for (int pixel = 0; pixel < board.length; pixel++) {
            board[pixel] = (pixel / size / square + pixel % size / square) % 2;
        }
        return board;
    }

    private static ReconstructionSettings settings(long seed, int iterations) {
        return ReconstructionSettings.of(seed).withIterations(iterations).withProjected(false);
    }

    private static AutomaticReconstruction reconstruction(TwoPointEngine engine, Map<String, double[]> target,
            Map<String, Rounding> roundings, ReconstructionSettings settings, AutomaticSettings automatic,
            List<CoarseLevel> coarser) {
        Referee referee = new Referee(() -> {
            target.forEach(engine::setTarget);
            return engine;
        }, Referee.DOUBLE_BOUND);
        return new AutomaticReconstruction(engine, Optional.empty(), target, roundings, referee, settings, automatic, coarser,
                2);
    }

    private static ReconstructionResult run(long seed, List<Event> heard) {
        TwoPointEngine engine = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        return reconstruction(engine, engine.descriptorOf(checkerboard(SIZE, 2)), Rounding.of(engine.signature()),
                settings(seed, 2000), AutomaticSettings.of(true, SIZE * SIZE), List.of()).run(listener(heard), new Cancellation());
    }

    private static ProgressListener listener(List<Event> heard) {
        return new ProgressListener() {
            @Override
            public void iterated(Iteration iteration) {
            }

            @Override
            public void happened(Event event) {
                heard.add(event);
            }
        };
    }

    @Test
    void theCheckerboardIsExactAndTheSeedDecidesTheWay() {
        List<Event> heard = new ArrayList<>();
        ReconstructionResult first = run(3, heard);
        assertEquals(StopReason.EXACT, first.reason());
        assertTrue(first.relativeError() < 1e-9);
        assertEquals(heard, first.events());
        ReconstructionResult second = run(3, new ArrayList<>());
        assertEquals(first.iterations().size(), second.iterations().size());
        assertArrayEquals(first.continuous().get("M"), second.continuous().get("M"), 0.0);
    }

    /** No microstructure has this target: whatever is tried, nothing becomes exact. */
    private static Map<String, double[]> unreachable() {
        double[] target = new Random(1).doubles(SIZE * SIZE, 0.2, 0.3).toArray();
        target[0] = 0.5;
        return Map.of("S@1", target);
    }

    @Test
    void aFieldAtRestIsSoftenedAndThenDrawnAnew() {
        // Everything counts as being at rest.
        AutomaticSettings defaults = AutomaticSettings.of(true, SIZE * SIZE);
        softenedTwiceAndThenDrawnAnew(new AutomaticSettings(defaults.optimizer(), false, 20, 0.1, 1, 3, 0.5, 0.05, 2, 0, 0, 0, true,
                defaults.coarseTolerance(), defaults.coarseIterations(), defaults.coarseAttempts()));
    }

    @Test
    void aGreyFieldThatDoesNotAdvanceIsToo() {
        // Nothing counts as being at rest.
        AutomaticSettings defaults = AutomaticSettings.of(true, SIZE * SIZE);
        softenedTwiceAndThenDrawnAnew(new AutomaticSettings(defaults.optimizer(), false, 20, 0.1, -1, 3, 0.5, 0.05, 6, 2, 0, 0,
                true, defaults.coarseTolerance(), defaults.coarseIterations(), defaults.coarseAttempts()));
    }

    private static void softenedTwiceAndThenDrawnAnew(AutomaticSettings eager) {
        TwoPointEngine engine = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        ReconstructionResult result = reconstruction(engine, unreachable(), Rounding.of(engine.signature()),
                settings(1, 600), eager, List.of()).run(_ -> {}, new Cancellation());
        assertEquals(StopReason.ITERATION_LIMIT, result.reason());
        assertEquals(600, result.iterations().size());
        String kinds = result.events().stream().map(event -> event.kind().name().substring(0, 1))
                .collect(Collectors.joining());
        assertTrue(kinds.contains("SSR"), kinds);
        // The best rounded field of all attempts is what is delivered, with its error by the descriptor itself.
        double least = result.iterations().stream().filter(each -> each.roundedError().isPresent())
                .mapToDouble(each -> each.roundedError().getAsDouble()).min().orElseThrow();
        assertEquals(least, result.roundedError().orElseThrow(), 1e-12);
        assertEquals(least, engine.evaluate(result.rounded()).error(), 1e-12);
    }

    @Test
    void aSolutionIsSeenWhereverABlockEnds() {
        // The loss is zero at once, and an optimizer has nothing to do: the rounded field is looked at all the same.
        TwoPointEngine engine = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        Map<String, double[]> target = engine.descriptorOf(checkerboard(SIZE, 2));
        try (Referee referee = Referee.sharing(engine, Referee.DOUBLE_BOUND)) {
            ReconstructionResult result = new AutomaticReconstruction(engine, Optional.empty(), target,
                    Rounding.of(engine.signature()), referee, settings(1, 100), AutomaticSettings.of(true, SIZE * SIZE),
                    _ -> checkerboard(SIZE, 2)).run(_ -> {}, new Cancellation());
            assertEquals(StopReason.EXACT, result.reason());
            assertEquals(1, result.iterations().size());
            assertEquals(1, result.bestIteration());
        }
    }

    /** The optimizer sees no slope between whole pixels: what is left after rounding is for single pixels to mend. */
    @Test
    void whereSofteningIsOfNoUseSinglePixelsAreChanged() {
        TwoPointEngine engine = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        AutomaticSettings defaults = AutomaticSettings.of(true, SIZE * SIZE);
        AutomaticSettings eager = new AutomaticSettings(defaults.optimizer(), false, 20, 0.1, 1, 3, 0.5, 0.05, 1, 0, 200, 0,
                true, defaults.coarseTolerance(), defaults.coarseIterations(), defaults.coarseAttempts());
        double[] scattered = new Random(3).doubles(SIZE * SIZE).map(value -> value < 0.3 ? 1 : 0).toArray();
        ReconstructionResult result = reconstruction(engine, engine.descriptorOf(scattered), Rounding.of(engine.signature()),
                settings(1, 200), eager, List.of()).run(_ -> {}, new Cancellation());
        Event search = result.events().stream().filter(event -> event.kind() == Event.Kind.PIXELS).findFirst().orElseThrow();
        double least = result.iterations().stream().limit(search.iteration())
                .filter(each -> each.roundedError().isPresent())
                .mapToDouble(each -> each.roundedError().getAsDouble()).min().orElseThrow();
        double found = Double.parseDouble(search.detail().replaceAll(".* to ", ""));
        assertTrue(found < result.scale().relative(least),
                "better than anything that the optimizer saw: " + search.detail());
        assertTrue(result.relativeError() < 1.1 * found, "and not lost again");
        assertEquals(result.roundedError().orElseThrow(), engine.evaluate(result.rounded()).error(), 1e-12);
        FieldVector continuous = new FieldVector(engine.signature(), Rounding.of(engine.signature()));
        continuous.set(result.continuous());
        assertTrue(FieldVector.same(continuous.rounded(), result.rounded()), "what is before rounding is of what is after it");
        assertTrue(continuous.distanceFromRounded() > 1e-6, "and has not become whole with it");
    }

    @Test
    void withoutRestartsItEndsAtAPlateau() {
        TwoPointEngine engine = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        ReconstructionResult result = new AutomaticReconstruction(engine, Optional.empty(), unreachable(),
                Map.of("M", Rounding.NONE), Referee.sharing(engine, Referee.DOUBLE_BOUND), settings(1, 100000),
                AutomaticSettings.of(true, SIZE * SIZE).once(),
                seed -> Initialization.DEFAULT.draw(engine.signature(), seed)).run(_ -> {}, new Cancellation());
        assertEquals(StopReason.PLATEAU, result.reason());
        assertEquals(List.of(), result.events());
    }

    @Test
    void itBeginsOnTheCoarserLevels() {
        TwoPointEngine fine = TwoPointEngine.ofField(16, 16, 0, 1);
        TwoPointEngine coarse = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        // Squares of four pixels are squares of two on the coarser level.
        CoarseLevel level = new CoarseLevel(coarse, Optional.empty(), coarse.descriptorOf(checkerboard(SIZE, 2)));
        ReconstructionResult result = reconstruction(fine, fine.descriptorOf(checkerboard(16, 4)),
                Rounding.of(fine.signature()), settings(2, 2000), AutomaticSettings.of(true, SIZE * SIZE), List.of(level))
                .run(_ -> {}, new Cancellation());
        assertEquals(StopReason.EXACT, result.reason());
        assertEquals(Event.Kind.COARSE, result.events().getFirst().kind());
        assertTrue(result.events().getFirst().detail().startsWith("8x8 pixels: relative error 0.00"),
                result.events().getFirst().detail());
        // Each pixel of the coarse solution is a block: there is little left to do.
        assertTrue(result.iterations().size() <= 60, () -> String.valueOf(result.iterations().size()));
    }

    @Test
    void aCoarserLevelThatDoesNotBecomeGoodEnoughIsTriedAgainFromOtherStarts() {
        TwoPointEngine fine = TwoPointEngine.ofField(16, 16, 0, 1);
        TwoPointEngine coarse = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        CoarseLevel level = new CoarseLevel(coarse, Optional.empty(), coarse.descriptorOf(checkerboard(SIZE, 2)));
        AutomaticSettings defaults = AutomaticSettings.of(true, SIZE * SIZE);
        // So few iterations are enough for nothing.
        AutomaticSettings hasty = new AutomaticSettings(defaults.optimizer(), false, defaults.block(), 0.1, 0.02, 4, 0.5, 0.05,
                6, 1, 0, 0, true, 1e-12, 12, 3);
        ReconstructionResult result = reconstruction(fine, fine.descriptorOf(checkerboard(16, 4)),
                Rounding.of(fine.signature()), settings(2, 1), hasty, List.of(level)).run(_ -> {}, new Cancellation());
        List<String> details = result.events().stream().filter(event -> event.kind() == Event.Kind.COARSE)
                .map(Event::detail).toList();
        assertEquals(List.of(true, true, false),
                details.stream().map(detail -> detail.endsWith("; tried again from another start")).toList());
        assertEquals(3, details.stream().map(detail -> detail.replaceAll(" after .*", "")).distinct().count(),
                () -> "other starts end elsewhere: " + details);
    }

    @Test
    void realFieldsEndAtTheTolerance() {
        TwoPointEngine engine = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        double[] original = new Random(4).doubles(SIZE * SIZE, 0.2, 0.8).toArray();
        ReconstructionSettings tolerant = settings(1, 2000).withTolerance(1e-3);
        ReconstructionResult result = reconstruction(engine, engine.descriptorOf(original), Map.of("M", Rounding.NONE),
                tolerant, AutomaticSettings.of(true, SIZE * SIZE), List.of()).run(_ -> {}, new Cancellation());
        assertEquals(StopReason.TOLERANCE, result.reason());
        assertTrue(result.relativeError() <= 1e-3);
        assertEquals(OptionalDouble.empty(), result.roundedError());
    }

    @Test
    void aLossThatIsNoNumberIsRefused() {
        TwoPointEngine engine = TwoPointEngine.ofField(SIZE, SIZE, 0, 1);
        double[] target = new double[SIZE * SIZE];
        Arrays.fill(target, Double.NaN);
        assertThrows(InputError.class, () -> reconstruction(engine, Map.of("S@1", target), Rounding.of(engine.signature()),
                settings(1, 10), AutomaticSettings.of(true, SIZE * SIZE), List.of()).run(_ -> {}, new Cancellation()));
    }
}
