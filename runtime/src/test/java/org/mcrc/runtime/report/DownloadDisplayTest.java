package org.mcrc.runtime.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DownloadDisplayTest {
    @Test
    void linesAreFew() {
        StringWriter text = new StringWriter();
        try (DownloadDisplay display = DownloadDisplay.lines(new PrintWriter(text))) {
            for (long bytes = 0; bytes <= 362_000_000; bytes += 100_000) {
                display.read(bytes, 362_000_000);
            }
        }
        assertEquals(10, text.toString().lines().count(), text.toString());
        assertTrue(text.toString().startsWith(" 10 % of 362.0 MB\n"), text.toString());
        assertTrue(text.toString().endsWith("100 % of 362.0 MB\n"), text.toString());
    }

    @Test
    void whereNoSizeIsKnownTheyCount() {
        StringWriter text = new StringWriter();
        try (DownloadDisplay display = DownloadDisplay.lines(new PrintWriter(text))) {
            for (long bytes = 0; bytes <= 120_000_000; bytes += 100_000) {
                display.read(bytes, -1);
            }
        }
        assertEquals("50.0 MB\n100.0 MB\n", text.toString());
    }

    @Test
    void theBarIsDrawn() {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        try (DownloadDisplay display = DownloadDisplay.bar(new PrintStream(terminal), "NVRTC")) {
            display.read(181_000_000, 362_000_000);
        }
        assertTrue(terminal.toString().contains("NVRTC") && terminal.toString().contains("181/362 MB"), terminal.toString());
    }
}
