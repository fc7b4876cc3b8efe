package org.mcrc.compiler.backend.java;

import com.palantir.javapoet.ClassName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Storage;

/** What the methods of one generated class share: its fields and what it imports. */
final class ClassContext {
    /** Names that generated methods use whatever the program's are: no field may be called so. */
    private static final List<String> RESERVED = List.of("SPECIES", "LANES", "workers", "contraction", "memory", "task",
            "plane", "element", "partial", "chunk", "chunks", "pixelVectors", "firstRow", "lastRow",
            "firstPixelVector", "lastPixelVector", "tile", "offset", "stride", "row", "inner", "line", "column", "lane",
            "pixelVector", "z", "FloatVector", "DoubleVector", "VectorMath", "ScalarMath", "Lanes", "Math", "System",
            "Arrays", "pair");

    static final ClassName ARRAYS = ClassName.get("java.util", "Arrays");

    private final KernelProgram program;
    private final Precision precision;
    private final Names names = new Names();
    private final Map<Tensor, String> arrays = new LinkedHashMap<>();
    private final Map<String, String> arguments = new LinkedHashMap<>();
    private final Map<VectorDomain, String> tables = new LinkedHashMap<>();
    private final Map<VectorDomain, List<String>> axes = new LinkedHashMap<>();
    private final Map<String, Long> scratch = new LinkedHashMap<>();
    private final Map<Grid, String> spectralGrids = new LinkedHashMap<>();
    private final Set<String> accumulators = new LinkedHashSet<>();
    private final Set<ClassName> imports = new LinkedHashSet<>();

    ClassContext(KernelProgram program, Precision precision) {
        this.program = program;
        this.precision = precision;
        RESERVED.forEach(names::fresh);
        program.storage().values().forEach(storage -> arrays.put(storage.tensor(), names.fresh(storage.tensor().name())));
        program.index().arguments().keySet().forEach(name -> arguments.put(name, names.fresh(name)));
    }

    KernelProgram program() {
        return program;
    }

    Precision precision() {
        return precision;
    }

    /** The names of a new method: none of them hides a field. */
    Names localNames() {
        return names.copy();
    }

    String methodName(String suggestion) {
        return names.fresh(suggestion);
    }

    Storage storage(Tensor tensor) {
        return program.storage(tensor);
    }

    /** The field that holds a stored tensor. */
    String array(Tensor tensor) {
        return arrays.get(tensor);
    }

    /** Every stored tensor with its field. */
    Map<Tensor, String> arrays() {
        return arrays;
    }

    String argument(String name) {
        return arguments.get(name);
    }

    Map<String, String> arguments() {
        return arguments;
    }

    /** The field that holds the table of a vector set. */
    String table(VectorDomain domain) {
        return tables.computeIfAbsent(domain, d -> names.fresh(d.name()));
    }

    /** The field that holds component {@code c} of the members of a vector set. */
    String tableAxis(VectorDomain domain, int c) {
        table(domain);
        return axes.computeIfAbsent(domain, d -> {
            List<String> fields = new ArrayList<>();
            for (int k = 1; k <= d.components(); k++) {
                fields.add(names.fresh(d.name() + "_" + k));
            }
            return fields;
        }).get(c);
    }

    Map<VectorDomain, String> tables() {
        return tables;
    }

    Map<VectorDomain, List<String>> axes() {
        return axes;
    }

    /** A new field that holds an array of the program's precision between calls. */
    String scratch(String suggestion, long length) {
        String name = names.fresh(suggestion);
        scratch.put(name, length);
        return name;
    }

    Map<String, Long> scratch() {
        return scratch;
    }

    /** The field that transforms a grid. */
    String spectralGrid(Grid grid) {
        return spectralGrids.computeIfAbsent(grid, each -> names.fresh("grid_" + each));
    }

    Map<Grid, String> spectralGrids() {
        return spectralGrids;
    }

    /** A new field for the accumulators of a fold. */
    String accumulator(String suggestion) {
        String name = names.fresh(suggestion);
        accumulators.add(name);
        return name;
    }

    Set<String> accumulators() {
        return accumulators;
    }

    /** The simple name of a class, which is imported. */
    String type(ClassName name) {
        imports.add(name);
        return name.simpleName();
    }

    String vectorName() {
        return type(precision.vector());
    }

    Set<ClassName> imports() {
        return imports;
    }
}
