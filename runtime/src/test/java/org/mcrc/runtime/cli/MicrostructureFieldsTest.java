package org.mcrc.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Microstructure;

class MicrostructureFieldsTest {

    private static final Signature.Field SCALAR = new Signature.Field("M", List.of(1, 3), 0, 1, false);
    private static final Microstructure TWO = new Microstructure(Extents.of(1, 3), new int[] {1, 0, 0}, 2);
    private static final Microstructure THREE = new Microstructure(Extents.of(1, 3), new int[] {2, 0, 1}, 3);

    private static Signature signature(int phases, Signature.Field... fields) {
        return new Signature("s2s3", List.of(1, 3), phases, List.of(fields), List.of(), List.of(), List.of());
    }

    private static double[] values(Signature signature, Microstructure microstructure, OptionalInt phase) {
        return MicrostructureFields.of(signature, microstructure, "board.png", phase)
                .get(signature.fields().getFirst().name());
    }

    private static String refusal(Signature signature, Microstructure microstructure, OptionalInt phase) {
        return assertThrows(InputError.class, () -> values(signature, microstructure, phase)).text();
    }

    @Test
    void fieldIsTheIndicatorOfPhaseOneOrOfTheChosenOne() {
        assertArrayEquals(new double[] {1, 0, 0}, values(signature(2, SCALAR), TWO, OptionalInt.empty()));
        assertArrayEquals(new double[] {0, 1, 1}, values(signature(2, SCALAR), TWO, OptionalInt.of(0)));
        assertArrayEquals(new double[] {1, 0, 0}, values(signature(2, SCALAR), THREE, OptionalInt.of(2)));
        assertArrayEquals(new double[] {0, 0, 1}, values(signature(2, SCALAR), THREE, OptionalInt.empty()));
    }

    @Test
    void onePhaseAloneHasAnEmptyIndicatorOfPhaseOne() {
        Microstructure one = new Microstructure(Extents.of(1, 3), new int[3], 1);
        assertArrayEquals(new double[3], values(signature(2, SCALAR), one, OptionalInt.empty()));
    }

    @Test
    void thatOnePhaseOfThreeIsTakenIsSaidUnlessItWasChosen() {
        assertEquals("""
                warning: board.png has 3 grey levels, that is phases 0 to 2 (volume fractions 0.333, 0.333, 0.333): the field M \
                of s2s3 is the indicator of phase 1; --phase k takes another one, --threshold LEVEL makes two phases of them
                """, warning(signature(2, SCALAR), THREE, OptionalInt.empty()));
        assertEquals("", warning(signature(2, SCALAR), THREE, OptionalInt.of(1)));
        assertEquals("", warning(signature(2, SCALAR), TWO, OptionalInt.empty()));
    }

    private static String warning(Signature signature, Microstructure microstructure, OptionalInt phase) {
        StringWriter messages = new StringWriter();
        MicrostructureFields.warn(signature, microstructure, "board.png", phase, new PrintWriter(messages));
        return messages.toString();
    }

    @Test
    void phaseThatDoesNotExistIsRefused() {
        assertEquals("there is no phase 3: board.png has the phases 0, 1, 2",
                refusal(signature(2, SCALAR), THREE, OptionalInt.of(3)));
    }

    @Test
    void indicatorsOfAllPhasesLieLast() {
        Signature.Field indicators = new Signature.Field("I", List.of(1, 3, 3), 0, 1, true);
        assertArrayEquals(new double[] {0, 0, 1, 1, 0, 0, 0, 1, 0},
                values(signature(3, indicators), THREE, OptionalInt.empty()));
        assertArrayEquals(new double[] {0, 1, 0, 1, 0, 0, 1, 0, 0},
                values(signature(3, indicators), TWO, OptionalInt.empty()), "the third phase does not occur");
        Signature.Field ofTwo = new Signature.Field("I", List.of(1, 3, 2), 0, 1, true);
        assertEquals("board.png has 3 phases, and s2s3 is evaluated for 2",
                refusal(signature(2, ofTwo), THREE, OptionalInt.empty()));
        assertEquals("--phase 1 does not apply: the field of s2s3 holds the indicators of all phases",
                refusal(signature(3, indicators), THREE, OptionalInt.of(1)));
    }

    @Test
    void oneMicrostructureDoesNotMakeTwoFields() {
        Signature.Field angle = new Signature.Field("angle", List.of(1, 3), 0, 3, false);
        assertEquals("""
                s2s3 has 2 fields (M, angle), and board.png gives one
                  give arrays: mcrc characterize takes each field with --field NAME=FILE.npy and writes the descriptor with -o D.npz; \
                reconstruct takes that with --target D.npz and --size""",
                refusal(signature(2, SCALAR, angle), TWO, OptionalInt.empty()));
    }
}
