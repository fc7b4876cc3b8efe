package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * That nothing is waited for that need not be, nor a test too few: with any barrier of the texts taken away, some order of the
 * threads computes something else, or is an error.
 */
class CudaBarriersTest {
    private static final Pattern BARRIER = Pattern.compile("__syncthreads\\(\\);");

    /** What is waited for where warpgroups multiply. */
    private static final Pattern WAIT = Pattern.compile("(__syncthreads|mcrc_pair_barrier|mcrc_barrier_wait|"
            + "mcrc_products_wait<\\d>)\\([^;]*\\);");

    private static final Pattern OF_WARPGROUPS = Pattern.compile("(?s)#ifdef MCRC_WARPGROUPS.*?#else");
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
     * @param warpgroups whether they multiply, as on sm_90a
     */
    private record Case(CudaProgram compiled, int products, boolean warpgroups, String right) {
        static Case of(IndexProgram program, Precision precision, int products, boolean warpgroups) {
            CudaProgram compiled = CudaProgram.of(program, precision, true);
            List<String> results = Arrays.stream(Order.values())
                    .map(order -> result(compiled, products, warpgroups, compiled.source(), order)).distinct().toList();
            assertEquals(1, results.size(), results.toString());
            return new Case(compiled, products, warpgroups, results.getFirst());
        }

        private boolean seesThatItLacks(String source) {
            return Arrays.stream(Order.values())
                    .anyMatch(order -> !result(compiled, products, warpgroups, source, order).equals(right));
        }
    }

    /** Matrices of more rows than a tile. */
    private static IndexProgram tiles() {
        return HandMadePrograms.s2s3(new Grid(List.of(16, 16)), 6);
    }

    @Test
    void areAllNeededAndAllTested() {
        HostDevice.assumeAvailable();
        List<Case> cases = List.of(
                Case.of(tiles(), Precision.DOUBLE, 1, false),
                Case.of(tiles(), Precision.MIXED, 1, false),
                Case.of(tiles(), Precision.MIXED, 3, false),
                Case.of(LibraryPrograms.bound("variation", List.of(64, 64), Map.of()), Precision.DOUBLE, 1, false));
        Map<String, Boolean> seen = new LinkedHashMap<>();
        for (Case each : cases) {
            // Without what only a processor with products of warpgroups compiles.
            String source = OF_WARPGROUPS.matcher(each.compiled().source()).replaceAll("#if 1");
            look(each, source, BARRIER, List.of(new int[] {0, source.length()}), seen);
        }
        assertNothing(seen.keySet().stream().filter(around -> !seen.get(around)
                && around.indexOf(BETWEEN_BLOCKS) < around.indexOf("__syncthreads")).toList());
        assertTrue(seen.containsValue(true));
    }

    @Test
    void ofWarpgroupsAreAllNeededAndAllTested() {
        HostDevice.assumeAvailable();
        Map<String, Boolean> seen = new LinkedHashMap<>();
        // More steps of the depth than stages.
        IndexProgram program = HandMadePrograms.s2s3(new Grid(List.of(48, 48)), 6);
        for (int products : List.of(1, 3)) {
            Case each = Case.of(program, Precision.MIXED, products, true);
            String source = each.compiled().source();
            List<int[]> places = OF_WARPGROUPS.matcher(source).results()
                    .map(found -> new int[] {found.start(), found.end()}).toList();
            look(each, source, WAIT, places, seen);
        }
        assertNothing(seen.keySet().stream().filter(around -> !seen.get(around)).toList());
        assertTrue(seen.containsValue(true));
    }

    /** Whether each barrier between such places of a text is seen to be missing where it is. */
    private static void look(Case each, String source, Pattern barrier, List<int[]> places, Map<String, Boolean> seen) {
        for (int[] place : places) {
            Matcher found = barrier.matcher(source).region(place[0], place[1]);
            while (found.find()) {
                String around = source.substring(found.start() - CONTEXT, Math.min(source.length(), found.end() + CONTEXT));
                // A part of the texts that this program does not use may be used by another one.
                if (!seen.getOrDefault(around, false)) {
                    seen.put(around, each.seesThatItLacks(source.substring(0, found.start()) + source.substring(found.end())));
                }
            }
        }
    }

    private static void assertNothing(List<String> unseen) {
        assertTrue(unseen.isEmpty(), () -> "no order of the threads shows that these barriers are needed:\n"
                + String.join("\n----\n", unseen));
    }

    /** The bits of an evaluation, or its failure. */
    private static String result(CudaProgram compiled, int products, boolean warpgroups, String source, Order order) {
        SplittableRandom random = new SplittableRandom(7);
        try (HostDevice device = new HostDevice(order, MEMORY, warpgroups);
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
