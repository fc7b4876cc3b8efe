package org.mcrc.compiler.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.diagnostic.Diagnostic;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;

/**
 * Bad files and exactly what is said about them: each {@code NAME.mcr} of the folder has a {@code NAME.txt}.
 * {@code -Dgolden.rewrite=true} writes the latter anew.
 */
class SyntaxErrorsTest {

    private static final Path FOLDER = Path.of("src/test/resources/org/mcrc/compiler/syntax/errors");

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".mcr")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void saysWhatIsWrong(Path file) throws IOException {
        String name = file.getFileName().toString();
        Diagnostics diagnostics = new Diagnostics();
        Parser.parse(SourceFile.of(name, Files.readString(file)), diagnostics);
        Path expected = FOLDER.resolve(name.replace(".mcr", ".txt"));
        String rendered = DiagnosticRenderer.render(diagnostics.all());
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(expected, rendered);
        }
        assertEquals(Files.readString(expected), rendered);
    }

    @Test
    void reportsEveryBrokenDeclarationOfAFile() throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        String text = Files.readString(FOLDER.resolve("one_error_a_declaration.mcr"));
        Parser.parse(SourceFile.of("test", text), diagnostics);
        // The fifth line has two: the misspelled keyword and the missing parentheses.
        assertEquals(
                List.of(2, 3, 4, 5, 5, 6, 7, 8),
                diagnostics.all().stream().map(Diagnostic::span).map(span -> span.line()).toList());
    }

    @Test
    void keepsTheDeclarationsThatAreWhole() {
        Diagnostics diagnostics = new Diagnostics();
        ParseResult result = Parser.parse(
                SourceFile.of("test", "descriptor d param a = 1 param b = ) param c = 3 let m[x] = 2x let n = 4"),
                diagnostics);
        assertEquals(2, diagnostics.errorCount());
        assertEquals(
                List.of("a", "c", "n"),
                result.file().declarations().stream()
                        .map(declaration -> ((Declaration.Named) declaration).name().text())
                        .toList());
        assertEquals(Set.of("b", "m"), result.brokenNames());
    }

    @Test
    void declaresUnderTheWordThatWasMeant() {
        Diagnostics diagnostics = new Diagnostics();
        ParseResult result = Parser.parse(SourceFile.of("test", "descriptor d\nouput S = 3\n"), diagnostics);
        assertEquals(1, diagnostics.errorCount());
        assertEquals("output S = 3\n", Formatter.format(result.file().declarations().getFirst()));
    }
}
