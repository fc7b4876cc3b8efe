package org.mcrc.compiler.index;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A descriptor bound to extents, sets and phases: what is given, what is computed from it, and what of that is asked for.
 *
 * @param name the descriptor's name
 * @param documentation its doc comment
 * @param phases the number of phases for which it was bound
 * @param fields what evaluations are given, and differentiated for
 * @param data constant arrays
 * @param targets the desired values of the outputs
 * @param arguments numeric parameters and solved constants with the values they were bound to, in order
 * @param definitions in an order in which each reads only what comes before it
 * @param outputs the parts of the descriptor, with level (and slice axis) in their names
 * @param reports numbers to be shown
 * @param penalties the penalties' values, before their weights
 * @param error the tensor of the descriptor error E, a scalar
 * @param loss the tensor of the loss L, a scalar
 * @param gradients for each field the tensor of dL/dfield; empty before the adjoint is derived
 */
public record IndexProgram(String name, String documentation, int phases, List<Field> fields, List<Data> data,
        List<Tensor> targets, Map<String, Double> arguments, List<Definition> definitions, List<Output> outputs,
        List<Output> reports, List<Penalty> penalties, Tensor error, Tensor loss, Map<String, Tensor> gradients) {

    /**
     * A microstructure field: the tensor's axes are one grid, then the field's own indices.
     *
     * @param low the least valid value, or negative infinity
     * @param high the greatest valid value, or positive infinity
     * @param phases whether the field has an index over the phases
     */
    public record Field(Tensor tensor, double low, double high, boolean phases, String documentation) {
        public String name() {
            return tensor.name();
        }
    }

    /** A constant array in C order of its axes. */
    public record Data(Tensor tensor, double[] values) {}

    /**
     * A value to be shown or compared.
     *
     * @param entry its name in files: {@code S@2}, {@code S@2.3} for slices, {@code use.S@2}
     * @param value what is written to files: NaN outside the guard, the mean over slices
     * @param target what it is compared with; null for reports
     */
    public record Output(String entry, Tensor value, Tensor target, String documentation) {
        /** The name of the definition that is an output's part in the descriptor error. */
        public static String partOfError(String entry) {
            return "E." + entry;
        }
    }

    /** A term of the loss without a target. */
    public record Penalty(String name, Tensor value) {}

    public IndexProgram {
        fields = List.copyOf(fields);
        data = List.copyOf(data);
        targets = List.copyOf(targets);
        arguments = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
        definitions = List.copyOf(definitions);
        outputs = List.copyOf(outputs);
        reports = List.copyOf(reports);
        penalties = List.copyOf(penalties);
        gradients = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(gradients));
    }

    /** The same program with other definitions. */
    public IndexProgram withDefinitions(List<Definition> newDefinitions) {
        return new IndexProgram(name, documentation, phases, fields, data, targets, arguments, newDefinitions, outputs, reports,
                penalties, error, loss, gradients);
    }

    /** The same program with other outputs, what they are compared with, and the definitions that go with them. */
    public IndexProgram withOutputs(List<Tensor> newTargets, List<Definition> newDefinitions, List<Output> newOutputs) {
        return new IndexProgram(name, documentation, phases, fields, data, newTargets, arguments, newDefinitions, newOutputs, reports,
                penalties, error, loss, gradients);
    }

    /** The same program with definitions added at the end and the gradients that they give. */
    public IndexProgram withGradients(List<Definition> added, Map<String, Tensor> newGradients) {
        List<Definition> all = new ArrayList<>(definitions);
        all.addAll(added);
        return new IndexProgram(name, documentation, phases, fields, data, targets, arguments, all, outputs, reports, penalties,
                error, loss, newGradients);
    }

    /** The tensors that the world asks for: nothing that leads to one of them may be dropped. */
    public List<Tensor> roots() {
        List<Tensor> roots = new ArrayList<>();
        outputs.forEach(output -> roots.add(output.value()));
        reports.forEach(report -> roots.add(report.value()));
        penalties.forEach(penalty -> roots.add(penalty.value()));
        roots.add(error);
        roots.add(loss);
        roots.addAll(gradients.values());
        return roots.stream().distinct().toList();
    }

    /** The names of {@link #roots()}. */
    public Set<String> rootNames() {
        return roots().stream().map(Tensor::name).collect(Collectors.toSet());
    }

    /** The definitions by name. */
    public Map<String, Definition> definitionsByName() {
        Map<String, Definition> byName = new LinkedHashMap<>();
        definitions.forEach(definition -> byName.put(definition.name(), definition));
        return byName;
    }

    @Override
    public String toString() {
        return IndexPrinter.program(this);
    }
}
