package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.cli.LibraryPrograms;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cpu.HandMadePrograms;
import org.mcrc.runtime.engine.cuda.HostDevice.Order;

/**
 * That there is no barrier too many, nor a test too few: with any barrier of the texts taken away, some order of the threads
 * computes something else, or is an error.
 */
class CudaBarriersTest {
    private static final String BARRIER = "__syncthreads();";
    private static final long MEMORY = 1L << 32;

    /** What is before and behind a barrier, by which it is the same one in several programs. */
    private static final int CONTEXT = 100;

    /**
     * The barrier that no order shows: before a block says that it has come to an end, all of its threads have written. Here
     * blocks run one after another, so that they always have when the next one reads it.
     */
    private static final String BETWEEN_BLOCKS = "last = atomicInc(";

    /**
     * A program, and what comes of it.
     *
     * @param products of halves that stand for one
     */
    private record Case(CudaProgram compiled, int products, String right) {
        static Case of(IndexProgram program, Precision precision, int products) {
            CudaProgram compiled = CudaProgram.of(program, precision, true);
            List<String> results = Arrays.stream(Order.values())
                    .map(order -> result(compiled, products, compiled.source(), order)).distinct().toList();
            assertEquals(1, results.size(), results.toString());
            return new Case(compiled, products, results.getFirst());
        }
    }

    @Test
    void areAllNeededAndAllTested() {
        HostDevice.assumeAvailable();
        List<Case> cases = List.of(
                Case.of(HandMadePrograms.s2s3(new Grid(List.of(16, 16)), 6), Precision.DOUBLE, 1),
                Case.of(HandMadePrograms.s2s3(new Grid(List.of(16, 16)), 6), Precision.MIXED, 1),
                Case.of(HandMadePrograms.s2s3(new Grid(List.of(16, 16)), 6), Precision.MIXED, 3),
                // Blocks that go on from one tile to the next, whose panels are those that were used last.
                Case.of(HandMadePrograms.s2s3(new Grid(List.of(73, 73)), 8), Precision.MIXED, 1),
                Case.of(HandMadePrograms.s2s3(new Grid(List.of(73, 73)), 8), Precision.MIXED, 3),
                Case.of(LibraryPrograms.bound("variation", List.of(64, 64), Map.of()), Precision.DOUBLE, 1));
        Map<String, Boolean> seen = new LinkedHashMap<>();
        for (Case each : cases) {
            // Without what only a processor with products of warpgroups compiles.
            String source = each.compiled().source().replaceAll("(?s)#ifdef MCRC_WARPGROUPS.*?#else", "#if 1");
            for (int at = source.indexOf(BARRIER); at >= 0; at = source.indexOf(BARRIER, at + 1)) {
                int end = at + BARRIER.length();
                String around = source.substring(at - CONTEXT, Math.min(source.length(), end + CONTEXT));
                String without = source.substring(0, at) + source.substring(end);
                // A part of the texts that this program does not use may be used by another one.
                if (!seen.getOrDefault(around, false)) {
                    seen.put(around, isSeen(each, without));
                }
            }
        }
        List<String> unseen = seen.keySet().stream().filter(around -> !seen.get(around)
                && around.indexOf(BETWEEN_BLOCKS) < around.indexOf(BARRIER)).toList();
        assertTrue(unseen.isEmpty(), () -> "no order of the threads shows that these barriers are needed:\n"
                + String.join("\n----\n", unseen));
        assertTrue(seen.containsValue(true));
    }

    private static boolean isSeen(Case each, String source) {
        return Arrays.stream(Order.values()).anyMatch(order -> !result(each.compiled(), each.products(), source, order).equals(each.right()));
    }

    /** The bits of an evaluation, or its failure. */
    private static String result(CudaProgram compiled, int products, String source, Order order) {
        SplittableRandom random = new SplittableRandom(7);
        try (HostDevice device = new HostDevice(order, MEMORY);
                CudaEngine engine = new CudaEngine(compiled.manifest(), source, device)) {
            engine.takeProducts(products);
            String entry = compiled.manifest().outputs().getFirst().entry();
            String field = compiled.manifest().fields().getFirst().name();
            engine.setTarget(entry, random.doubles(size(compiled, entry + "*"), 0, 1).toArray());
            double[] values = random.doubles(size(compiled, field), 0, 1).toArray();
            double[] gradient = new double[values.length];
            Losses losses = engine.evaluate(Map.of(field, values), Map.of(field, gradient));
            return losses + Arrays.toString(engine.values(entry)) + Arrays.toString(gradient);
        } catch (IllegalStateException failure) {
            return failure.getMessage();
        }
    }

    private static int size(CudaProgram compiled, String array) {
        return compiled.manifest().arrays().stream().filter(each -> each.name().equals(array)).findFirst().orElseThrow()
                .shape().stream().reduce(1, Math::multiplyExact);
    }
}
