package org.mcrc.compiler.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.FileName;
import org.mcrc.compiler.syntax.Parser;

/** Right descriptors: the conformance cases, the language's example, and files that use every part of the language. */
class CheckValidTest {

    private static final Path FOLDER = Path.of("src/test/resources/org/mcrc/compiler/check");

    static Stream<Path> files() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path folder : List.of(FOLDER.resolve("valid"), FOLDER.resolveSibling("conformance"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".mcr")).sorted().forEach(found::add);
            }
        }
        return found.stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void aRightDescriptorGetsNoMessage(Path file) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        CheckResult result = check(Files.readString(file), diagnostics);
        assertEquals("", DiagnosticRenderer.render(diagnostics.all()));
        assertTrue(result.valid());
    }

    @Test
    void whatIsIncludedIsGivenWithItsOwnDeclarations() throws IOException {
        CheckResult result = check(Files.readString(FOLDER.resolve("valid/included.mcr")), new Diagnostics());
        assertEquals("[near, far]", result.used().keySet().toString());
        assertEquals("[P, M, S]", result.used().get("far").declarations().keySet().toString());
    }

    @Test
    void theOrderPutsEveryDeclarationAfterWhatItRefersTo() {
        CheckResult result = check(
                """
                descriptor order
                output S[r: R] = mean[x](e[x, r])
                let e[x, r: R] = f(M[x] * M[x + r])
                vectors R = halfwindow(P)
                function f(z) = z^P
                param P = 2
                field M in [0, 1]
                """,
                new Diagnostics());
        assertEquals("[P, R, f, M, e, S]", result.order().toString());
    }

    @Test
    void aFileWithAnErrorInAnIncludedOneIsNotValid() {
        Diagnostics diagnostics = new Diagnostics();
        SourceFile source = SourceFile.of("outer.mcr", "descriptor outer\nfield M\nuse inner from \"inner.mcr\"\n");
        UseLoader loader = (name, reading) -> new UseLoader.Found(Parser.parse(
                SourceFile.of(name.text(), "descriptor inner\nfield M\noutput phi = mean[x](M[x] + N[x])\n"), reading));
        CheckResult result = Checker.check(Parser.parse(source, diagnostics), loader, diagnostics);
        assertTrue(!result.valid());
        assertEquals("inner.mcr:3:29", diagnostics.all().getFirst().span().toString());
    }

    @Test
    void nothingIsSaidToBeMissingOrUnusedWhereADeclarationCouldNotBeParsed() {
        Diagnostics diagnostics = new Diagnostics();
        check("descriptor broken\nparam P = 2\nfield M in [0, 1\noutput S = mean[x](M[x]^)\n", diagnostics);
        assertTrue(diagnostics.hasErrors());
        assertTrue(
                diagnostics.all().stream().noneMatch(each -> each.message().contains("no field")
                        || each.message().contains("no output") || each.message().contains("not used")
                        || each.message().contains("there is no")),
                DiagnosticRenderer.render(diagnostics.all()));
    }

    private static CheckResult check(String text, Diagnostics diagnostics) {
        return Checker.check(
                Parser.parse(SourceFile.of("right.mcr", text), diagnostics), CheckValidTest::load, diagnostics);
    }

    private static UseLoader.Loaded load(FileName file, Diagnostics diagnostics) {
        try {
            String text = Files.readString(FOLDER.resolve(file.text()));
            return new UseLoader.Found(Parser.parse(SourceFile.of(file.text(), text), diagnostics));
        } catch (IOException exception) {
            return new UseLoader.Unreadable("there is no such file");
        }
    }
}
