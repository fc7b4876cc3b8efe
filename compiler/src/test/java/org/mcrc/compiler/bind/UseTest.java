package org.mcrc.compiler.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.check.CheckResult;
import org.mcrc.compiler.check.Checker;
import org.mcrc.compiler.check.UseLoader;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.Parser;

/** Files that use others. */
class UseTest {
    private static final Map<String, String> FILES = Map.of(
            "correlation.mcr", """
                    descriptor correlation
                    param P = 1
                    param beta = 2
                    field M in [0, 1]
                    multigrid coarsest 4 weight level
                    vectors R = {r in halfwindow(P) | r.1 == 0}
                    function f(z) = c * z solve c = 1 where f(1) = beta
                    output S[r: R] = mean[x](f(M[x]) * M[x + r]) weight 3
                    report phi = mean[x](M[x])
                    penalty dark = mean[x]((1 - M[x])^2) weight E
                    loss l1
                    """,
            "outer.mcr", """
                    descriptor outer
                    field M in [0, 1]
                    use inner from "correlation.mcr" with P = 2
                    """);

    private static Optional<BindResult> bind(String text, Diagnostics diagnostics, Map<String, Double> params) {
        UseLoader loader = (file, found) -> new UseLoader.Found(
                Parser.parse(SourceFile.of(file.text(), FILES.get(file.text())), found));
        CheckResult checked = Checker.check(Parser.parse(SourceFile.of("main.mcr", text), diagnostics), loader,
                diagnostics);
        return checked.valid() ? Binder.bind(checked, new Binding(List.of(8, 8), 2, params,
                DataLoader.none("none")), diagnostics) : Optional.empty();
    }

    private static final String MAIN = """
            descriptor main
            param alpha = 3
            field M in [0, 1]
            use near from "correlation.mcr" with beta = 2 * alpha weight 5
            use deep from "outer.mcr"
            output phi = mean[x](M[x])
            loss sse
            """;

    @Test
    void whatIsUsedKeepsItsLevelsPenaltiesAndParamsUnderItsName() {
        BindResult result = bind(MAIN, new Diagnostics(), Map.of()).orElseThrow();
        IndexProgram program = result.program();
        assertEquals(List.of("phi@1", "near.S@1", "near.S@2", "deep.inner.S@1", "deep.inner.S@2"),
                program.outputs().stream().map(IndexProgram.Output::entry).toList());
        assertEquals(List.of("near.phi@1", "near.phi@2", "deep.inner.phi@1", "deep.inner.phi@2"),
                program.reports().stream().map(IndexProgram.Output::entry).toList());
        assertEquals(List.of("near.dark", "deep.inner.dark"),
                program.penalties().stream().map(IndexProgram.Penalty::name).toList());
        assertEquals(new TreeMap<>(Map.of("alpha", 3.0, "near.beta", 6.0, "near.f.c", 6.0, "deep.inner.beta", 2.0,
                "deep.inner.f.c", 2.0)), new TreeMap<>(program.arguments()));
        assertEquals(List.of(2, 2, 3, 3), program.targets().stream().skip(1).map(target -> target.axes().getFirst().size())
                .toList());
    }

    /** In a constant field of 1/2, S = c/4 everywhere; E is the sum of (5 * 3 * level * 1.5)^2 and (3 * level / 2)^2. */
    @Test
    void weightsMultiplyAndThePenaltiesSeeTheWholeError() {
        IndexProgram program = bind(MAIN, new Diagnostics(), Map.of()).orElseThrow().program();
        double[] half = new double[64];
        java.util.Arrays.fill(half, 0.5);
        Map<String, double[]> targets = new java.util.HashMap<>();
        program.targets().forEach(target -> targets.put(target.name(), new double[(int) target.size()]));
        Map<String, double[]> values = new Evaluator(program).evaluate(Map.of("M", half), targets);
        double error = 0.25 + 2 * (15 * 1.5) * (15 * 1.5) * (1 + 4) + 3 * (1.5 * 1.5) * (1 + 4);
        assertEquals(error, values.get("E")[0], 1e-9);
        assertEquals(error + 2 * error * 0.25, values.get("L")[0], 1e-9);
    }

    @Test
    void paramsOfAUsedFileAreSetByTheirFullName() {
        assertEquals(2.5, bind(MAIN, new Diagnostics(), Map.of("deep.inner.beta", 2.5)).orElseThrow().program()
                .arguments().get("deep.inner.f.c"), 1e-12);
        Diagnostics diagnostics = new Diagnostics();
        bind(MAIN, diagnostics, Map.of("alhpa", 2.0));
        assertEquals("""
                main.mcr:1:12: error: the descriptor has no param 'alhpa'
                    1 | descriptor main
                      |            ^~~~
                      did you mean 'alpha'?
                """, DiagnosticRenderer.render(diagnostics.all()));
    }
}
