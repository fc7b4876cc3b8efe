package org.mcrc.runtime.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.kernel.Sums;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.field.Extents;

class BenchCaseTest {
    private static final Extents SIZE = Extents.of(64, 64);

    @Test
    void whatIsNotSaidIsTheDefault() {
        assertEquals(new BenchCase(Path.of("a@b/s2.mcr"), SIZE, Map.of()), BenchCase.parse("a@b/s2.mcr", SIZE));
        assertEquals(new BenchCase(Path.of("s2.mcr"), Extents.of(8, 4, 2), Map.of("P", 3.0, "used.alpha", 0.5)),
                BenchCase.parse("s2.mcr@8x4x2,P=3,used.alpha=0.5", SIZE));
        assertEquals(new BenchCase(Path.of("s2.mcr"), SIZE, Map.of("P", 3.0)), BenchCase.parse("s2.mcr,P=3", SIZE));
        assertEquals(new BenchCase(Path.of("s2.mcr"), SIZE, Map.of(), Sums.FASTEST, 16),
                BenchCase.parse("s2.mcr,sketch=16", SIZE));
        assertEquals(new BenchCase(Path.of("s2.mcr"), SIZE, Map.of(), Sums.DIRECT, 0), BenchCase.parse("s2.mcr,direct", SIZE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"s2.mcr@64x64", "s2.mcr@8x4x2,P=3,used.alpha=0.5", "s2.mcr@64x64,P=31,direct",
        "s2.mcr@64x64,P=31,sketch=8"})
    void itIsWrittenAsItIsRead(String text) {
        assertEquals(text, BenchCase.parse(text, SIZE).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"s2", "s2.mcr@", "s2.mcr@64", "s2.mcr,P", "s2.mcr,P=x", "s2.mcr P=3", "s2.mcr,sketch=0",
        "s2.mcr,sketch=1.5"})
    void anythingElseIsTheInputsFault(String text) {
        assertThrows(InputError.class, () -> BenchCase.parse(text, SIZE));
    }
}
