package org.mcrc.descriptors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.check.Checker;
import org.mcrc.compiler.check.UseLoader;
import org.mcrc.compiler.diagnostic.Diagnostic;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.diagnostic.Severity;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.Parser;

/** The examples of the documentation are right, and its links lead somewhere. */
class DocumentationTest {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```mcr\\R(.*?)^```");
    private static final String CODE = "(?s)```.*?```|`[^`\\n]*`";
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)\\)");

    static Stream<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        for (String page : List.of("README.md", "docs/language.md", "docs/reconstruction.md", "docs/from-mcrpy.md")) {
            Matcher matcher = EXAMPLE.matcher(Files.readString(PROJECT.resolve(page)));
            while (matcher.find()) {
                examples.add(matcher.group(1));
            }
        }
        return examples.stream();
    }

    /** What an example leaves out is what every file has: a name, the field M, an output. */
    @ParameterizedTest
    @MethodSource("examples")
    void anExampleHasNoErrors(String example) {
        StringBuilder text = new StringBuilder();
        if (!declares(example, "descriptor")) {
            text.append("descriptor example\n");
        }
        if (!declares(example, "field M")) {
            text.append("field M in [0, 1]\n");
        }
        text.append(example);
        if (!declares(example, "output") && !declares(example, "use")) {
            text.append("output mean_of_field = mean[x](M[x])\n");
        }
        Diagnostics diagnostics = new Diagnostics();
        SourceFile source = SourceFile.of(DescriptorFiles.named("example"), text.toString());
        Checker.check(Parser.parse(source, diagnostics), UseLoader.files(), diagnostics);
        List<Diagnostic> errors = diagnostics.all().stream()
                .filter(diagnostic -> diagnostic.severity() == Severity.ERROR).toList();
        assertEquals("", DiagnosticRenderer.render(errors));
    }

    private static boolean declares(String example, String words) {
        return example.lines().anyMatch(line -> line.startsWith(words + " "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/language.md", "docs/code.md", "docs/cuda.md", "docs/reconstruction.md",
        "docs/study.md", "docs/from-mcrpy.md"})
    void linksWithinTheProjectLeadSomewhere(String page) throws IOException {
        Path file = PROJECT.resolve(page);
        Matcher matcher = LINK.matcher(Files.readString(file).replaceAll(CODE, ""));
        while (matcher.find()) {
            String link = matcher.group(1);
            if (!link.contains("://")) {
                assertTrue(Files.exists(file.resolveSibling(link)), page + " links to " + link);
            }
        }
    }
}
