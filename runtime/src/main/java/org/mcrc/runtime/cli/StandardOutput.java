package org.mcrc.runtime.cli;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;

/**
 * Standard output, which remembers why something could not be written: a {@link PrintWriter} says only that. That its reader
 * has seen enough, as {@code head} has, is no loss.
 */
final class StandardOutput extends FilterOutputStream {
    private static final String READER_HAS_LEFT = "Broken pipe";

    private final PrintWriter writer;
    private IOException failure;

    StandardOutput(OutputStream stream, Charset charset) {
        super(new BufferedOutputStream(stream));
        writer = new PrintWriter(new OutputStreamWriter(this, charset), true);
    }

    /** What writes texts to it, line by line. */
    PrintWriter writer() {
        return writer;
    }

    @Override
    public void write(int value) throws IOException {
        noting(() -> out.write(value));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        noting(() -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        noting(out::flush);
    }

    private void noting(Writing writing) throws IOException {
        try {
            writing.run();
        } catch (IOException failed) {
            failure = failure == null ? failed : failure;
            throw failed;
        }
    }

    /** Why something is lost that was written; empty where nothing is. */
    Optional<String> loss() {
        writer.flush();
        return Optional.ofNullable(failure).map(IOException::getMessage).filter(reason -> !reason.equals(READER_HAS_LEFT));
    }

    private interface Writing {
        void run() throws IOException;
    }
}
