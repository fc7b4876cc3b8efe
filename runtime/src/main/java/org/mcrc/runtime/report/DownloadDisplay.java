package org.mcrc.runtime.report;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.mcrc.runtime.field.Memory;

/** Shows how a large file is read. */
public sealed interface DownloadDisplay extends AutoCloseable {
    /**
     * So much has been read.
     *
     * @param total how many bytes there are; negative where that is not known
     */
    void read(long bytes, long total);

    /** Ends the display; what follows starts on a line of its own. */
    @Override
    void close();

    /** A bar on a terminal, where a line can be overwritten. */
    static DownloadDisplay bar(PrintStream terminal, String task) {
        return new Bar(terminal, task);
    }

    /** Plain lines, for files and pipes: one each tenth. */
    static DownloadDisplay lines(PrintWriter writer) {
        return new Lines(writer);
    }

    /** A bar that is drawn over itself. */
    final class Bar implements DownloadDisplay {
        private static final int MILLISECONDS_BETWEEN_UPDATES = 200;
        private static final int MEGABYTE = 1_000_000;
        private static final int COLUMNS = 80;

        private final ProgressBar bar;

        Bar(PrintStream stream, String task) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setUnit(" MB", MEGABYTE)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .setUpdateIntervalMillis(MILLISECONDS_BETWEEN_UPDATES)
                    .setConsumer(new ConsoleProgressBarConsumer(stream, COLUMNS))
                    .build();
        }

        @Override
        public void read(long bytes, long total) {
            bar.maxHint(total);
            bar.stepTo(bytes);
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /** Plain lines. */
    final class Lines implements DownloadDisplay {
        private static final long STEP = 50_000_000;
        private static final int PARTS = 10;

        private final PrintWriter writer;
        private long next;

        Lines(PrintWriter writer) {
            this.writer = writer;
        }

        @Override
        public void read(long bytes, long total) {
            long step = Math.max(1, total < 0 ? STEP : total / PARTS);
            if (next == 0) {
                next = step;
            }
            if (bytes < next) {
                return;
            }
            next = (bytes / step + 1) * step;
            writer.println(total < 0 ? Memory.text(bytes)
                    : String.format(Locale.ROOT, "%3.0f %% of %s", 100.0 * bytes / total, Memory.text(total)));
            writer.flush();
        }

        @Override
        public void close() {
            writer.flush();
        }
    }
}
