package org.mcrc.runtime.field;

import org.mcrc.runtime.InputError;

/** How grey levels become phases. */
public sealed interface Threshold {

    /** Every grey level is a phase, in the order of the levels. */
    record None() implements Threshold {
    }

    /** Two phases: pixels above the level are phase 1, the others phase 0. The level is in the file's own units. */
    record At(double level) implements Threshold {
    }

    /** Two phases, separated at the level that maximizes the variance between them (Otsu 1979). */
    record Otsu() implements Threshold {
    }

    static Threshold none() {
        return new None();
    }

    /**
     * A threshold as it is written on the command line: a number, or {@code otsu}.
     *
     * @throws InputError if it is neither
     */
    static Threshold parse(String text) {
        if (text.equalsIgnoreCase("otsu")) {
            return new Otsu();
        }
        try {
            double level = Double.parseDouble(text);
            if (Double.isFinite(level)) {
                return new At(level);
            }
        } catch (NumberFormatException notANumber) {
            // Falls through to the one message below.
        }
        throw new InputError("'" + text + "' is not a threshold", "write a grey level, as 128 or 0.5, or otsu");
    }
}
