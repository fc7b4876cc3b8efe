package org.mcrc.compiler.program;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.backend.cuda.LaunchPlan;
import org.mcrc.compiler.program.Manifest.Array;
import org.mcrc.compiler.program.Manifest.Field;
import org.mcrc.compiler.program.Manifest.KernelInfo;
import org.mcrc.compiler.program.Manifest.Output;
import org.mcrc.compiler.program.Manifest.Penalty;
import org.mcrc.compiler.program.Manifest.Table;

/**
 * A manifest as bytes, for a cache of this very version: read in a few milliseconds, where the JSON for people and other programs
 * takes a tenth of a second at the start of a process.
 */
public final class ManifestBytes {
    private ManifestBytes() {}

    private interface Writer<T> {
        void write(DataOutput output, T value) throws IOException;
    }

    private interface Reader<T> {
        T read(DataInput input) throws IOException;
    }

    /** Writes a manifest. */
    public static void write(DataOutput output, Manifest manifest) throws IOException {
        output.writeInt(manifest.version());
        text(output, manifest.name());
        text(output, manifest.documentation());
        map(output, manifest.declarations(), ManifestBytes::text);
        optional(output, manifest.className(), ManifestBytes::text);
        text(output, manifest.precision());
        integers(output, manifest.extents());
        output.writeInt(manifest.phases());
        each(output, manifest.fields(), ManifestBytes::field);
        each(output, manifest.outputs(), ManifestBytes::output);
        each(output, manifest.reports(), ManifestBytes::output);
        each(output, manifest.targets(), ManifestBytes::text);
        each(output, manifest.penalties(), ManifestBytes::penalty);
        text(output, manifest.error());
        text(output, manifest.loss());
        map(output, manifest.arguments(), DataOutput::writeDouble);
        each(output, manifest.arrays(), ManifestBytes::array);
        each(output, manifest.tables(), ManifestBytes::table);
        map(output, manifest.data(), ManifestBytes::numbers);
        map(output, manifest.gradients(), ManifestBytes::text);
        each(output, manifest.kernels(), ManifestBytes::kernel);
        output.writeLong(manifest.workspace());
        optional(output, manifest.cuda(), ManifestBytes::plan);
    }

    /** Reads what {@link #write} wrote. */
    public static Manifest read(DataInput input) throws IOException {
        return new Manifest(input.readInt(), text(input), text(input), map(input, ManifestBytes::text),
                optional(input, ManifestBytes::text), text(input), integers(input),
                input.readInt(), each(input, ManifestBytes::field), each(input, ManifestBytes::output),
                each(input, ManifestBytes::output), each(input, ManifestBytes::text),
                each(input, ManifestBytes::penalty), text(input), text(input),
                map(input, DataInput::readDouble), each(input, ManifestBytes::array), each(input, ManifestBytes::table),
                map(input, ManifestBytes::numbers), map(input, ManifestBytes::text),
                each(input, ManifestBytes::kernel), input.readLong(), optional(input, ManifestBytes::plan));
    }

    private static void field(DataOutput output, Field field) throws IOException {
        text(output, field.name());
        integers(output, field.shape());
        bound(output, field.low());
        bound(output, field.high());
        output.writeBoolean(field.indicators());
    }

    private static Field field(DataInput input) throws IOException {
        return new Field(text(input), integers(input), bound(input), bound(input), input.readBoolean());
    }

    private static <T> void optional(DataOutput output, T value, Writer<T> writer) throws IOException {
        output.writeBoolean(value != null);
        if (value != null) {
            writer.write(output, value);
        }
    }

    private static <T> T optional(DataInput input, Reader<T> reader) throws IOException {
        return input.readBoolean() ? reader.read(input) : null;
    }

    private static void plan(DataOutput output, LaunchPlan plan) throws IOException {
        text(output, plan.kernelFile());
        each(output, plan.workspaces(), ManifestBytes::workspace);
        map(output, plan.tables(), (out, table) -> integers(out, Arrays.stream(table).boxed().toList()));
        map(output, plan.numbers(), ManifestBytes::numbers);
        map(output, plan.phases(), ManifestBytes::steps);
        map(output, plan.placing(), ManifestBytes::steps);
        map(output, plan.taking(), ManifestBytes::steps);
        steps(output, plan.losses());
    }

    private static LaunchPlan plan(DataInput input) throws IOException {
        return new LaunchPlan(text(input), each(input, ManifestBytes::workspace),
                map(input, in -> integers(in).stream().mapToInt(Integer::intValue).toArray()),
                map(input, ManifestBytes::numbers), map(input, ManifestBytes::steps), map(input, ManifestBytes::steps),
                map(input, ManifestBytes::steps), steps(input));
    }

    private static void workspace(DataOutput output, LaunchPlan.Workspace workspace) throws IOException {
        text(output, workspace.name());
        output.writeLong(workspace.bytes());
    }

    private static LaunchPlan.Workspace workspace(DataInput input) throws IOException {
        return new LaunchPlan.Workspace(text(input), input.readLong());
    }

    private static void steps(DataOutput output, List<LaunchPlan.Step> steps) throws IOException {
        each(output, steps, ManifestBytes::step);
    }

    private static List<LaunchPlan.Step> steps(DataInput input) throws IOException {
        return each(input, ManifestBytes::step);
    }

    private static void step(DataOutput output, LaunchPlan.Step step) throws IOException {
        text(output, step.kernel());
        for (int number : new int[] {step.gridX(), step.gridY(), step.block(), step.shared().bytes(),
            step.shared().bytesOfWarpgroups()}) {
            output.writeInt(number);
        }
        each(output, step.arguments(), ManifestBytes::argument);
    }

    private static LaunchPlan.Step step(DataInput input) throws IOException {
        return new LaunchPlan.Step(text(input), input.readInt(), input.readInt(), input.readInt(),
                new LaunchPlan.Shared(input.readInt(), input.readInt()), each(input, ManifestBytes::argument));
    }

    private static void argument(DataOutput output, LaunchPlan.Argument argument) throws IOException {
        output.writeByte(argument.kind().ordinal());
        text(output, argument.name());
        output.writeInt(argument.value());
    }

    private static LaunchPlan.Argument argument(DataInput input) throws IOException {
        return new LaunchPlan.Argument(LaunchPlan.Kind.values()[input.readByte()], text(input), input.readInt());
    }

    private static void bound(DataOutput output, Double bound) throws IOException {
        output.writeBoolean(bound != null);
        if (bound != null) {
            output.writeDouble(bound);
        }
    }

    private static Double bound(DataInput input) throws IOException {
        return input.readBoolean() ? Double.valueOf(input.readDouble()) : null;
    }

    private static void output(DataOutput output, Output shown) throws IOException {
        text(output, shown.entry());
        text(output, shown.array());
        output.writeBoolean(shown.target() != null);
        if (shown.target() != null) {
            text(output, shown.target());
        }
        integers(output, shown.shape());
        text(output, shown.documentation());
    }

    private static Output output(DataInput input) throws IOException {
        return new Output(text(input), text(input), input.readBoolean() ? text(input) : null, integers(input),
                text(input));
    }

    private static void penalty(DataOutput output, Penalty penalty) throws IOException {
        text(output, penalty.name());
        text(output, penalty.array());
    }

    private static Penalty penalty(DataInput input) throws IOException {
        return new Penalty(text(input), text(input));
    }

    private static void array(DataOutput output, Array array) throws IOException {
        text(output, array.name());
        output.writeBoolean(array.exact());
        output.writeLong(array.length());
        integers(output, array.shape());
        output.writeInt(array.gridAxis());
        output.writeInt(array.gridRank());
        integers(output, array.halo());
    }

    private static Array array(DataInput input) throws IOException {
        return new Array(text(input), input.readBoolean(), input.readLong(), integers(input), input.readInt(),
                input.readInt(), integers(input));
    }

    private static void table(DataOutput output, Table table) throws IOException {
        text(output, table.name());
        output.writeInt(table.dimension());
        output.writeInt(table.members().length);
        for (int member : table.members()) {
            output.writeInt(member);
        }
    }

    private static Table table(DataInput input) throws IOException {
        String name = text(input);
        int dimension = input.readInt();
        int[] members = new int[input.readInt()];
        for (int k = 0; k < members.length; k++) {
            members[k] = input.readInt();
        }
        return new Table(name, dimension, members);
    }

    private static void kernel(DataOutput output, KernelInfo kernel) throws IOException {
        text(output, kernel.phase());
        text(output, kernel.kind());
        text(output, kernel.formula());
    }

    private static KernelInfo kernel(DataInput input) throws IOException {
        return new KernelInfo(text(input), text(input), text(input));
    }

    private static void numbers(DataOutput output, double[] numbers) throws IOException {
        output.writeInt(numbers.length);
        for (double number : numbers) {
            output.writeDouble(number);
        }
    }

    private static double[] numbers(DataInput input) throws IOException {
        double[] numbers = new double[input.readInt()];
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] = input.readDouble();
        }
        return numbers;
    }

    private static void integers(DataOutput output, List<Integer> integers) throws IOException {
        each(output, integers, DataOutput::writeInt);
    }

    private static List<Integer> integers(DataInput input) throws IOException {
        return each(input, DataInput::readInt);
    }

    /** Of any length, which {@code writeUTF} does not take. */
    private static void text(DataOutput output, String text) throws IOException {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        output.writeInt(bytes.length);
        output.write(bytes);
    }

    private static String text(DataInput input) throws IOException {
        byte[] bytes = new byte[input.readInt()];
        input.readFully(bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static <T> void each(DataOutput output, Collection<T> values, Writer<T> writer) throws IOException {
        output.writeInt(values.size());
        for (T value : values) {
            writer.write(output, value);
        }
    }

    private static <T> List<T> each(DataInput input, Reader<T> reader) throws IOException {
        List<T> values = new ArrayList<>();
        for (int count = input.readInt(); count > 0; count--) {
            values.add(reader.read(input));
        }
        return List.copyOf(values);
    }

    private static <T> void map(DataOutput output, Map<String, T> map, Writer<T> writer) throws IOException {
        output.writeInt(map.size());
        for (Map.Entry<String, T> entry : map.entrySet()) {
            text(output, entry.getKey());
            writer.write(output, entry.getValue());
        }
    }

    private static <T> Map<String, T> map(DataInput input, Reader<T> reader) throws IOException {
        Map<String, T> map = new LinkedHashMap<>();
        for (int count = input.readInt(); count > 0; count--) {
            String key = text(input);
            map.put(key, reader.read(input));
        }
        return map;
    }
}
