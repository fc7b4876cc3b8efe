package org.mcrc.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.compiler.bind.Binder;
import org.mcrc.compiler.bind.Binding;
import org.mcrc.compiler.bind.DataLoader;
import org.mcrc.compiler.check.CheckResult;
import org.mcrc.compiler.check.Checker;
import org.mcrc.compiler.check.UseLoader;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.Parser;

/** A descriptor's text bound to extents, and what tests ask of it. */
public record BoundDescriptor(IndexProgram program) {
    /** The descriptor bound for two phases. */
    public static BoundDescriptor of(String text, List<Integer> extents) {
        Diagnostics diagnostics = new Diagnostics();
        CheckResult checked = Checker.check(Parser.parse(SourceFile.of("test.mcr", text), diagnostics),
                UseLoader.none("there are no files"), diagnostics);
        assertTrue(checked.valid(), () -> DiagnosticRenderer.render(diagnostics.all()));
        BindResult bound = Binder.bind(checked, new Binding(extents, 2, Map.of(), DataLoader.none("there are no files")),
                diagnostics).orElseThrow(() -> new AssertionError(DiagnosticRenderer.render(diagnostics.all())));
        return new BoundDescriptor(bound.program());
    }

    /** Random values of the fields. */
    public Map<String, double[]> fields(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, double[]> values = new LinkedHashMap<>();
        program.fields().forEach(field ->
                values.put(field.name(), random.doubles((int) field.tensor().size(), 0.05, 0.95).toArray()));
        return values;
    }

    /** Targets that are the same number everywhere. */
    public Map<String, double[]> targets(double value) {
        Map<String, double[]> targets = new HashMap<>();
        for (Tensor target : program.targets()) {
            double[] values = new double[(int) target.size()];
            Arrays.fill(values, value);
            targets.put(target.name(), values);
        }
        return targets;
    }

    /** The values of an output in a program that was made of this one. */
    public double[] values(IndexProgram from, String entry, Map<String, double[]> fields) {
        String name = from.outputs().stream().filter(output -> output.entry().equals(entry)).findFirst().orElseThrow()
                .value().name();
        return new Evaluator(from).evaluate(fields, Map.of(), Set.of(name)).get(name);
    }

    /** The gradient of the loss with respect to a field, for targets that are the same number everywhere. */
    public double[] gradient(String field, Map<String, double[]> fields, double target) {
        IndexProgram differentiated = Pipeline.differentiate(program);
        String name = differentiated.gradients().get(field).name();
        return new Evaluator(differentiated).evaluate(fields, targets(target), Set.of(name)).get(name);
    }
}
