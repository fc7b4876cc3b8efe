package org.mcrc.runtime.reconstruct;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.cli.DescriptorLoader;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;

class PixelSearchTest {
    private static final int SIZE = 8;
    private static final int PIXELS = SIZE * SIZE;

    @TempDir
    private Path folder;

    private Engine engine(int phases, String descriptor) throws IOException {
        Path file = Files.writeString(folder.resolve("test.mcr"), descriptor);
        PrintWriter messages = new PrintWriter(new StringWriter());
        return Engines.create(DescriptorLoader.load(file, messages).bind(List.of(SIZE, SIZE), phases, Map.of(), messages)
                .program(), Backend.CPU, Precision.DOUBLE, 1);
    }

    private static void aim(Engine engine, String field, double[] values) {
        engine.characterize(Map.of(field, values));
        engine.signature().outputs().forEach(output ->
                engine.setTarget(output.name(), engine.values(output.name()).clone()));
    }

    private static double[] blobs(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] field = new double[PIXELS];
        for (int blob = 0; blob < 4; blob++) {
            int at = random.nextInt(PIXELS);
            for (int k = 0; k < 9; k++) {
                field[(at / SIZE + k / 3) % SIZE * SIZE + (at % SIZE + k % 3) % SIZE] = 1;
            }
        }
        return field;
    }

    private static PixelSearch search(Engine engine, String field, Rounding rounding) {
        return new PixelSearch(engine, () -> engine, Map.of(field, rounding), new Cancellation());
    }

    private static SequencedMap<String, double[]> fields(String name, double[] values) {
        SequencedMap<String, double[]> fields = new LinkedHashMap<>();
        fields.put(name, values);
        return fields;
    }

    private static int first(double[] field, double value) {
        int pixel = 0;
        while (field[pixel] != value) {
            pixel++;
        }
        return pixel;
    }

    /** Neither of the two pixels alone can be put right: the volume fraction is right as it is. */
    @Test
    void twoPixelsThatWereExchangedAreExchangedBack() throws IOException {
        try (Engine engine = engine(2, """
                descriptor pairs
                field M in [0, 1]
                output S[r: halfwindow(3)] = mean[x](M[x] * M[x + r])
                """)) {
            double[] wanted = blobs(1);
            aim(engine, "M", wanted);
            double[] start = wanted.clone();
            start[first(wanted, 1)] = 0;
            start[first(wanted, 0)] = 1;
            double[] before = start.clone();
            PixelSearch.Found found = search(engine, "M", Rounding.THRESHOLD).run(fields("M", start), 300, 0.9);
            assertEquals(engine.evaluate(Map.of("M", start)).error(), found.before(), 1e-15);
            assertTrue(found.before() > 0.01);
            assertEquals(0, found.error(), 1e-12);
            assertArrayEquals(before, start, "what it is given is not changed");
            assertEquals(found.error(), engine.evaluate(found.fields()).error(), 1e-15);
            assertTrue(found.evaluations() <= 300);
        }
    }

    /** Of three phases: the descriptor says the phase of every pixel by a weight of its own. */
    @Test
    void aPixelGetsThePhaseThatItShouldHave() throws IOException {
        try (Engine engine = engine(3, """
                descriptor weighted
                field I[p: phases] in [0, 1]
                output S[p: phases] = mean[x](I[x, p])
                output T[p: phases, r: window(2)] = mean[x](I[x, p] * I[x + r, 2])
                """)) {
            double[] wanted = new double[3 * PIXELS];
            SplittableRandom random = new SplittableRandom(5);
            for (int pixel = 0; pixel < PIXELS; pixel++) {
                wanted[3 * pixel + random.nextInt(3)] = 1;
            }
            aim(engine, "I", wanted);
            double[] start = wanted.clone();
            int phase = start[30] == 1 ? 0 : start[31] == 1 ? 1 : 2;
            start[30 + phase] = 0;
            start[30 + (phase + 1) % 3] = 1;
            PixelSearch.Found found = search(engine, "I", Rounding.GREATEST).run(fields("I", start), 300, 0.9);
            assertEquals(1, found.changes());
            assertArrayEquals(wanted, found.fields().get("I"));
        }
    }

    @Test
    void whereNothingIsBetterItEnds() throws IOException {
        try (Engine engine = engine(2, """
                descriptor pairs
                field M in [0, 1]
                output S[r: halfwindow(3)] = mean[x](M[x] * M[x + r])
                """)) {
            aim(engine, "M", blobs(2));
            PixelSearch search = search(engine, "M", Rounding.THRESHOLD);
            PixelSearch.Found found = search.run(fields("M", blobs(2)), 300, 0.9);
            assertEquals(0, found.changes());
            assertEquals(0, found.error(), 1e-12);
            // With fewer evaluations than one gradient takes, nothing is tried.
            assertEquals(0, search.run(fields("M", blobs(3)), 1, 0.9).changes());
        }
    }
}
