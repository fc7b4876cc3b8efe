package org.mcrc.compiler.bind;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.source.SourceFile;

/** Right descriptors that use every part of the language are bound, and what they give are numbers. */
class BindValidTest {
    private static final Path FOLDER = Path.of("src/test/resources/org/mcrc/compiler/check/valid");

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".mcr") && !file.endsWith("included.mcr")).sorted()
                    .toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyPartOfTheLanguageBindsToNumbers(Path file) throws IOException {
        String name = file.getFileName().toString();
        boolean volume = name.contains("3d") || name.contains("slices");
        // Smaller sets, and a guard that leaves a term for every vector.
        SourceFile source = SourceFile.of(file, Files.readString(file).replaceAll("P( +)= 31", "P$1= 3")
                .replace("r.1 > 0 or r == 0", "r.1 >= 0 or r == 0"));
        Diagnostics diagnostics = new Diagnostics();
        BindResult result = Bound.bind(source, new Binding(volume ? List.of(4, 6, 8) : List.of(24, 16), 2, Map.of(),
                BindValidTest::load), diagnostics).orElseThrow(() ->
                        new AssertionError(DiagnosticRenderer.render(diagnostics.all())));
        IndexProgram program = result.program();
        Random random = new Random(1);
        Map<String, double[]> fields = new HashMap<>();
        program.fields().forEach(field -> fields.put(field.name(),
                random.doubles(field.tensor().size()).toArray()));
        Map<String, double[]> targets = new HashMap<>();
        program.targets().forEach(target -> targets.put(target.name(), random.doubles(target.size()).toArray()));
        Map<String, double[]> values = new Evaluator(program).evaluate(fields, targets);
        double loss = values.get(program.loss().name())[0];
        assertTrue(Double.isFinite(loss) && loss > 0, () -> "L = " + loss + " of " + program);
    }

    private static DataLoader.Loaded load(org.mcrc.compiler.syntax.FileName file, long limit) {
        List<Integer> shape = switch (file.text()) {
            case "w.npy" -> List.of(4, 9);
            case "shift.npy" -> List.of();
            default -> throw new IllegalArgumentException(file.text());
        };
        return new DataLoader.Found(shape, new Random(2).doubles(shape.stream().reduce(1, Math::multiplyExact)).toArray());
    }
}
