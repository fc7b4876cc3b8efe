package org.mcrc.runtime.engine.cpu;

import java.util.HashMap;
import java.util.Map;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.engine.cpu.support.VectorTable;
import org.mcrc.runtime.engine.cpu.support.Workers;
import org.mcrc.runtime.field.Memory;

/** The arrays, tables and arguments of one bound program, by name. */
public final class KernelMemory {
    /** The bytes of arrays from which on it pays to collect first what was needed to compile and read. */
    private static final long LARGE = 16L << 20;

    private final Map<String, Manifest.Array> layout = new HashMap<>();
    private final Map<String, float[]> floats = new HashMap<>();
    private final Map<String, double[]> doubles = new HashMap<>();
    private final Map<String, VectorTable> tables = new HashMap<>();
    private final Map<String, Double> arguments;
    private final Workers workers;

    /**
     * @param workers who copy values into arrays and out of them
     * @throws org.mcrc.runtime.InputError where there is not enough memory, with the amount
     */
    KernelMemory(Manifest manifest, Workers workers) {
        this.workers = workers;
        Memory.require(manifest.name() + " at this size", manifest.bytes() + manifest.workspace());
        if (manifest.bytes() > LARGE) {
            // The serial collector takes more memory from the system rather than collect.
            System.gc();
        }
        arguments = manifest.arguments();
        boolean single = manifest.precision().equals("single");
        for (Manifest.Array array : manifest.arrays()) {
            layout.put(array.name(), array);
            int length = Math.toIntExact(array.length());
            if (single && !array.exact()) {
                floats.put(array.name(), new float[length]);
            } else {
                doubles.put(array.name(), new double[length]);
            }
        }
        manifest.tables().forEach(table ->
                tables.put(table.name(), new VectorTable(table.dimension(), table.members())));
    }

    /** An array of single precision. */
    public float[] floats(String name) {
        return floats.get(name);
    }

    /** An array of double precision. */
    public double[] doubles(String name) {
        return doubles.get(name);
    }

    /** A vector set. */
    public VectorTable table(String name) {
        return tables.get(name);
    }

    /** The value of a numeric parameter or solved constant. */
    public double argument(String name) {
        return arguments.get(name);
    }

    /** The only element of an array without axes. */
    double number(String name) {
        return doubles.get(name)[0];
    }

    /** The number of elements of an array, halos left out. */
    int size(String name) {
        return layout.get(name).shape().stream().reduce(1, Math::multiplyExact);
    }

    /** Fills an array from values in C order, its halo included. */
    void store(String name, double[] values) {
        StoredLayout stored = new StoredLayout(layout.get(name), workers);
        if (floats.containsKey(name)) {
            stored.store(values, floats.get(name));
        } else {
            stored.store(values, doubles.get(name));
        }
    }

    /** The values of an array in C order. */
    void load(String name, double[] values) {
        StoredLayout stored = new StoredLayout(layout.get(name), workers);
        if (floats.containsKey(name)) {
            stored.load(floats.get(name), values);
        } else {
            stored.load(doubles.get(name), values);
        }
    }
}
