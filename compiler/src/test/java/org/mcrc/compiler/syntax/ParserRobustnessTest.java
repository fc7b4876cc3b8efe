package org.mcrc.compiler.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;

/** Whatever bytes a file holds, they are parsed or refused with a diagnostic. */
class ParserRobustnessTest {

    private static final Path RESOURCES = Path.of("src/test/resources/org/mcrc/compiler/syntax");
    private static final int MANY = 60_000;

    static Stream<String> deepExpressions() {
        return Stream.of(
                "let a = " + "(".repeat(MANY) + "1" + ")".repeat(MANY),
                "let a = " + "(".repeat(MANY),
                "let a = " + "-".repeat(MANY) + "1",
                "let a = " + "not ".repeat(MANY) + "b",
                "let a = " + "1 + ".repeat(MANY) + "1",
                "let a = " + "2^".repeat(MANY) + "1",
                "let a = " + "if b then 1 else ".repeat(MANY) + "1",
                "let a = " + "if ".repeat(MANY) + "1",
                "let a = " + "f(".repeat(MANY) + "1" + ")".repeat(MANY),
                "let a = " + "sum[x](".repeat(MANY) + "1" + ")".repeat(MANY),
                "vectors a = " + "B + ".repeat(MANY) + "B",
                "vectors a = " + "{(1, 1) for x in ".repeat(MANY) + "B" + "}".repeat(MANY),
                "let a[" + "k: {b in ".repeat(MANY));
    }

    @ParameterizedTest
    @MethodSource("deepExpressions")
    void refusesExpressionsThatAreNestedTooDeeply(String declaration) throws InterruptedException {
        Diagnostics diagnostics = new Diagnostics();
        onUsualStack(() -> Parser.parse(SourceFile.of("deep", "descriptor d\n" + declaration), diagnostics));
        assertEquals(List.of(SyntaxErrors.NESTED_TOO_DEEPLY), kinds(diagnostics));
    }

    @Test
    void parsesExpressionsAsDeepAsAllowed() throws InterruptedException {
        int deep = DeclarationParser.DEEPEST - 1;
        String text = "descriptor d"
                + "\nlet a = " + "(".repeat(deep) + "1" + ")".repeat(deep)
                + "\nlet b = " + "1 + ".repeat(deep - 1) + "1"
                + "\nlet c = " + "-".repeat(deep - 1) + "1"
                + "\nlet e = " + "max(1, ".repeat(deep - 1) + "1" + ")".repeat(deep - 1);
        Diagnostics diagnostics = new Diagnostics();
        onUsualStack(() -> Formatter.format(Parser.parse(SourceFile.of("deep", text), diagnostics).file()));
        assertEquals(List.of(), kinds(diagnostics));
    }

    /** Runs {@code task} on a stack of the size that Java gives by itself, and fails if it throws. */
    private static void onUsualStack(Runnable task) throws InterruptedException {
        List<Throwable> thrown = new ArrayList<>();
        Thread thread = new Thread(null, task, "usual stack", 1024 * 1024);
        thread.setUncaughtExceptionHandler((_, throwable) -> thrown.add(throwable));
        thread.start();
        thread.join();
        assertEquals(List.of(), thrown);
    }

    @Test
    void stopsReportingAtALimit() {
        Diagnostics diagnostics = new Diagnostics();
        Parser.parse(SourceFile.of("garbage", "descriptor d\noutput S = )\n" + "@ ".repeat(100_000)), diagnostics);
        assertEquals(SyntaxReporter.LIMIT, diagnostics.all().size());
        assertEquals(SyntaxErrors.TOO_MANY_ERRORS, kinds(diagnostics).getLast());
    }

    @ParameterizedTest
    @ValueSource(strings = {"@ @", "# A heading\n\nText, and a descriptor d.\n", "output S = ) "})
    void saysOneThingOnlyOfWhatIsNoDescriptorAtAll(String text) {
        Diagnostics diagnostics = new Diagnostics();
        Parser.parse(SourceFile.of("garbage", text.repeat(100)), diagnostics);
        assertEquals(List.of(SyntaxErrors.NO_DESCRIPTOR), kinds(diagnostics));
    }

    @Test
    void refusesWhatIsNoText() {
        assertEquals(List.of(SyntaxErrors.NOT_TEXT), kindsOfBytes(new byte[] {'d', 'e', (byte) 0xff, 's'}));
        assertEquals(List.of(SyntaxErrors.NOT_TEXT), kindsOfBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10}));
        assertEquals(List.of(SyntaxErrors.NOT_TEXT), kindsOfBytes("descriptor d".getBytes(StandardCharsets.UTF_16)));
        assertEquals(List.of(SyntaxErrors.NOT_TEXT), kindsOfBytes("descriptor \0 d".getBytes(StandardCharsets.UTF_8)));
        assertEquals(List.of(SyntaxErrors.NOT_TEXT), kindsOfBytes(new byte[10]));
        assertEquals(List.of(SyntaxErrors.FILE_TOO_LARGE), kindsOfBytes(new byte[SourceReader.LARGEST + 1]));
        assertEquals(List.of(SyntaxErrors.EMPTY_FILE), kindsOfBytes(new byte[0]));
        assertEquals(List.of(SyntaxErrors.EMPTY_FILE), kindsOfBytes("\uFEFF\n// x\n".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void refusesLoneSurrogates() {
        Diagnostics diagnostics = new Diagnostics();
        Parser.parse(SourceFile.of("test", "descriptor d \uD800"), diagnostics);
        assertEquals(List.of(SyntaxErrors.NOT_TEXT), kinds(diagnostics));
    }

    @Test
    void saysWhyAFileCannotBeRead(@TempDir Path folder) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        Path missing = folder.resolve("missing.mcr");
        assertEquals(Optional.empty(), SourceReader.read(missing, diagnostics));
        assertEquals(Optional.empty(), SourceReader.read(folder, diagnostics));
        assertEquals(
                missing + ": error: there is no such file\n"
                        + folder + ": error: this is a folder; a descriptor is a file\n",
                DiagnosticRenderer.render(diagnostics.all()));
        Path present = Files.writeString(folder.resolve("present.mcr"), "descriptor d");
        assertEquals("descriptor d", SourceReader.read(present, diagnostics).orElseThrow().text());
    }

    @Test
    void readsAFileWithAByteOrderMark() {
        assertEquals(List.of(), kindsOfBytes("\uFEFFdescriptor d\r\nfield M\r".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void survivesMutatedFiles() throws IOException {
        List<byte[]> originals = new ArrayList<>();
        for (String folder : List.of("valid", "errors")) {
            try (Stream<Path> files = Files.list(RESOURCES.resolve(folder))) {
                for (Path file : files.filter(each -> each.toString().endsWith(".mcr")).sorted().toList()) {
                    originals.add(Files.readAllBytes(file));
                }
            }
        }
        for (int seed = 0; seed < 2500; seed++) {
            Random random = new Random(seed);
            byte[] original = originals.get(random.nextInt(originals.size()));
            byte[] mutated = seed % 2 == 0 ? mutateBytes(original, random) : mutateWords(original, random);
            try {
                checkSurvival(mutated);
            } catch (RuntimeException | StackOverflowError exception) {
                throw new AssertionError(
                        "seed " + seed + ":\n" + new String(mutated, StandardCharsets.UTF_8), exception);
            }
        }
    }

    private static void checkSurvival(byte[] bytes) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<SourceFile> source = SourceReader.decode(Path.of("mutated.mcr"), bytes, diagnostics);
        Optional<ParseResult> result = source.map(file -> Parser.parse(file, diagnostics));
        DiagnosticRenderer.render(diagnostics.all());
        if (!diagnostics.hasErrors()) {
            String formatted = Formatter.format(result.orElseThrow().file());
            Diagnostics again = new Diagnostics();
            ParseResult parsed = Parser.parse(SourceFile.of("formatted.mcr", formatted), again);
            assertEquals("", DiagnosticRenderer.render(again.all()));
            assertEquals(SpanlessText.of(result.get().file()), SpanlessText.of(parsed.file()));
        }
    }

    private static byte[] mutateBytes(byte[] original, Random random) {
        byte[] mutated = original.clone();
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            int position = random.nextInt(mutated.length);
            mutated[position] = random.nextInt(8) == 0
                    ? (byte) random.nextInt(256)
                    : (byte) "()[]{}|,.:=+-*/^<>'\"0aE \n".charAt(random.nextInt(25));
        }
        return mutated;
    }

    private static byte[] mutateWords(byte[] original, Random random) {
        List<String> words = new ArrayList<>(
                List.of(new String(original, StandardCharsets.UTF_8).split("(?<=\\W)|(?=\\W)")));
        for (int count = 1 + random.nextInt(3); count > 0 && !words.isEmpty(); count--) {
            int position = random.nextInt(words.size());
            switch (random.nextInt(3)) {
                case 0 -> words.remove(position);
                case 1 -> words.add(position, words.get(random.nextInt(words.size())));
                default -> words.set(position, words.get(random.nextInt(words.size())));
            }
        }
        return String.join("", words).getBytes(StandardCharsets.UTF_8);
    }

    private static List<DiagnosticKind> kindsOfBytes(byte[] bytes) {
        Diagnostics diagnostics = new Diagnostics();
        SourceReader.decode(Path.of("bytes.mcr"), bytes, diagnostics)
                .ifPresent(source -> Parser.parse(source, diagnostics));
        assertTrue(!DiagnosticRenderer.render(diagnostics.all()).contains("\0"));
        return kinds(diagnostics);
    }

    private static List<DiagnosticKind> kinds(Diagnostics diagnostics) {
        return diagnostics.all().stream().map(each -> each.kind()).toList();
    }
}
