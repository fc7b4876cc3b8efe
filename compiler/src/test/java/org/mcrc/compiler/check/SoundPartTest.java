package org.mcrc.compiler.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.ParseResult;
import org.mcrc.compiler.syntax.Parser;

class SoundPartTest {

    private static final UseLoader NO_FILES = (_, _) -> new UseLoader.Unreadable("there are no files here");

    private static Optional<CheckResult> soundPart(String text) {
        Diagnostics diagnostics = new Diagnostics();
        ParseResult parsed = Parser.parse(SourceFile.of("test.mcr", text), diagnostics);
        CheckResult checked = Checker.check(parsed, NO_FILES, diagnostics);
        assertTrue(diagnostics.hasErrors());
        return SoundPart.of(parsed, checked, NO_FILES, diagnostics);
    }

    private static List<String> names(String text) {
        return List.copyOf(soundPart(text).orElseThrow().declarations().keySet());
    }

    @Test
    void whatRefersToSomethingFaultyIsLeftOutHoweverFar() {
        assertEquals(List.of("M", "V"), names("""
                descriptor d
                field M in [0, 1]
                param P = Q
                vectors R = window(P)
                output S[r: R] = mean[x](M[x] * M[x + r])
                output V = mean[x](M[x])
                """));
    }

    @Test
    void soIsWhatCouldNotBeParsedAndWhatRefersToIt() {
        assertEquals(List.of("M", "V"), names("""
                descriptor d
                field M in [0, 1]
                let e[x] = M[x] M[x]
                output S = mean[x](e[x])
                output V = mean[x](M[x])
                """));
    }

    @Test
    void allThatCouldBeParsedMayBeSound() {
        assertEquals(List.of("M", "V"), names("""
                descriptor d
                field M in [0, 1]
                let e[x] = M[x] M[x]
                output V = mean[x](M[x])
                """));
    }

    @Test
    void soIsAUseThatCannotBeRead() {
        CheckResult sound = soundPart("""
                descriptor d
                field M in [0, 1]
                use other from "other.mcr"
                output V = mean[x](M[x])
                """).orElseThrow();
        assertEquals(List.of("M", "V"), List.copyOf(sound.declarations().keySet()));
        assertTrue(sound.used().isEmpty());
    }

    @Test
    void ofTwoDeclarationsOfANameTheFirstStays() {
        CheckResult sound = soundPart("""
                descriptor d
                field M in [0, 1]
                output V = mean[x](M[x])
                output V = mean[x](M[x]^2)
                """).orElseThrow();
        assertEquals(2, sound.file().declarations().size());
        assertTrue(sound.valid());
    }

    @Test
    void aRestWithoutAnOutputMayHaveErrorsToo() {
        assertEquals(List.of("M", "R"), names("""
                descriptor d
                field M in [0, 1]
                vectors R = random(99, 1, 1)
                output S[r: R] = mean[x](M[x] * N[x + r])
                """));
    }
}
