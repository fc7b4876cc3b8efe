package org.mcrc.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.bind.BindSummary;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.NdArray;

class CoarseningTest {
    private static BindSummary summary(BindSummary.Level... levels) {
        return new BindSummary(List.of(), List.of(levels), List.of(), List.of(), List.of());
    }

    private static BindSummary.Level level(String file, int number, int extent) {
        return new BindSummary.Level(file, number, List.of(extent, extent), List.of(), 1);
    }

    @Test
    void theFactorIsTheDescriptorsOwn() {
        assertEquals(3, Coarsening.of(summary(level("", 1, 243), level("", 2, 81), level("", 3, 27))).factor());
        assertEquals(2, Coarsening.of(summary(level("", 1, 64), level("used", 1, 64), level("used", 2, 16))).factor());
    }

    @Test
    void levelsEndWhereExtentsAreOddOrSmall() {
        Coarsening halves = new Coarsening(2);
        assertEquals(List.of(List.of(64, 128), List.of(32, 64)), halves.of(List.of(128, 256)));
        assertEquals(List.of(), halves.of(List.of(62, 256)));
        assertEquals(List.of(List.of(99, 50)), halves.of(List.of(198, 100)));
    }

    @Test
    void sketchesOfCoarseLevelsHaveMoreColumnsWhereThereAreEnough() {
        assertEquals(List.of(64, 32, 16), Coarsening.columns(List.of(16)));
        assertEquals(List.of(), Coarsening.columns(List.of()));
    }

    @Test
    void theTargetOfACoarserFieldIsThatOfLowerLevels() {
        SequencedMap<String, NdArray> arrays = new LinkedHashMap<>();
        for (String name : List.of("S@1", "S@2", "S@3", "S@2.3", "use.V@3")) {
            arrays.put(name, NdArray.of(new int[] {2}, new double[] {name.hashCode(), 0}));
        }
        TargetFile file = new TargetFile(Path.of("target.npz"), arrays, Optional.empty());
        assertEquals(List.of("S@2", "S@3"), names(file, arrays, 1, "S@1", "S@2"));
        assertEquals(List.of("S@2.3", "use.V@3"), names(file, arrays, 1, "S@1.3", "use.V@2"));
        assertEquals(Optional.empty(), file.shifted(signature("S@1", "S@2"), 2));
    }

    private static Signature signature(String... outputs) {
        return new Signature("test", List.of(4, 4), 2, List.of(), List.of(outputs).stream()
                .map(name -> new Signature.Entry(name, List.of(2), "")).toList(), List.of(), List.of());
    }

    /** The names of the arrays that are the targets of these outputs. */
    private static List<String> names(TargetFile file, Map<String, NdArray> arrays, int levels, String... outputs) {
        return file.shifted(signature(outputs), levels).orElseThrow().values().stream().map(values -> arrays.entrySet()
                .stream().filter(entry -> entry.getValue().values() == values
                        || java.util.Arrays.equals(entry.getValue().values(), values))
                .map(Map.Entry::getKey).findFirst().orElseThrow()).toList();
    }
}
