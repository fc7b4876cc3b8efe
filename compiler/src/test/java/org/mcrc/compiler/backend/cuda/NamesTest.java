package org.mcrc.compiler.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
