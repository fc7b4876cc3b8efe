package org.mcrc.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardOutputTest {

    /** A full disk turns success into a failure; that {@code head} has seen enough does not. */
    @ParameterizedTest
    @CsvSource({"No space left on device, 0, 2", "No space left on device, 3, 3", "Broken pipe, 0, 0"})
    void whatCannotBeWrittenIsTold(String reason, int status, int expected) {
        StandardOutput output = new StandardOutput(new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(reason);
            }
        }, StandardCharsets.UTF_8);
        output.writer().print("a result without the end of its line");
        StringWriter err = new StringWriter();
        assertEquals(expected, Main.written(status, output, new PrintWriter(err, true)));
        assertEquals(reason.equals("Broken pipe") ? "" : "error: standard output cannot be written: " + reason, err.toString().strip());
    }

    @Test
    void whatIsWrittenArrives() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StandardOutput output = new StandardOutput(bytes, StandardCharsets.UTF_8);
        output.writer().println("α = 0.7");
        output.writer().print("end");
        assertEquals(0, Main.written(0, output, new PrintWriter(new StringWriter())));
        assertEquals("α = 0.7" + System.lineSeparator() + "end", bytes.toString(StandardCharsets.UTF_8));
    }
}
