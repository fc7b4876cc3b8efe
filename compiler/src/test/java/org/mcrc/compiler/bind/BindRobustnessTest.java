package org.mcrc.compiler.bind;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.check.CheckResult;
import org.mcrc.compiler.check.Checker;
import org.mcrc.compiler.check.UseLoader;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.Parser;

/** Whatever passes the static check, binding it ends soon and throws nothing. */
class BindRobustnessTest {
    private static final Pattern TOKEN = Pattern.compile("[\\p{L}][\\p{L}\\p{N}_]*|[0-9.]+|\"[^\"]*\"|\\s+|[=!<>]=|.");
    private static final int MUTANTS = 800;

    @Test
    void mutatedDescriptorsNeverThrow() throws IOException {
        List<List<String>> seeds = new ArrayList<>();
        List<String> vocabulary = new ArrayList<>(List.of("0", "1", "7", "100", "1e9", "0.5", "level", "phases"));
        try (Stream<Path> files = Stream.of("check/valid", "conformance").flatMap(BindRobustnessTest::files)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".mcr")).sorted().toList()) {
                List<String> tokens = new ArrayList<>();
                Matcher matcher = TOKEN.matcher(Files.readString(file).replaceAll("(?m)//.*$", "").replace("31", "3"));
                while (matcher.find()) {
                    tokens.add(matcher.group());
                }
                seeds.add(tokens);
                vocabulary.addAll(tokens);
            }
        }
        Random random = new Random(20261123);
        int bound = 0;
        for (int mutant = 0; mutant < MUTANTS; mutant++) {
            List<String> tokens = new ArrayList<>(seeds.get(random.nextInt(seeds.size())));
            for (int change = random.nextInt(3); change >= 0; change--) {
                tokens.set(random.nextInt(tokens.size()), vocabulary.get(random.nextInt(vocabulary.size())));
            }
            String text = String.join("", tokens);
            List<Integer> extents = random.nextInt(3) == 0 ? List.of(4, 6, 4) : List.of(12, 8);
            bound += assertDoesNotThrow(() -> assertTimeout(Duration.ofSeconds(20), () -> bind(text, extents)),
                    () -> "of this text:\n" + text) ? 1 : 0;
        }
        assertTrue(bound > MUTANTS / 100, "a fair share is right: " + bound);
    }

    private static Stream<Path> files(String folder) {
        try {
            return Files.walk(Path.of("src/test/resources/org/mcrc/compiler").resolve(folder));
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    /** Whether an error or a program came out, never both or neither. */
    private static boolean bind(String text, List<Integer> extents) {
        Diagnostics diagnostics = new Diagnostics();
        CheckResult checked = Checker.check(Parser.parse(SourceFile.of("mutant.mcr", text), diagnostics),
                UseLoader.none("there is no other file here"), diagnostics);
        if (!checked.valid()) {
            return false;
        }
        boolean present = Binder.bind(checked, new Binding(extents, 2, Map.of(), DataLoader.none("there are no files")),
                diagnostics).isPresent();
        assertEquals(!diagnostics.hasErrors(), present, () -> text + DiagnosticRenderer.render(diagnostics.all()));
        return present;
    }

    @Test
    void functionsThatCallEachOtherManyTimesAreRefused() {
        StringBuilder text = new StringBuilder("descriptor chain\nfield M in [0, 1]\n");
        for (int n = 0; n < 60; n++) {
            text.append("function f").append(n).append("(z) = ")
                    .append(n == 0 ? "z^2" : "f" + (n - 1) + "(f" + (n - 1) + "(z))").append('\n');
        }
        text.append("output S = mean[x](f59(M[x]))\n");
        assertTimeout(Duration.ofSeconds(30), () -> assertTrue(Bound.errors(text.toString(), 8, 8)
                .contains("operations"), () -> Bound.errors(text.toString(), 8, 8)));
    }

    /** Each function calls the one before it twice, of other numbers: 2^17 different operations, more than is compiled. */
    @Test
    void formulasThatGrowLongAreRefused() {
        StringBuilder text = new StringBuilder("descriptor chain\nfield M in [0, 1]\nfunction f0(z) = z^2\n");
        for (int n = 1; n <= 17; n++) {
            text.append("function f%d(z) = f%d(z + %d) + f%d(z * %d)\n".formatted(n, n - 1, n, n - 1, n + 1));
        }
        text.append("output S = mean[x](f17(M[x]))\n");
        String errors = assertTimeout(Duration.ofSeconds(30), () -> Bound.errors(text.toString(), 8, 8));
        assertTrue(errors.contains("more than 50000 operations once functions are put in"), errors);
        assertTrue(errors.contains("output S"), errors);
    }

    @Test
    void filesThatIncludeEachOtherManyTimesAreRefused() {
        int depth = 40;
        UseLoader loader = (file, diagnostics) -> {
            int number = Integer.parseInt(file.text());
            String inner = number == depth
                    ? "output phi = mean[x](M[x])\n"
                    : "use a from \"" + (number + 1) + "\"\nuse b from \"" + (number + 1) + "\"\n";
            return new UseLoader.Found(Parser.parse(
                    SourceFile.of(file.text(), "descriptor d" + number + "\nfield M\n" + inner), diagnostics));
        };
        Diagnostics diagnostics = new Diagnostics();
        CheckResult checked = Checker.check(Parser.parse(SourceFile.of("outer.mcr",
                "descriptor outer\nfield M\nuse a from \"0\"\n"), diagnostics), loader, diagnostics);
        assertTimeout(Duration.ofSeconds(20), () -> Binder.bind(checked, Bound.binding(8, 8), diagnostics));
        assertTrue(DiagnosticRenderer.render(diagnostics.all()).contains("more than 1000 files are used"));
    }
}
