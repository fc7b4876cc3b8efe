package org.mcrc.compiler.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.diagnostic.Diagnostic;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.diagnostic.Severity;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.FileName;
import org.mcrc.compiler.syntax.Parser;

/**
 * A tree of wrong descriptors, each with the messages that it must get. {@code -Dgolden.rewrite=true} writes the
 * messages that it does get.
 */
class CheckGoldenTest {

    private static final Path FOLDER = Path.of("src/test/resources/org/mcrc/compiler/check");
    private static final boolean REWRITE = Boolean.getBoolean("golden.rewrite");

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".mcr"))
                    .map(name -> name.substring(0, name.length() - ".mcr".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aWrongDescriptorGetsExactlyTheseMessages(String name) throws IOException {
        String messages = DiagnosticRenderer.render(check(name));
        agrees(FOLDER.resolve(name + ".txt"), messages);
    }

    @Test
    void everyKindHasAnExampleThatRaisesIt() throws IOException {
        Set<String> names = names().collect(Collectors.toSet());
        for (CheckError error : CheckError.values()) {
            String id = error.kind().id();
            assertTrue(names.contains(id), "no example of " + id);
            assertTrue(check(id).stream().anyMatch(each -> each.kind().equals(error.kind())), id + " is not raised");
        }
    }

    @Test
    void allErrorsOfAFileAreReportedAtOnce() throws IOException {
        List<Diagnostic> diagnostics = check("five-errors");
        Set<String> kinds = diagnostics.stream()
                .filter(each -> each.severity() == Severity.ERROR)
                .map(each -> each.kind().id() + " in line " + each.span().line())
                .collect(Collectors.toSet());
        assertEquals(
                Set.of(
                        "unknown-name in line 5",
                        "pixel-offset in line 6",
                        "subscript-count in line 7",
                        "unknown-name in line 8",
                        "unknown-name in line 9"),
                kinds);
    }

    @Test
    void theErrorIndexIsTrue() throws IOException {
        StringBuilder text = new StringBuilder("""
                # Errors and warnings of the checker

                Made from the compiler's own list and its test cases: every example gets exactly the messages below it.
                What is wrong with the spelling of a file (brackets, missing parts, unknown characters) is reported
                with these and explains itself. So is what depends on sizes and on the values of params, which shows when a
                descriptor is bound: of a file with other errors, what has none is bound.
                """);
        for (CheckError error : CheckError.values()) {
            String id = error.kind().id();
            text.append("\n## ").append(id).append('\n');
            text.append("\n").append(error.kind().severity() == Severity.WARNING ? "*Warning.* " : "")
                    .append(error.cause()).append('\n');
            if (error != CheckError.TOO_MANY_ERRORS) {
                text.append("\n```\n").append(Files.readString(FOLDER.resolve(id + ".mcr"))).append("```\n");
                text.append("\n```\n").append(DiagnosticRenderer.render(check(id))).append("```\n");
            }
            text.append("\n**Mend:** ").append(error.mend()).append('\n');
        }
        agrees(Path.of("../docs/errors.md"), text.toString());
    }

    @Test
    void noKindIsLikeAnother() {
        List<String> templates = Arrays.stream(CheckError.values()).map(CheckError::template).toList();
        assertEquals(templates.size(), Set.copyOf(templates).size());
        assertFalse(templates.stream().anyMatch(template -> template.endsWith(".")), "messages end without full stop");
    }

    private static List<Diagnostic> check(String name) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        SourceFile source = source(name + ".mcr");
        Checker.check(Parser.parse(source, diagnostics), CheckGoldenTest::load, diagnostics);
        return diagnostics.all();
    }

    private static UseLoader.Loaded load(FileName file, Diagnostics diagnostics) {
        try {
            return new UseLoader.Found(Parser.parse(source(file.text()), diagnostics));
        } catch (IOException exception) {
            return new UseLoader.Unreadable("there is no such file");
        }
    }

    private static SourceFile source(String name) throws IOException {
        return SourceFile.of(name, Files.readString(FOLDER.resolve(name)));
    }

    private static void agrees(Path golden, String actual) throws IOException {
        if (REWRITE) {
            Files.write(golden, actual.getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(Files.exists(golden) ? Files.readString(golden) : "", actual);
    }
}
