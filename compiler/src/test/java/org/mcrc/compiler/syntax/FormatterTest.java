package org.mcrc.compiler.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Expression.Binary;
import org.mcrc.compiler.syntax.Expression.BinaryOperator;
import org.mcrc.compiler.syntax.Expression.Call;
import org.mcrc.compiler.syntax.Expression.ComponentSelect;
import org.mcrc.compiler.syntax.Expression.Conditional;
import org.mcrc.compiler.syntax.Expression.NameReference;
import org.mcrc.compiler.syntax.Expression.NumberLiteral;
import org.mcrc.compiler.syntax.Expression.Unary;
import org.mcrc.compiler.syntax.Expression.UnaryOperator;
import org.mcrc.compiler.syntax.Expression.VectorLiteral;

/** What the formatter prints is parsed as what was printed. */
class FormatterTest {

    private static final Path FOLDER = Path.of("src/test/resources/org/mcrc/compiler/syntax/valid");

    static Stream<Path> validFiles() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("validFiles")
    void parsesBackToTheSameTree(Path file) throws IOException {
        DescriptorFile tree = parse(Files.readString(file));
        String formatted = Formatter.format(tree);
        DescriptorFile again = parse(formatted);
        assertEquals(SpanlessText.of(tree), SpanlessText.of(again));
        assertEquals(formatted, Formatter.format(again));
    }

    @Test
    void parsesBackToTheSameTreeForRandomExpressions() {
        Random random = new Random(20260101);
        for (int trial = 0; trial < 3000; trial++) {
            Expression expression = random(random, 5);
            String text = "descriptor d let a = " + Formatter.format(expression);
            Declaration.LetDeclaration let =
                    (Declaration.LetDeclaration) parse(text).declarations().getFirst();
            assertEquals(SpanlessText.of(expression), SpanlessText.of(let.body()), text);
        }
    }

    @Test
    void printsCanonicalSource() {
        DescriptorFile tree = parse("""
                ///  Indented.
                ///
                /// Last.
                descriptor d param P=31 in[1,127]param Q = 0.50
                vectors R = ({r in (window( P )+A) - B&C | r.1>0})
                /// The field.
                field M boundary periodic rank 3 in [0, 1e0]
                multigrid coarsest 2*(P+1) weight(2^(level-1)) factor 3
                slices 3, 2, 1
                function f(z) = (z) solve c = 1e-30 where f(0) = (1) derivative -(1.0 - 2)
                """);
        assertEquals(
                """
                ///  Indented.
                ///
                /// Last.
                descriptor d

                param P = 31 in [1, 127]
                param Q = 0.5

                vectors R = {r in window(P) + A - B & C | r.1 > 0}

                /// The field.
                field M in [0, 1.0] rank 3

                multigrid coarsest 2 * (P + 1) factor 3 weight 2^(level - 1)

                slices all

                function f(z) = z
                  solve c = 1e-30
                  where f(0) = 1
                  derivative -(1.0 - 2)
                """,
                Formatter.format(tree));
    }

    private static DescriptorFile parse(String text) {
        Diagnostics diagnostics = new Diagnostics();
        ParseResult result = Parser.parse(SourceFile.of("test.mcr", text), diagnostics);
        assertEquals("", DiagnosticRenderer.render(diagnostics.all()));
        return result.file();
    }

    private static Expression random(Random random, int depth) {
        Span span = Span.start(SourceFile.of("", ""));
        if (depth == 0 || random.nextInt(6) == 0) {
            return switch (random.nextInt(4)) {
                case 0 -> new NumberLiteral(random.nextInt(100), true, span);
                case 1 -> new NumberLiteral(Math.exp(random.nextGaussian() * 20), false, span);
                case 2 -> new NameReference("weight", span);
                default -> new NameReference("x", span);
            };
        }
        return switch (random.nextInt(7)) {
            case 0 -> new Unary(
                    UnaryOperator.values()[random.nextInt(2)], random(random, depth - 1), span);
            case 1 -> new Conditional(
                    random(random, depth - 1), random(random, depth - 1), random(random, depth - 1), span);
            case 2 -> new ComponentSelect(random(random, depth - 1), 1 + random.nextInt(3), span);
            case 3 -> new Call(new Name("f", span), random.nextInt(3), List.of(random(random, depth - 1)), span);
            case 4 -> new VectorLiteral(List.of(random(random, depth - 1), random(random, depth - 1)), span);
            default -> binary(random, depth, span);
        };
    }

    private static Expression binary(Random random, int depth, Span span) {
        BinaryOperator operator = BinaryOperator.values()[random.nextInt(BinaryOperator.values().length)];
        List<Expression> operands = new ArrayList<>();
        while (operands.size() < 2) {
            operands.add(random(random, depth - 1));
        }
        return new Binary(operator, operands.get(0), operands.get(1), span);
    }
}
