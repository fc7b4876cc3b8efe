package org.mcrc.compiler.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.compiler.syntax.Declaration.FunctionDeclaration;
import org.mcrc.compiler.syntax.Declaration.LetDeclaration;
import org.mcrc.compiler.syntax.Declaration.MultigridDeclaration;
import org.mcrc.compiler.syntax.Declaration.OutputDeclaration;
import org.mcrc.compiler.syntax.Declaration.ParamDeclaration;
import org.mcrc.compiler.syntax.Declaration.PenaltyDeclaration;
import org.mcrc.compiler.syntax.Declaration.VectorsDeclaration;
import org.mcrc.compiler.syntax.Expression.Binary;
import org.mcrc.compiler.syntax.Expression.Call;
import org.mcrc.compiler.syntax.Expression.ComponentSelect;
import org.mcrc.compiler.syntax.Expression.Conditional;
import org.mcrc.compiler.syntax.Expression.Count;
import org.mcrc.compiler.syntax.Expression.NameReference;
import org.mcrc.compiler.syntax.Expression.NumberLiteral;
import org.mcrc.compiler.syntax.Expression.Reduction;
import org.mcrc.compiler.syntax.Expression.Subscript;
import org.mcrc.compiler.syntax.Expression.Unary;
import org.mcrc.compiler.syntax.Expression.VectorLiteral;
import org.mcrc.compiler.syntax.SetExpression.EnumeratedSet;
import org.mcrc.compiler.syntax.SetExpression.FilteredSet;
import org.mcrc.compiler.syntax.SetExpression.MappedSet;
import org.mcrc.compiler.syntax.SetExpression.PhasesSet;
import org.mcrc.compiler.syntax.SetExpression.RangeSet;
import org.mcrc.compiler.syntax.SetExpression.SetBinary;
import org.mcrc.compiler.syntax.SetExpression.SetCall;
import org.mcrc.compiler.syntax.SetExpression.SetReference;

class ParserTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        "-2^2; (-(2 ^ 2))",
        "2^-1; (2 ^ (-1))",
        "2^-1*3; ((2 ^ (-1)) * 3)",
        "2^3^2; (2 ^ (3 ^ 2))",
        "2^-3^2; (2 ^ (-(3 ^ 2)))",
        "(-2)^2; ((-2) ^ 2)",
        "-a * b; ((-a) * b)",
        "a * -b; (a * (-b))",
        "a - b - c; ((a - b) - c)",
        "a / b / c; ((a / b) / c)",
        "a / b * c; ((a / b) * c)",
        "a - b + c; ((a - b) + c)",
        "a + b * c^d; (a + (b * (c ^ d)))",
        "a div b mod c; ((a div b) mod c)",
        "a + b < c * d; ((a + b) < (c * d))",
        "not a == b; (not (a == b))",
        "not a and b; ((not a) and b)",
        "a or b and c; (a or (b and c))",
        "a and b or c and d; ((a and b) or (c and d))",
        "if a then b else c + d; (if a then b else (c + d))",
        "1 + if a then b else c + d; (1 + (if a then b else (c + d)))",
        "if a then b else if c then d else e; (if a then b else (if c then d else e))",
        "if a < b or c then d else e; (if ((a < b) or c) then d else e)",
        "-r.1; (-(r . 1))",
        "r.1^2; ((r . 1) ^ 2)",
        "(a - b).2; ((a - b) . 2)",
        "1 - r.1; (1 - (r . 1))",
        "lambda * E; (lambda * E)",
        "2*x + d; ((2 * x) + d)",
    })
    void bindsOperatorsAsTheReferenceSays(String text, String structure) {
        assertEquals(structure, structure(expression(text)));
    }

    @ParameterizedTest
    @CsvSource({"31, true", "0.75, false", "1e-3, false", "2E+2, false", "0, true", "007, true", "1.5e3, false"})
    void readsNumbers(String text, boolean integer) {
        NumberLiteral literal = assertInstanceOf(NumberLiteral.class, expression(text));
        assertEquals(Double.parseDouble(text), literal.value());
        assertEquals(integer, literal.integer());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "0..3; 0; 3", "1..r.1; 1; (r . 1)", "r.1..3; (r . 1); 3", "0.5..1.5; 0.5; 1.5", "0..n + 1; 0; (n + 1)",
        "-1 .. 1; (-1); 1",
    })
    void tellsRangesFromNumbersAndComponents(String text, String low, String high) {
        RangeSet range = assertInstanceOf(RangeSet.class, set(text));
        assertEquals(low, structure(range.low()));
        assertEquals(high, structure(range.high()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        "A + B - C; ((A + B) - C)",
        "A - (B + C); (A - (B + C))",
        "A + B & C; (A + (B & C))",
        "(A + B) & C; ((A + B) & C)",
        "(A); A",
        "phases; phases",
        "(0..3) + (5..6); (0..3 + 5..6)",
        "window(P, 2); window(P,2)",
        "{(0, 0), (1, 0)}; {(0,0),(1,0)}",
        "{(1, 0)}; {(1,0)}",
        "{a - b for a in A, b in B + C}; {(a - b) for a in A,b in (B + C)}",
        "{r in window(P) | norm(r) <= P}; {r in window(P) | (norm(r) <= P)}",
    })
    void readsSets(String text, String structure) {
        assertEquals(structure, structure(set(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "weight", "boundary", "rank", "from", "with", "coarsest", "factor", "solve", "where", "derivative", "for",
        "periodic", "open", "all", "l2", "größe", "λ", "Δx", "相", "𝔸1", "e", "x_1",
    })
    void takesWordsOfOnePlaceAndLettersOfAllScriptsAsNames(String name) {
        DescriptorFile file = parse("descriptor " + name + " param " + name + " = 1 let b[" + name + "] = "
                + name + " * " + name + "[" + name + "] output c = 1 weight " + name);
        assertEquals(name, file.name().text());
        ParamDeclaration param = assertInstanceOf(ParamDeclaration.class, file.declarations().getFirst());
        assertEquals(name, param.name().text());
        assertEquals(name, param.name().span().text());
        OutputDeclaration output = assertInstanceOf(OutputDeclaration.class, file.declarations().getLast());
        assertEquals(name, structure(output.weight().orElseThrow()));
    }

    @Test
    void readsTheFunctionOfTheReference() {
        FunctionDeclaration function = (FunctionDeclaration) declaration("""
                function f(z) = c1 / (1 + exp(-alpha * (z + c2))) + c3
                  solve c1 = 1, c2 = -0.7, c3 = 0
                  where f(0) = 0, f(1) = 1, f''(0.75) = 0
                """);
        assertEquals(List.of("z"), function.parameters().stream().map(Name::text).toList());
        assertEquals(
                "c1=1 c2=(-0.7) c3=0",
                function.unknowns().stream()
                        .map(unknown -> unknown.name() + "=" + structure(unknown.start()))
                        .collect(Collectors.joining(" ")));
        assertEquals(
                "f(0)=0 f(1)=1 f''(0.75)=0",
                function.equations().stream()
                        .map(equation -> structure(equation.left()) + "=" + structure(equation.right()))
                        .collect(Collectors.joining(" ")));
        assertEquals("((c1 / (1 + exp(((-alpha) * (z + c2))))) + c3)", structure(function.body()));
    }

    @Test
    void readsWeights() {
        PenaltyDeclaration penalty = (PenaltyDeclaration) declaration("penalty b = mean[x](M[x]) weight lambda * E");
        assertEquals("(lambda * E)", structure(penalty.weight()));
        MultigridDeclaration multigrid =
                (MultigridDeclaration) declaration("multigrid coarsest 2 * (P + 1) weight 2^(level - 1)");
        assertEquals("(2 * (P + 1))", structure(multigrid.coarsest()));
        assertTrue(multigrid.factor().isEmpty());
        assertEquals("(2 ^ (level - 1))", structure(multigrid.weight().orElseThrow()));
    }

    @Test
    void readsFieldPropertiesInAnyOrder() {
        FieldDeclaration field =
                (FieldDeclaration) declaration("field q[c: 0..3] boundary open rank 3 in [-1, 1]");
        assertEquals(Boundary.OPEN, field.boundary());
        assertEquals(3, field.rank().getAsInt());
        assertEquals("(-1)", structure(field.range().orElseThrow().low()));
        assertEquals("[-1, 1]", field.range().orElseThrow().span().text());
    }

    @Test
    void attachesDocumentationToTheDeclarationThatFollows() {
        DescriptorFile file = parse("""
                /// Of the descriptor,
                ///   in two lines.
                descriptor d // not this
                ///Of a.
                // Not this.
                ///
                /// Still of a.
                param a = 1 /* nor this */
                param b = 2
                """);
        assertEquals("Of the descriptor,\n  in two lines.", file.documentation());
        assertEquals("Of a.\n\nStill of a.", file.declarations().get(0).documentation());
        assertEquals("", file.declarations().get(1).documentation());
    }

    @Test
    void marksPlacesToTheCharacter() {
        DescriptorFile file = parse("descriptor d\r\n/* 𝔸 */ let 𝔸[x, r: A + B] = (𝔸[x] +  1) * r.1 // end\r\n");
        LetDeclaration let = (LetDeclaration) file.declarations().getFirst();
        assertEquals("let 𝔸[x, r: A + B] = (𝔸[x] +  1) * r.1", let.span().text());
        assertEquals(2, let.span().line());
        assertEquals(9, let.span().column());
        assertEquals("r: A + B", let.indices().get(1).span().text());
        Binary product = (Binary) let.body();
        assertEquals("(𝔸[x] +  1) * r.1", product.span().text());
        assertEquals("𝔸[x] +  1", product.left().span().text());
        assertEquals(31, product.left().span().column());
        assertEquals("r.1", product.right().span().text());
    }

    @Test
    void doesNotNeedLineBreaks() {
        DescriptorFile file = parse("descriptor d param a=1param b=2field M in[0,1]rank 2 slices 1,3 loss l1");
        assertEquals(5, file.declarations().size());
    }

    private static DescriptorFile parse(String text) {
        Diagnostics diagnostics = new Diagnostics();
        ParseResult result = Parser.parse(SourceFile.of("test.mcr", text), diagnostics);
        assertEquals("", DiagnosticRenderer.render(diagnostics.all()));
        return result.file();
    }

    private static Declaration declaration(String text) {
        return parse("descriptor d\n" + text).declarations().getFirst();
    }

    private static Expression expression(String text) {
        return ((LetDeclaration) declaration("let a = " + text)).body();
    }

    private static SetExpression set(String text) {
        return ((VectorsDeclaration) declaration("vectors R = " + text)).set();
    }

    /** The expression with parentheses around every operation. */
    private static String structure(Expression expression) {
        return switch (expression) {
            case NumberLiteral literal -> literal.span().text();
            case NameReference reference -> reference.name();
            case Call call -> call.function() + "'".repeat(call.primes()) + list(call.arguments());
            case Count count -> "count(" + structure(count.set()) + ")";
            case Subscript subscript -> subscript.array() + list(subscript.subscripts());
            case Unary unary -> "(" + unary.operator().symbol()
                    + (unary.operator() == Expression.UnaryOperator.NOT ? " " : "") + structure(unary.operand()) + ")";
            case Binary binary -> "(" + structure(binary.left()) + " " + binary.operator().symbol() + " "
                    + structure(binary.right()) + ")";
            case Conditional conditional -> "(if " + structure(conditional.condition()) + " then "
                    + structure(conditional.consequence()) + " else " + structure(conditional.alternative()) + ")";
            case Reduction reduction -> reduction.operator().word() + "(" + structure(reduction.body()) + ")";
            case VectorLiteral vector -> list(vector.components());
            case ComponentSelect select -> "(" + structure(select.vector()) + " . " + select.component() + ")";
        };
    }

    private static String list(List<Expression> expressions) {
        return expressions.stream().map(ParserTest::structure).collect(Collectors.joining(",", "(", ")"));
    }

    private static String structure(SetExpression set) {
        return switch (set) {
            case SetReference reference -> reference.name();
            case SetCall call -> call.constructor() + list(call.arguments());
            case RangeSet range -> structure(range.low()) + ".." + structure(range.high());
            case PhasesSet _ -> "phases";
            case EnumeratedSet enumerated -> enumerated.members().stream()
                    .map(ParserTest::structure)
                    .collect(Collectors.joining(",", "{", "}"));
            case FilteredSet filtered -> "{" + filtered.index() + " in " + structure(filtered.set()) + " | "
                    + structure(filtered.condition()) + "}";
            case MappedSet mapped -> "{" + structure(mapped.value()) + " for " + mapped.generators().stream()
                    .map(generator -> generator.name() + " in " + structure(generator.set().orElseThrow()))
                    .collect(Collectors.joining(",")) + "}";
            case SetBinary binary -> "(" + structure(binary.left()) + " " + binary.operator().symbol() + " "
                    + structure(binary.right()) + ")";
        };
    }
}
