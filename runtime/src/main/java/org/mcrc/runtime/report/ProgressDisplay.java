package org.mcrc.runtime.report;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.mcrc.runtime.reconstruct.Event;
import org.mcrc.runtime.reconstruct.Iteration;
import org.mcrc.runtime.reconstruct.ProgressListener;

/**
 * Shows how a reconstruction advances: iteration, loss, the last known error of the rounded field, and the time that is left
 * until the iteration limit, before which it will usually end.
 */
public sealed interface ProgressDisplay extends ProgressListener, AutoCloseable {

    /** Ends the display; what follows starts on a line of its own. */
    @Override
    void close();

    /**
     * A bar on a terminal, where a line can be overwritten.
     *
     * @param task what is written in front of the bar
     * @param iterations the iteration limit
     */
    static ProgressDisplay bar(PrintStream terminal, String task, int iterations) {
        return new Bar(terminal, task, iterations);
    }

    /**
     * Plain lines, for files and pipes.
     *
     * @param iterations the iteration limit
     */
    static ProgressDisplay lines(PrintWriter writer, int iterations) {
        return new Lines(writer, iterations);
    }

    /** Shows nothing. */
    static ProgressDisplay none() {
        return new None();
    }

    /** Nothing. */
    final class None implements ProgressDisplay {

        @Override
        public void iterated(Iteration iteration) {
        }

        @Override
        public void close() {
        }
    }

    /** A bar that is drawn over itself. */
    final class Bar implements ProgressDisplay {

        private static final int MILLISECONDS_BETWEEN_UPDATES = 200;

        /**
         * The library would ask the terminal for its width, and with that take the signal handlers away: Ctrl-C would end
         * the process at once, and what was reconstructed so far would be lost.
         */
        private static final int COLUMNS = 80;

        private final Terminal terminal;
        private final ProgressBar bar;
        private OptionalDouble relativeError = OptionalDouble.empty();

        Bar(PrintStream stream, String task, int iterations) {
            terminal = new Terminal(stream);
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(iterations)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .setUpdateIntervalMillis(MILLISECONDS_BETWEEN_UPDATES)
                    .setConsumer(terminal)
                    .build();
        }

        @Override
        public void iterated(Iteration iteration) {
            relativeError = iteration.relativeError().isPresent() ? iteration.relativeError() : relativeError;
            bar.setExtraMessage(shortLosses(iteration, relativeError));
            bar.stepTo(iteration.number());
        }

        @Override
        public void happened(Event event) {
            terminal.above(String.format(Locale.ROOT, "iteration %d: %s", event.iteration(), event.detail()));
            bar.refresh();
        }

        @Override
        public void close() {
            bar.close();
        }

        /** The bar's line, above which others can be written while a thread of the library draws it. */
        private static final class Terminal extends ConsoleProgressBarConsumer {
            private final PrintStream stream;

            Terminal(PrintStream stream) {
                super(stream, COLUMNS);
                this.stream = stream;
            }

            @Override
            public synchronized void accept(String text) {
                super.accept(text);
            }

            /** Takes the place of the bar, which is drawn again below it. */
            synchronized void above(String line) {
                stream.println("\r" + line + " ".repeat(Math.max(0, COLUMNS - line.length())));
            }
        }
    }

    /** Plain lines: the first iteration, and then one every few seconds. */
    final class Lines implements ProgressDisplay {

        private static final double SECONDS_BETWEEN_LINES = 5;

        private final PrintWriter writer;
        private final int iterations;
        private double nextLine;
        private int firstNumber;
        private double firstSeconds;
        private OptionalDouble relativeError = OptionalDouble.empty();

        Lines(PrintWriter writer, int iterations) {
            this.writer = writer;
            this.iterations = iterations;
        }

        @Override
        public void iterated(Iteration iteration) {
            relativeError = iteration.relativeError().isPresent() ? iteration.relativeError() : relativeError;
            if (firstNumber == 0) {
                firstNumber = iteration.number();
                firstSeconds = iteration.seconds();
            }
            if (iteration.seconds() < nextLine) {
                return;
            }
            nextLine = iteration.seconds() + SECONDS_BETWEEN_LINES;
            writer.printf(Locale.ROOT, "iteration %d of at most %d, %s%s%n", iteration.number(), iterations,
                    losses(iteration, relativeError), left(iteration));
            writer.flush();
        }

        /** By the time since the first iteration: what went before is not repeated. */
        private String left(Iteration iteration) {
            if (iteration.number() == firstNumber) {
                return "";
            }
            double each = (iteration.seconds() - firstSeconds) / (iteration.number() - firstNumber);
            return ", at most " + duration(each * (iterations - iteration.number())) + " left";
        }

        @Override
        public void happened(Event event) {
            writer.printf(Locale.ROOT, "iteration %d: %s%n", event.iteration(), event.detail());
            writer.flush();
        }

        @Override
        public void close() {
            writer.flush();
        }
    }

    /** Short enough for a terminal of 80 columns, on which the rest of the line takes 45. */
    private static String shortLosses(Iteration iteration, OptionalDouble relativeError) {
        String loss = String.format(Locale.ROOT, " loss %.1e", iteration.losses().loss());
        return relativeError.isEmpty() ? loss
                : loss + String.format(Locale.ROOT, ", relative %.1e", relativeError.getAsDouble());
    }

    /** The loss as the optimizer has it, and what counts: how far the field rounded to phases is from the target. */
    private static String losses(Iteration iteration, OptionalDouble relativeError) {
        String loss = String.format(Locale.ROOT, "loss %.3e", iteration.losses().loss());
        return relativeError.isEmpty() ? loss
                : loss + String.format(Locale.ROOT, ", relative error %.2g", relativeError.getAsDouble());
    }

    /** Seconds as people read them: {@code 42 s}, {@code 7 min}, {@code 1 h 20 min}. */
    private static String duration(double seconds) {
        if (seconds < 100) {
            return Math.round(seconds) + " s";
        }
        long minutes = Math.round(seconds / 60);
        return minutes < 60 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
    }
}
