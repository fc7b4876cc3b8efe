package org.mcrc.compiler.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
    @ParameterizedTest
    @CsvSource({"M, M", "S@1, S_1", "E.S@1, E_S_1", "S@1*, S_1_target", "x', x_prime", "Größe, Grose", "α, alpha",
        "1st, v1st", "_x, v_x", "a__b, a_b", "mcrc_exp, v_mcrc_exp", "MCRC_TENSOR_CORES, v_MCRC_TENSOR_CORES",
        "float, float_2", "threadIdx, threadIdx_2", "element, element_2", "x_1, x_1"})
    void namesResembleWhatWasSuggested(String suggestion, String name) {
        assertEquals(name, new Names().fresh(suggestion));
    }

    /** What the writers of kernels declare by its very name is never that of anything else. */
    @Test
    void namesThatKernelsDeclareAreTaken() throws IOException {
        Pattern literal = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
        Pattern declared = Pattern.compile("(?:^|[ (])(?:int|unsigned|float|double|long long|unsigned short|bool|auto|%s|%1\\$s)"
                + " (?:\\*(?:const )?)?([a-z_][a-z_0-9]*)(?:\\[| =|;|\\))");
        Set<String> free = new TreeSet<>();
        int seen = 0;
        try (Stream<Path> writers = Files.list(Path.of("src/main/java/org/mcrc/compiler/backend/cuda"))) {
            for (Path writer : writers.toList()) {
                for (MatchResult text : literal.matcher(Files.readString(writer)).results().toList()) {
                    for (MatchResult each : declared.matcher(text.group(1)).results().toList()) {
                        seen++;
                        if (new Names().fresh(each.group(1)).equals(each.group(1))) {
                            free.add(each.group(1));
                        }
                    }
                }
            }
        }
        assertEquals(Set.of(), free);
        assertTrue(seen > 50, "declarations found: " + seen);
    }

    @Test
    void aNameIsGivenOnce() {
        Names names = new Names();
        assertEquals("a", names.fresh("a"));
        assertEquals("a_2", names.fresh("a"));
        assertEquals("a_3", names.fresh("a"));
        assertEquals("a_2_2", names.fresh("a_2"));
    }

    @Test
    void aCopyAvoidsWhatWasGivenAndGivesByItself() {
        Names names = new Names();
        names.fresh("kernel");
        Names first = names.copy();
        Names second = names.copy();
        assertEquals("kernel_2", first.fresh("kernel"));
        assertEquals("kernel_2", second.fresh("kernel"));
        assertEquals("other_name", first.fresh("other_name"));
        assertEquals("other_name", names.fresh("other_name"));
    }

    @Test
    void nothingIsLeftOfAnEmptyName() {
        assertEquals("v", new Names().fresh(""));
    }
}
