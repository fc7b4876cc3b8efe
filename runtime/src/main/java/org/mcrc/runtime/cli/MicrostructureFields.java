package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.Microstructure;

/**
 * A microstructure as the field of a descriptor: its n indicators for a field {@code I[p: phases]}, the indicator of one phase
 * for a field {@code M}.
 */
final class MicrostructureFields {
    /** What to do with fields that no picture can give. */
    private static final String ARRAYS_INSTEAD = "give arrays: mcrc characterize takes each field with --field NAME=FILE.npy and"
            + " writes the descriptor with -o D.npz; reconstruct takes that with --target D.npz and --size";

    private MicrostructureFields() {
    }

    /**
     * The field's values.
     *
     * @param source what the user calls the microstructure
     * @param phase the phase whose indicator a field without phases is; where absent it is phase 1
     * @throws InputError where the microstructure does not determine the fields
     */
    static SequencedMap<String, double[]> of(
            Signature signature, Microstructure microstructure, String source, OptionalInt phase) {
        Signature.Field field = signature.fields().getFirst();
        if (signature.fields().size() > 1) {
            String names = signature.fields().stream().map(Signature.Field::name).collect(Collectors.joining(", "));
            throw new InputError(signature.name() + " has " + signature.fields().size() + " fields (" + names
                    + "), and " + source + " gives one", ARRAYS_INSTEAD);
        }
        if (!field.indicators() && field.shape().size() > signature.extents().size()) {
            throw new InputError("the field " + field.name() + " of " + signature.name() + " has indices of its own that are not"
                    + " the phases, and " + source + " is a microstructure",
                    ARRAYS_INSTEAD);
        }
        if (field.low() > 0 || field.high() < 1) {
            throw new InputError("the indicator of a phase is 0 or 1, and the field " + field.name() + " of " + signature.name()
                    + " is in [" + field.low() + ", " + field.high() + "]",
                    ARRAYS_INSTEAD);
        }
        SequencedMap<String, double[]> fields = new LinkedHashMap<>();
        fields.put(field.name(), field.indicators() ? indicators(signature, microstructure, source, phase)
                : indicator(microstructure, source, phase));
        return fields;
    }

    /** Says on {@code messages} which phase a field is the indicator of where there are several and none was chosen. */
    static void warn(Signature signature, Microstructure microstructure, String source, OptionalInt phase,
            PrintWriter messages) {
        Signature.Field field = signature.fields().getFirst();
        if (phase.isEmpty() && microstructure.phases() > 2 && !field.indicators()) {
            messages.println("warning: " + source + " has " + microstructure.phases() + " grey levels, that is phases 0 to "
                    + (microstructure.phases() - 1) + " (volume fractions " + fractions(microstructure) + "): the field "
                    + field.name() + " of " + signature.name() + " is the indicator of phase 1; --phase k takes another one,"
                    + " --threshold LEVEL makes two phases of them");
            messages.flush();
        }
    }

    /** What was read, in a line: a file that was understood otherwise than meant is seen at once. */
    static String description(Microstructure microstructure, String source) {
        int phases = microstructure.phases();
        return source + ": " + microstructure.extents() + " pixels, " + phases + (phases == 1 ? " phase" : " phases")
                + ", volume fractions " + fractions(microstructure);
    }

    private static double[] indicators(
            Signature signature, Microstructure microstructure, String source, OptionalInt phase) {
        if (phase.isPresent()) {
            throw new InputError("--phase " + phase.getAsInt() + " does not apply: the field of " + signature.name()
                    + " holds the indicators of all phases");
        }
        if (microstructure.phases() > signature.phases()) {
            throw new InputError(source + " has " + microstructure.phases() + " phases, and " + signature.name()
                    + " is evaluated for " + signature.phases());
        }
        // Phases that do not occur have indicators too.
        return new Microstructure(microstructure.extents(), microstructure.labels(), signature.phases()).indicators()
                .values();
    }

    private static double[] indicator(Microstructure microstructure, String source, OptionalInt phase) {
        phase.ifPresent(chosen -> require(microstructure, source, chosen));
        return microstructure.indicator(phase.orElse(1)).values();
    }

    /**
     * Requires that a microstructure may have a phase.
     *
     * @throws InputError where it cannot, with the phases that there are
     */
    static void require(Microstructure microstructure, String source, int phase) {
        int phases = microstructure.phases();
        if (phase < 0 || phase >= Math.max(phases, 2)) {
            throw new InputError("there is no phase " + phase + ": " + source + " has the phases "
                    + IntStream.range(0, phases).mapToObj(String::valueOf).collect(Collectors.joining(", ")));
        }
    }

    private static String fractions(Microstructure microstructure) {
        List<String> fractions = IntStream.range(0, microstructure.phases())
                .mapToObj(phase -> String.format(Locale.ROOT, "%.3f", microstructure.fraction(phase))).toList();
        return String.join(", ", fractions);
    }
}
