package org.mcrc.compiler.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {

    private static final List<String> NAMES = List.of("window", "halfwindow", "box", "axes", "line", "M", "S2", "S3");

    @ParameterizedTest
    @CsvSource({
        "halfwindw, halfwindow", "halfwidnow, halfwindow", "half_window, halfwindow", "windows, window",
        "Window, window", "lien, line", "bx, box", "m, M", "s2, S2",
    })
    void findsTheNameThatWasMeant(String written, String meant) {
        assertEquals(Optional.of(meant), Suggestions.nearest(written, NAMES));
        assertEquals(Optional.of("did you mean '" + meant + "'?"), Suggestions.didYouMean(written, NAMES));
    }

    @ParameterizedTest
    @CsvSource({"random", "S4", "N", "corridor", "box"})
    void keepsQuietWhereNothingIsNear(String written) {
        assertEquals(Optional.empty(), Suggestions.nearest(written, NAMES));
    }

    @Test
    void takesTheFirstOfEquallyNearNames() {
        assertEquals(Optional.of("lane"), Suggestions.nearest("lune", List.of("lane", "lone")));
    }

    @Test
    void isNotStoppedByHugeNames() {
        assertEquals(Optional.empty(), Suggestions.nearest("x".repeat(1_000_000), NAMES));
    }
}
