package org.mcrc.compiler.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class WrappedTextTest {
    @Test
    void linesStayAsTheyWereWrittenUnlessTheyAreTooLong() {
        String line = "x".repeat(120);
        assertEquals(List.of("a b", "", "    c", line), WrappedText.lines("a b\n\n    c\n" + line, "  "));
    }

    @Test
    void longLinesAreDividedBetweenWords() {
        List<String> lines = WrappedText.lines("word ".repeat(60).strip(), "    ");
        assertEquals(3, lines.size());
        assertTrue(lines.stream().allMatch(line -> line.length() <= 120));
        assertTrue(lines.getFirst().startsWith("word") && lines.get(1).startsWith("    word"));
        assertEquals("word ".repeat(60).strip(), String.join(" ", lines.stream().map(String::strip).toList()));
        // What has no gap cannot be divided.
        assertEquals(List.of("y".repeat(200)), WrappedText.lines("y".repeat(200), "    "));
    }
}
