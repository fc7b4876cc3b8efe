package org.mcrc.compiler.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.BoundDescriptor;

class UniqueNamesTest {
    @Test
    void aNameThatIsUsedGetsTheNextFreeNumber() {
        UniqueNames names = new UniqueNames(List.of("a", "a_2"));
        assertEquals(List.of("a_3", "b", "a_4"), Stream.of("a", "b", "a").map(names::fresh).toList());
    }

    @Test
    void partsAreNumberedFromOne() {
        UniqueNames names = new UniqueNames(List.of("a", "a_2"));
        assertEquals(List.of("a_1", "a_3"), List.of(names.part("a"), names.part("a")));
    }

    @Test
    void whatAProgramIsGivenAndComparedWithHasNamesToo() {
        UniqueNames names = UniqueNames.in(BoundDescriptor.of("descriptor d field M output v = mean[x](M[x])",
                List.of(2, 2)).program());
        assertEquals(List.of("M_2", "v@1_2", "v@1*_2", "E_2"), Stream.of("M", "v@1", "v@1*", "E").map(names::fresh).toList());
    }
}
