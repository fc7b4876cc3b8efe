package org.mcrc.runtime.engine;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.field.Memory;

/**
 * Runs a program by evaluating its Index IR element by element in double precision: slow, and the truth that other
 * engines are tested against.
 */
public final class EvaluatorEngine implements Engine {
    private final IndexProgram program;
    private final Evaluator evaluator;
    private final Signature signature;
    private final Map<String, double[]> targets = new HashMap<>();
    private Map<String, double[]> values = Map.of();
    private Map<String, double[]> last = Map.of();

    /** @param program with its gradients, if these are to be evaluated */
    public EvaluatorEngine(IndexProgram program) {
        this.program = program;
        this.evaluator = new Evaluator(program, Memory.available());
        this.signature = ProgramSignature.of(program);
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public void characterize(Map<String, double[]> fields) {
        last = copy(fields);
        values = evaluate(fields, outputs());
    }

    private static Map<String, double[]> copy(Map<String, double[]> fields) {
        Map<String, double[]> copies = new LinkedHashMap<>();
        fields.forEach((name, field) -> copies.put(name, field.clone()));
        return copies;
    }

    @Override
    public Losses losses() {
        return evaluate(last);
    }

    @Override
    public double[] values(String entry) {
        for (Collection<IndexProgram.Output> shown : List.of(program.outputs(), program.reports())) {
            for (IndexProgram.Output output : shown) {
                if (output.entry().equals(entry)) {
                    double[] found = values.get(output.value().name());
                    if (found == null) {
                        throw new IllegalStateException(entry + " has not been evaluated");
                    }
                    return found.clone();
                }
            }
        }
        throw new IllegalArgumentException("no output or report " + entry);
    }

    @Override
    public void setTarget(String entry, double[] target) {
        Tensor tensor = program.targets().stream().filter(each -> each.name().equals(entry + "*")).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no target " + entry));
        if (target.length != tensor.size()) {
            throw new IllegalArgumentException(entry + " has " + tensor.size() + " elements, not " + target.length);
        }
        targets.put(tensor.name(), target.clone());
    }

    @Override
    public Losses evaluate(Map<String, double[]> fields) {
        return evaluate(fields, Map.of());
    }

    @Override
    public Losses evaluate(Map<String, double[]> fields, Map<String, double[]> gradients) {
        last = copy(fields);
        Set<String> wanted = outputs();
        wanted.add(program.loss().name());
        wanted.add(program.error().name());
        program.penalties().forEach(penalty -> wanted.add(penalty.value().name()));
        gradients.keySet().forEach(field -> wanted.add(gradient(field).name()));
        values = evaluate(fields, wanted);
        gradients.forEach((field, gradient) -> {
            double[] computed = values.get(gradient(field).name());
            System.arraycopy(computed, 0, gradient, 0, computed.length);
        });
        Map<String, Double> penalties = new LinkedHashMap<>();
        program.penalties().forEach(penalty -> penalties.put(penalty.name(), values.get(penalty.value().name())[0]));
        return new Losses(values.get(program.loss().name())[0], values.get(program.error().name())[0], penalties);
    }

    private Tensor gradient(String field) {
        Tensor gradient = program.gradients().get(field);
        if (gradient == null) {
            throw new IllegalArgumentException("no gradient for " + field);
        }
        return gradient;
    }

    private Set<String> outputs() {
        Set<String> names = new HashSet<>();
        program.outputs().forEach(output -> names.add(output.value().name()));
        program.reports().forEach(report -> names.add(report.value().name()));
        return names;
    }

    private Map<String, double[]> evaluate(Map<String, double[]> fields, Set<String> wanted) {
        evaluator.refusal(wanted).ifPresent(reason -> {
            throw new InputError(reason, "take the CPU engine (--backend cpu) or a smaller size");
        });
        return evaluator.evaluate(fields, targets, wanted);
    }

    @Override
    public void close() {
        values = Map.of();
    }
}
