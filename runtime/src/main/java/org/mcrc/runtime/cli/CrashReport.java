package org.mcrc.runtime.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mcrc.runtime.field.Memory;
import org.mcrc.runtime.report.Versions;

/** What the user is told where the program itself is at fault. */
final class CrashReport {
    private CrashReport() {}

    static void print(Throwable failure, boolean stacktrace, PrintWriter err) {
        if (failure instanceof OutOfMemoryError) {
            err.println("error: the memory that mcrc may take, " + Memory.text(Runtime.getRuntime().maxMemory())
                    + ", does not suffice; MCRC_JAVA_OPTIONS=-Xmx8g allows 8 GB");
            return;
        }
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        err.println("sorry, this is a defect of mcrc: " + message);
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        if (stacktrace) {
            err.print(trace);
            return;
        }
        try {
            Path file = Files.createTempFile("mcrc-failure-", ".txt");
            Files.writeString(file, Versions.current() + System.lineSeparator() + trace);
            err.println("  where it happened is written in " + file + "; please report it");
        } catch (IOException unwritable) {
            err.println("  run it again with --stacktrace to see where it happened");
        }
    }
}
