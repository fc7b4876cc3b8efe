package org.mcrc.descriptors;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.cli.DescriptorLoader;
import org.mcrc.runtime.cli.TrialBinding;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;

/** Descriptor files bound the way the commands bind them. */
final class Bound {
    /** More than two, so that phases cannot be mistaken for one another. */
    private static final int PHASES = 3;

    private Bound() {}

    /** At the size and with the params that {@code mcrc gradcheck} takes where nothing says others. */
    static IndexProgram small(Path file) {
        PrintWriter messages = new PrintWriter(new StringWriter());
        return TrialBinding.small(DescriptorLoader.load(file, messages), OptionalInt.of(PHASES), Map.of(), messages).bound()
                .program();
    }

    static IndexProgram at(String name, List<Integer> extents, int phases, Map<String, Double> params) {
        PrintWriter messages = new PrintWriter(new StringWriter());
        return DescriptorLoader.load(DescriptorFiles.named(name), messages).bind(extents, phases, params, messages)
                .program();
    }

    /** The descriptor of a field, by the names of its parts in files. */
    static Map<String, double[]> characterize(IndexProgram program, Backend backend, double[] field) {
        try (Engine engine = Engines.create(program, backend, Precision.DOUBLE, 2)) {
            Signature signature = engine.signature();
            engine.characterize(Map.of(signature.fields().getFirst().name(), field));
            Map<String, double[]> values = new LinkedHashMap<>();
            signature.outputs().forEach(output -> values.put(output.name(), engine.values(output.name())));
            return values;
        }
    }
}
