package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcrc.compiler.index.Tensor;

/** The parameters of one kernel, as they turn out to be needed, and what a launch gives for them. */
final class KernelParameters {
    /**
     * A parameter.
     *
     * @param type in front of its name; of an array that of its elements
     */
    private record Parameter(String name, String type, LaunchPlan.Argument argument) {}

    private final ProgramText program;
    private final Names names;
    private final Map<Object, Parameter> parameters = new LinkedHashMap<>();
    private final Set<Tensor> written = new LinkedHashSet<>();

    /** @param names those of the kernel */
    KernelParameters(ProgramText program, Names names) {
        this.program = program;
        this.names = names;
    }

    private String parameter(Object key, String suggestion, String type, LaunchPlan.Argument argument) {
        return parameters.computeIfAbsent(key, _ -> new Parameter(names.fresh(suggestion), type, argument)).name();
    }

    /** The pointer to a tensor's array, to be read. */
    String array(Tensor tensor) {
        return parameter(tensor, tensor.name(), program.elementType(tensor),
                LaunchPlan.Argument.of(LaunchPlan.Kind.ARRAY, tensor.name()));
    }

    /** The pointer to a tensor's array, to be written. */
    String writtenArray(Tensor tensor) {
        written.add(tensor);
        return array(tensor);
    }

    /**
     * The pointer to a workspace.
     *
     * @param suggestion for its name in the kernel
     * @param type of its elements, with {@code const} where they are only read
     */
    String workspace(String name, String suggestion, String type) {
        // What is only read is written by no other pointer: each workspace has one in a kernel.
        return parameter(List.of("workspace", name), suggestion, type + (type.startsWith("const ") ? " *__restrict__ " : " *"),
                LaunchPlan.Argument.of(LaunchPlan.Kind.WORKSPACE, name));
    }

    /** The pointer to constant integers. */
    String integers(String name, int[] values) {
        program.addTable(name, values);
        return parameter(List.of("table", name), name, "const int *__restrict__ ", LaunchPlan.Argument.of(
                LaunchPlan.Kind.TABLE, name));
    }

    /** The same where only the values tell one table from another: what has the same values is one. */
    String table(String suggestion, int[] values) {
        return integers(program.tableName(suggestion, values), values);
    }

    /** The pointer to constant real numbers in double precision. */
    String numbers(String name, double[] values) {
        program.addNumbers(name, values);
        return parameter(List.of("numbers", name), name, "const double *__restrict__ ", LaunchPlan.Argument.of(
                LaunchPlan.Kind.NUMBERS, name));
    }

    /** An argument of the program, in double precision. */
    String argument(String name) {
        return parameter(List.of("parameter", name), name, "const double ", LaunchPlan.Argument.of(
                LaunchPlan.Kind.PARAMETER, name));
    }

    /**
     * An integer that each launch gives.
     *
     * @param suggestion for its name, and what {@link #arguments(Map)} knows it by
     * @param value where a launch gives none
     */
    String integer(String suggestion, int value) {
        return parameter(List.of("integer", suggestion), suggestion, "const int ", LaunchPlan.Argument.integer(value));
    }

    /** How many products of halves stand for one: 1 or 3, as each launch says. */
    String products() {
        return parameter("products", "products", "const int ", LaunchPlan.Argument.of(LaunchPlan.Kind.PRODUCTS, ""));
    }

    /** How many blocks share the work of a launch that has as many as the device runs at a time. */
    String blocks() {
        return parameter("blocks", "blocks", "const int ", LaunchPlan.Argument.of(LaunchPlan.Kind.BLOCKS, ""));
    }

    /** The arguments of a launch in the order of the parameters. */
    List<LaunchPlan.Argument> arguments() {
        return arguments(Map.of());
    }

    /** The same with other integers, by the suggestions of their parameters' names. */
    List<LaunchPlan.Argument> arguments(Map<String, Integer> integers) {
        List<LaunchPlan.Argument> all = new ArrayList<>();
        parameters.forEach((key, parameter) -> all.add(key instanceof List<?> list && list.getFirst().equals("integer")
                && integers.containsKey((String) list.getLast())
                ? LaunchPlan.Argument.integer(integers.get((String) list.getLast())) : parameter.argument()));
        return all;
    }

    /** Their declarations: arrays that nothing writes are constant. */
    String declarations() {
        return parameters.entrySet().stream().map(each -> declaration(each.getKey(), each.getValue()))
                .collect(Collectors.joining(",\n        "));
    }

    private String declaration(Object key, Parameter parameter) {
        if (key instanceof Tensor tensor) {
            return (written.contains(tensor) ? "" : "const ") + parameter.type() + " *__restrict__ " + parameter.name();
        }
        return parameter.type() + parameter.name();
    }
}
