package org.mcrc.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.NdArray;

class TargetFileTest {

    private static final Signature SIGNATURE = new Signature("d", List.of(4, 6), 2, List.of(),
            List.of(new Signature.Entry("S@1", List.of(2, 2), ""), new Signature.Entry("v@1", List.of(), "")),
            List.of(new Signature.Entry("seen@1", List.of(), "")), List.of());

    private static TargetFile file(Object... namesAndArrays) {
        SequencedMap<String, NdArray> arrays = new LinkedHashMap<>();
        for (int position = 0; position < namesAndArrays.length; position += 2) {
            arrays.put((String) namesAndArrays[position], (NdArray) namesAndArrays[position + 1]);
        }
        return new TargetFile(Path.of("D.npz"), arrays, Optional.empty());
    }

    @Test
    void valuesAreTakenByTheNamesOfTheOutputs() {
        SequencedMap<String, double[]> values = file("v@1", NdArray.scalar(5),
                "S@1", NdArray.of(new int[] {2, 2}, new double[] {1, 2, 3, 4}), "seen@1", NdArray.scalar(1)).values(SIGNATURE);
        assertArrayEquals(new double[] {1, 2, 3, 4}, values.get("S@1"));
        assertArrayEquals(new double[] {5}, values.get("v@1"));
    }

    @Test
    void everyOutputThatDoesNotFitIsToldInOneMessage() {
        InputError error = assertThrows(InputError.class,
                () -> file("S@1", NdArray.zeros(3)).values(SIGNATURE));
        assertEquals("D.npz is not a target for d at 4x6: its S@1 has the shape (3,), and here it has (2, 2);"
                + " it does not hold v@1", error.getMessage());
    }

    @Test
    void arraysOfOtherLevelsAreUnused() {
        assertEquals(List.of("S@2"), file("S@1", NdArray.zeros(2, 2), "v@1", NdArray.scalar(0), "seen@1",
                NdArray.scalar(0), "S@2", NdArray.zeros(2, 2)).unused(SIGNATURE));
    }
}
