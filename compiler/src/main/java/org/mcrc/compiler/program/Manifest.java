package org.mcrc.compiler.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.mcrc.compiler.backend.cuda.LaunchPlan;
import org.mcrc.compiler.backend.java.JavaBackend;
import org.mcrc.compiler.backend.java.Precision;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.kernel.Kernel;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Storage;

/**
 * What a runtime needs to run a compiled program, besides the program: names, shapes, storage, constants. It is the
 * {@code NAME.json} beside the generated sources.
 *
 * @param declarations the documentation comments of declarations by their names, where it was made from a descriptor file
 * @param className the generated class; null where there is none
 * @param precision {@code single} or {@code double}: the type of the stored arrays; {@code mixed}: single
 * @param targets the arrays that are set from outside: what outputs are compared with, and the matrices of sketches
 * @param arguments numeric parameters and solved constants with the values they were bound to
 * @param arrays every stored array
 * @param tables the vector sets that kernels look up
 * @param data the values of constant arrays, in C order
 * @param gradients for each field the array that receives its gradient
 * @param kernels what runs, for reading
 * @param workspace the bytes that kernels take on a processor besides the arrays
 * @param cuda what is launched on a CUDA device; null where it was not compiled for one
 */
public record Manifest(int version, String name, String documentation, Map<String, String> declarations, String className, String precision,
        List<Integer> extents, int phases, List<Field> fields, List<Output> outputs, List<Output> reports,
        List<String> targets, List<Penalty> penalties, String error, String loss, Map<String, Double> arguments, List<Array> arrays,
        List<Table> tables, Map<String, double[]> data, Map<String, String> gradients, List<KernelInfo> kernels,
        long workspace, LaunchPlan cuda) {
    private static final int VERSION = 6;

    /** Made when the first manifest is written or read: most runs do neither, and it takes a tenth of their start. */
    private static final class Json {
        private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    }

    /** A microstructure field; bounds are null where there are none. */
    public record Field(String name, List<Integer> shape, Double low, Double high, boolean indicators) {}

    /** An output or report: {@code array} holds it, {@code target} what it is compared with (null for reports). */
    public record Output(String entry, String array, String target, List<Integer> shape, String documentation) {}

    /** A penalty and the array that holds it. */
    public record Penalty(String name, String array) {}

    /**
     * A stored array: its finite axes first, then the grid with its halo.
     *
     * @param exact whether it is of double precision whatever the program's
     * @param length the elements to allocate
     * @param shape the extents of all axes in the order of files, the grid's expanded
     * @param gridAxis the position in {@code shape} of the grid's first extent, or -1
     * @param gridRank the number of the grid's extents
     * @param halo the halo along each of them
     */
    public record Array(String name, boolean exact, long length, List<Integer> shape, int gridAxis, int gridRank,
            List<Integer> halo) {}

    /** A vector set: its members one after another. */
    public record Table(String name, int dimension, int[] members) {}

    /** A kernel, for reading. */
    public record KernelInfo(String phase, String kind, String formula) {}

    /** The manifest of a scheduled program and its generated class. */
    public static Manifest of(KernelProgram program, JavaBackend.Source source, Precision precision) {
        return of(program, source.className(), source.tables(), precision.name(), null);
    }

    /**
     * The manifest of a scheduled program and its kernels for a CUDA device.
     *
     * @param precision {@code single}, {@code mixed} or {@code double}
     */
    public static Manifest of(KernelProgram program, LaunchPlan plan, String precision) {
        return of(program, null, Map.of(), precision, plan);
    }

    /** The same program with kernels for a CUDA device too. */
    public Manifest with(LaunchPlan plan) {
        return new Manifest(version, name, documentation, declarations, className, precision, extents, phases, fields,
                outputs, reports, targets, penalties, error, loss, arguments, arrays, tables, data, gradients, kernels,
                workspace, plan);
    }

    /** The same with the documentation comments of declarations. */
    public Manifest documented(Map<String, String> comments) {
        return new Manifest(version, name, documentation, new TreeMap<>(comments), className, precision, extents, phases,
                fields, outputs, reports, targets, penalties, error, loss, arguments, arrays, tables, data, gradients, kernels,
                workspace, cuda);
    }

    private static Manifest of(KernelProgram program, String className, Map<String, VectorDomain> tables, String precision,
            LaunchPlan plan) {
        IndexProgram index = program.index();
        List<KernelInfo> kernels = new ArrayList<>();
        program.kernels().forEach((phase, list) -> {
            for (Kernel kernel : list) {
                kernels.add(new KernelInfo(phase.name().toLowerCase(Locale.ROOT),
                        kernel.getClass().getSimpleName().toLowerCase(Locale.ROOT), kernel.formula()));
            }
        });
        Map<String, String> gradients = new TreeMap<>();
        index.gradients().forEach((field, gradient) -> gradients.put(field, gradient.name()));
        Map<String, double[]> data = new TreeMap<>();
        index.data().forEach(each -> data.put(each.tensor().name(), each.values()));
        return new Manifest(VERSION, index.name(), index.documentation(), Map.of(), className,
                precision.toLowerCase(Locale.ROOT), index.fields().getFirst().tensor().grid().extents(), index.phases(),
                index.fields().stream().map(Manifest::field).toList(),
                index.outputs().stream().map(Manifest::output).toList(),
                index.reports().stream().map(Manifest::output).toList(),
                index.targets().stream().map(Tensor::name).toList(),
                index.penalties().stream().map(penalty -> new Penalty(penalty.name(), penalty.value().name())).toList(),
                index.error().name(), index.loss().name(), index.arguments(),
                program.storage().values().stream().map(Manifest::array).toList(),
                tables.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(Manifest::table).toList(),
                data, gradients, kernels, program.workspace(bytes(precision)), plan);
    }

    private static Field field(IndexProgram.Field field) {
        return new Field(field.name(), shape(field.tensor()), finite(field.low()), finite(field.high()),
                field.phases() && field.tensor().axes().size() == 2);
    }

    private static Double finite(double value) {
        return Double.isInfinite(value) ? null : value;
    }

    private static Output output(IndexProgram.Output output) {
        return new Output(output.entry(), output.value().name(), output.target() == null ? null : output.target().name(),
                shape(output.value()), output.documentation());
    }

    private static Array array(Storage storage) {
        Tensor tensor = storage.tensor();
        Grid grid = tensor.grid();
        return new Array(tensor.name(), storage.exact(), storage.length(), shape(tensor),
                grid == null ? -1 : tensor.axes().indexOf(grid), grid == null ? 0 : grid.rank(), storage.halo());
    }

    private static Table table(Map.Entry<String, VectorDomain> entry) {
        VectorDomain set = entry.getValue();
        int[] members = new int[set.size() * set.components()];
        for (int k = 0; k < members.length; k++) {
            members[k] = set.component(k / set.components(), k % set.components());
        }
        return new Table(entry.getKey(), set.components(), members);
    }

    private static List<Integer> shape(Tensor tensor) {
        List<Integer> shape = new ArrayList<>();
        for (Domain axis : tensor.axes()) {
            switch (axis) {
                case Grid grid -> shape.addAll(grid.extents());
                case FiniteDomain finite -> shape.add(finite.size());
            }
        }
        return shape;
    }

    private static int bytes(String precision) {
        return precision.equalsIgnoreCase("double") ? Double.BYTES : Float.BYTES;
    }

    /** The bytes that the arrays will take. */
    public long bytes() {
        int element = bytes(precision);
        return arrays.stream().mapToLong(array -> array.length() * (array.exact() ? Double.BYTES : element)).sum();
    }

    /** The text of {@code NAME.json}. */
    public String toJson() {
        try {
            return Json.MAPPER.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws IllegalArgumentException where the text is no manifest of this version
     */
    public static Manifest fromJson(String text) {
        try {
            Manifest manifest = Json.MAPPER.readValue(text, Manifest.class);
            if (manifest.version() != VERSION) {
                throw new IllegalArgumentException("a manifest of version " + manifest.version() + ", not " + VERSION);
            }
            return manifest;
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("no manifest: " + malformed.getOriginalMessage(), malformed);
        }
    }
}
