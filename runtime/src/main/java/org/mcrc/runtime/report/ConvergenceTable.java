package org.mcrc.runtime.report;

import java.util.List;
import java.util.Locale;
import org.mcrc.runtime.reconstruct.Iteration;

/**
 * The convergence as {@code .csv}: one line for each iteration with its number, the seconds since the start, the loss L, the
 * error E, each penalty before its weight, and the error E of the rounded field, empty where that was not evaluated.
 */
final class ConvergenceTable {

    private ConvergenceTable() {
    }

    static String of(List<String> penalties, List<Iteration> iterations) {
        StringBuilder text = new StringBuilder("iteration,seconds,loss,error");
        penalties.forEach(penalty -> text.append(',').append(penalty));
        text.append(",rounded_error\n");
        for (Iteration iteration : iterations) {
            text.append(iteration.number())
                    .append(',').append(String.format(Locale.ROOT, "%.6f", iteration.seconds()))
                    .append(',').append(iteration.losses().loss())
                    .append(',').append(iteration.losses().error());
            penalties.forEach(penalty -> text.append(',').append(iteration.losses().penalties().get(penalty)));
            text.append(',');
            iteration.roundedError().ifPresent(text::append);
            text.append('\n');
        }
        return text.toString();
    }
}
