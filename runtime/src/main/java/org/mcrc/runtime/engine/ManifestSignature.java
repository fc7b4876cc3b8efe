package org.mcrc.runtime.engine;

import java.util.List;
import org.mcrc.compiler.program.Manifest;

/** What a compiled program takes and gives, by its manifest. */
public final class ManifestSignature {
    private ManifestSignature() {}

    /** The signature of a manifest's program. */
    public static Signature of(Manifest manifest) {
        List<Signature.Field> fields = manifest.fields().stream().map(field -> new Signature.Field(field.name(),
                field.shape(), field.low() == null ? Double.NEGATIVE_INFINITY : field.low(),
                field.high() == null ? Double.POSITIVE_INFINITY : field.high(), field.indicators())).toList();
        return new Signature(manifest.name(), manifest.extents(), manifest.phases(), fields, entries(manifest.outputs()),
                entries(manifest.reports()), manifest.penalties().stream().map(Manifest.Penalty::name).toList());
    }

    private static List<Signature.Entry> entries(List<Manifest.Output> outputs) {
        return outputs.stream().map(output -> new Signature.Entry(output.entry(), output.shape(),
                output.documentation())).toList();
    }
}
