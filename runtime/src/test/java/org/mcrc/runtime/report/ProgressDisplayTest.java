package org.mcrc.runtime.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.reconstruct.Event;
import org.mcrc.runtime.reconstruct.Iteration;

class ProgressDisplayTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Iteration iteration(int number, double seconds, OptionalDouble relativeError) {
        return new Iteration(number, seconds, new Losses(1.0 / number, 0, Map.of()), relativeError, relativeError);
    }

    @Test
    void inAPipeThereIsAPlainLineEveryFewSeconds() {
        try (ProgressDisplay display = ProgressDisplay.lines(new PrintWriter(stream), 5000)) {
            for (int number = 1; number <= 400; number++) {
                display.iterated(iteration(number, 0.1 * number,
                        number % 10 == 0 ? OptionalDouble.of(0.5) : OptionalDouble.empty()));
            }
        }
        String[] lines = text().split(System.lineSeparator());
        assertEquals(8, lines.length, text());
        assertEquals("iteration 1 of at most 5000, loss 1.000e+00", lines[0]);
        assertEquals("iteration 51 of at most 5000, loss 1.961e-02, relative error 0.50, at most 8 min left", lines[1]);
        assertFalse(text().contains("\r") || text().contains("\033"), "no control characters");
    }

    @Test
    void onATerminalALineIsDrawnOverItself() {
        try (ProgressDisplay display = ProgressDisplay.bar(stream, "s2s3", 5000)) {
            display.iterated(iteration(250, 10, OptionalDouble.of(0.5)));
        }
        assertTrue(text().contains("250/5000"), text());
        assertTrue(text().contains("loss 4.0e-03, relative 5.0e-01"), text());
        assertTrue(text().contains("\r"), text());
    }

    @Test
    void whatHappensIsALineAboveTheBar() {
        try (ProgressDisplay display = ProgressDisplay.bar(stream, "s2s3", 5000)) {
            display.iterated(iteration(250, 10, OptionalDouble.of(0.5)));
            display.happened(new Event(250, 10, Event.Kind.SOFTEN, "softened, number 1"));
        }
        String line = "iteration 250: softened, number 1";
        assertTrue(text().contains("\r" + line + " ".repeat(80 - line.length()) + System.lineSeparator()), text());
        assertTrue(text().lastIndexOf("250/5000") > text().indexOf(line), "the bar is drawn again below it");
    }

    @Test
    void quietShowsNothing() {
        try (ProgressDisplay display = ProgressDisplay.none()) {
            display.iterated(iteration(1, 100, OptionalDouble.empty()));
        }
        assertEquals("", text());
    }
}
