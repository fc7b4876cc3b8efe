package org.mcrc.compiler.check;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.diagnostic.Diagnostic;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.Parser;

/** Whatever a file contains, checking it ends soon and throws nothing. */
class CheckRobustnessTest {

    private static final Pattern TOKEN = Pattern.compile("[\\p{L}][\\p{L}\\p{N}_]*|[0-9.]+|\"[^\"]*\"|\\s+|[=!<>]=|.");
    private static final int MUTANTS = 4000;

    @Test
    void mutatedDescriptorsNeverThrow() throws IOException {
        List<List<String>> seeds = new ArrayList<>();
        List<String> vocabulary = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/resources/org/mcrc/compiler"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".mcr")).sorted().toList()) {
                List<String> tokens = new ArrayList<>();
                Matcher matcher = TOKEN.matcher(Files.readString(file).replaceAll("(?m)//.*$", ""));
                while (matcher.find()) {
                    tokens.add(matcher.group());
                }
                seeds.add(tokens);
                vocabulary.addAll(tokens);
            }
        }
        Random random = new Random(20261122);
        int accepted = 0;
        for (int mutant = 0; mutant < MUTANTS; mutant++) {
            List<String> tokens = new ArrayList<>(seeds.get(random.nextInt(seeds.size())));
            int changes = 1 + random.nextInt(4);
            for (int change = 0; change < changes; change++) {
                mutate(tokens, vocabulary, random);
            }
            String text = String.join("", tokens);
            Diagnostics diagnostics = new Diagnostics();
            assertDoesNotThrow(
                    () -> DiagnosticRenderer.render(check(text, diagnostics)), () -> "of this text:\n" + text);
            accepted += diagnostics.hasErrors() ? 0 : 1;
        }
        assertTrue(accepted > MUTANTS / 100 && accepted < MUTANTS, "a fair share is right: " + accepted);
    }

    /** Replaces, removes, doubles or swaps a token other than white space. */
    private static void mutate(List<String> tokens, List<String> vocabulary, Random random) {
        int place = random.nextInt(tokens.size());
        int other = random.nextInt(tokens.size());
        switch (random.nextInt(5)) {
            case 0 -> tokens.set(place, " ");
            case 1 -> tokens.add(place, tokens.get(other));
            case 2 -> {
                String swapped = tokens.get(place);
                tokens.set(place, tokens.get(other));
                tokens.set(other, swapped);
            }
            default -> tokens.set(place, vocabulary.get(random.nextInt(vocabulary.size())));
        }
    }

    @Test
    void aLongChainOfDeclarationsIsCheckedInReasonableTime() {
        StringBuilder text = new StringBuilder("descriptor chain\nfield M in [0, 1]\nlet a0 = mean[x](M[x])\n");
        int length = 5000;
        for (int n = 1; n <= length; n++) {
            text.append("function f").append(n).append("(z) = ")
                    .append(n == 1 ? "z" : "f" + (n - 1) + "(z) + f" + (n - 1) + "(2 * z)").append('\n');
            text.append("let a").append(n).append(" = a").append(n - 1).append(" + a").append(n - 1).append('\n');
        }
        text.append("output S = f").append(length).append("(a").append(length).append(")\n");
        Diagnostics diagnostics = new Diagnostics();
        assertTimeout(Duration.ofSeconds(30), () -> check(text.toString(), diagnostics));
        assertTrue(!diagnostics.hasErrors(), () -> DiagnosticRenderer.render(diagnostics.all()));
    }

    @Test
    void aVeryLongUnknownNameIsReported() {
        String name = "a".repeat(200_000);
        Diagnostics diagnostics = new Diagnostics();
        assertTimeout(Duration.ofSeconds(30), () -> check(
                "descriptor long\nfield M\nlet " + name + " = 1\noutput S = mean[x](M[x]) * " + name + "b\n",
                diagnostics));
        assertTrue(diagnostics.hasErrors());
    }

    @Test
    void aLongCircleOfDeclarationsIsReportedOnce() {
        StringBuilder text = new StringBuilder("descriptor circle\nfield M in [0, 1]\n");
        int length = 5000;
        for (int n = 0; n < length; n++) {
            text.append("let a").append(n).append(" = a").append((n + 1) % length).append(" + mean[x](M[x])\n");
        }
        text.append("output S = a0\n");
        Diagnostics diagnostics = new Diagnostics();
        assertTimeout(Duration.ofSeconds(30), () -> check(text.toString(), diagnostics));
        assertTrue(diagnostics.errorCount() == 1, () -> DiagnosticRenderer.render(diagnostics.all()));
    }

    @Test
    void filesThatIncludeEachOtherManyTimesAreCheckedOnce() {
        int depth = 60;
        UseLoader loader = (file, diagnostics) -> {
            int number = Integer.parseInt(file.text());
            String inner = number == depth
                    ? "output phi = mean[x](M[x])\n"
                    : "use a from \"" + (number + 1) + "\"\nuse b from \"" + (number + 1) + "\"\n";
            return new UseLoader.Found(Parser.parse(
                    SourceFile.of(file.text(), "descriptor d" + number + "\nfield M\n" + inner), diagnostics));
        };
        Diagnostics diagnostics = new Diagnostics();
        SourceFile source = SourceFile.of("outer.mcr", "descriptor outer\nfield M\nuse a from \"0\"\n");
        assertTimeout(Duration.ofSeconds(10), () ->
                Checker.check(Parser.parse(source, diagnostics), loader, diagnostics));
        assertTrue(!diagnostics.hasErrors(), () -> DiagnosticRenderer.render(diagnostics.all()));
    }

    private static List<Diagnostic> check(String text, Diagnostics diagnostics) {
        SourceFile source = SourceFile.of("mutant.mcr", text);
        Checker.check(
                Parser.parse(source, diagnostics), UseLoader.none("there is no other file here"), diagnostics);
        return diagnostics.all();
    }
}
