package org.mcrc.runtime.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.AtomicFile;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Microstructure;
import org.mcrc.runtime.field.MicrostructureFiles;
import org.mcrc.runtime.field.NdArray;
import org.mcrc.runtime.field.NumpyFiles;
import org.mcrc.runtime.field.Pictures;
import org.mcrc.runtime.field.RealFormat;
import org.mcrc.runtime.reconstruct.ReconstructionResult;
import org.mcrc.runtime.reconstruct.Rounding;

/**
 * The files of a reconstruction. For a field M:
 *
 * <ul>
 *   <li>{@code M.npy}: the result, {@code [axis 1, axis 2(, axis 3)]}, the field's own indices last. A field that is rounded
 *       holds zeros and ones
 *   <li>{@code M.continuous.npy}: its values before rounding, if it is rounded
 *   <li>{@code M.png}: a picture of the phases, or of the values between the bounds of the field's range (its least and
 *       greatest value where there are none); none for a field with indices of its own other than the phases
 *   <li>{@code M.tif}: the phases of a volume, each slice a page, for programs that show volumes
 * </ul>
 *
 * <p>Beside them are {@code convergence.csv} and {@code run.json}.
 */
public final class ReconstructionFiles {

    public static final String CONVERGENCE = "convergence.csv";
    public static final String REPORT = "run.json";

    private final Signature signature;
    private final Map<String, Rounding> roundings;

    public ReconstructionFiles(Signature signature, Map<String, Rounding> roundings) {
        this.signature = signature;
        this.roundings = roundings;
    }

    /** The names of all files, in the order in which they are written. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (Signature.Field field : signature.fields()) {
            if (hasPicture(field)) {
                names.add(picture(field));
            }
            if (hasPages(field)) {
                names.add(pages(field));
            }
            names.add(result(field));
            if (rounding(field) != Rounding.NONE) {
                names.add(continuous(field));
            }
        }
        names.add(CONVERGENCE);
        names.add(REPORT);
        return names;
    }

    /** Writes all files into a folder. */
    public void write(Path folder, ReconstructionResult result, RunReport report) {
        for (Signature.Field field : signature.fields()) {
            double[] values = result.rounded().get(field.name());
            if (hasPicture(field)) {
                writePicture(folder.resolve(picture(field)), field, values);
            }
            if (hasPages(field)) {
                MicrostructureFiles.write(folder.resolve(pages(field)), phases(field, values));
            }
            int[] shape = field.shape().stream().mapToInt(Integer::intValue).toArray();
            boolean rounded = rounding(field) != Rounding.NONE;
            NumpyFiles.writeArray(folder.resolve(result(field)), NdArray.of(shape, values),
                    rounded ? RealFormat.SINGLE : RealFormat.DOUBLE);
            if (rounded) {
                NumpyFiles.writeArray(folder.resolve(continuous(field)),
                        NdArray.of(shape, result.continuous().get(field.name())), RealFormat.DOUBLE);
            }
        }
        AtomicFile.write(folder.resolve(CONVERGENCE), ConvergenceTable.of(signature.penalties(), result.iterations()));
        AtomicFile.write(folder.resolve(REPORT), report.json());
    }

    private Rounding rounding(Signature.Field field) {
        return roundings.get(field.name());
    }

    private static String picture(Signature.Field field) {
        return field.name() + ".png";
    }

    private static String pages(Signature.Field field) {
        return field.name() + ".tif";
    }

    private static String result(Signature.Field field) {
        return field.name() + ".npy";
    }

    private static String continuous(Signature.Field field) {
        return field.name() + ".continuous.npy";
    }

    private boolean hasPicture(Signature.Field field) {
        return field.indicators() || field.shape().size() == signature.extents().size();
    }

    private boolean hasPages(Signature.Field field) {
        return signature.extents().size() == 3 && hasPicture(field) && rounding(field) != Rounding.NONE;
    }

    private void writePicture(Path path, Signature.Field field, double[] values) {
        if (rounding(field) != Rounding.NONE) {
            Pictures.writePng(path, phases(field, values));
            return;
        }
        double low = Double.isFinite(field.low()) ? field.low() : Arrays.stream(values).min().orElse(0);
        double high = Double.isFinite(field.high()) ? field.high() : Arrays.stream(values).max().orElse(1);
        Pictures.writePng(path, NdArray.of(signature.extents().stream().mapToInt(Integer::intValue).toArray(), values), low,
                high > low ? high : low + 1);
    }

    /** What a field that is rounded shows. */
    private Microstructure phases(Signature.Field field, double[] values) {
        Extents extents = new Extents(signature.extents());
        if (rounding(field) == Rounding.THRESHOLD) {
            return new Microstructure(extents, Arrays.stream(values).mapToInt(value -> (int) value).toArray(), 2);
        }
        int phases = signature.phases();
        int[] labels = new int[extents.pixels()];
        for (int position = 0; position < values.length; position++) {
            labels[position / phases] += values[position] == 1 ? position % phases : 0;
        }
        return new Microstructure(extents, labels, phases);
    }
}
