package org.mcrc.runtime.reconstruct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.cli.DescriptorLoader;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;

class DescriptorScaleTest {
    @TempDir
    private Path folder;

    private Engine engine(String text, Precision precision, Integer... extents) throws IOException {
        Path file = Files.writeString(folder.resolve("scaled.mcr"), "descriptor scaled\nfield M in [0, 1]\n" + text);
        PrintWriter messages = new PrintWriter(new StringWriter());
        IndexProgram program = DescriptorLoader.load(file, messages).bind(List.of(extents), 2, Map.of(), messages).program();
        return Engines.create(program, Backend.CPU, precision, 1);
    }

    /** Every second slice is of phase 1: each is 1/2 away from their mean, 64 times the target. */
    @ParameterizedTest
    @CsvSource({"l2, 1", "rms, 1", "l1, 1", "sse, 2", "mse, 2"})
    void theSpreadOfSlicesDoesNotCount(String loss, int degree) throws IOException {
        double[] layers = new double[4 * 4 * 4];
        for (int pixel = 0; pixel < layers.length; pixel++) {
            layers[pixel] = pixel / 16 % 2;
        }
        double length = 1.0 / 128;
        for (Precision precision : List.of(Precision.SINGLE, Precision.DOUBLE)) {
            try (Engine engine = engine("slices 1\noutput phi = mean[x](M[x]) - 0.5\nloss " + loss + "\n", precision, 4, 4, 4)) {
                DescriptorScale scale = DescriptorScale.measure(engine, Map.of("phi@1.1", new double[] {length}),
                        Map.of("M", layers));
                assertEquals(degree, scale.degree());
                assertEquals(Math.pow(length, degree), scale.norm(), 1e-6 * Math.pow(length, degree));
                // The targets are the given ones again: of slices of 0 and of 1, |0.5 - 1/128| and 0.5 + 1/128 away.
                double error = engine.losses().error();
                assertTrue(scale.relative(error) > 60 && scale.relative(error) < 68, String.valueOf(scale.relative(error)));
            }
        }
    }

    @Test
    void aPenaltyMayMakeALossNegative() {
        assertEquals(-2, new DescriptorScale(0.5, 2).relative(-2), 1e-15);
        assertEquals(2, new DescriptorScale(0.5, 2).relative(2), 1e-15);
        assertEquals(-4, new DescriptorScale(0.5, 1).relative(-2), 1e-15);
    }
}
