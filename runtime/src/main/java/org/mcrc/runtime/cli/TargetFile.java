package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.NdArray;
import org.mcrc.runtime.field.NumpyFiles;

/**
 * The values of a descriptor in an {@code .npz} file, as {@code mcrc characterize} writes it.
 *
 * @param path the file
 * @param arrays what it holds by name
 * @param origin what computed them, where it says that
 */
record TargetFile(Path path, SequencedMap<String, NdArray> arrays, Optional<TargetOrigin> origin) {

    private static final int MOST_FAULTS = 3;

    /** The level in the name of an output: {@code S@2}, {@code S@2.3}. */
    private static final Pattern LEVEL = Pattern.compile("@(\\d+)");

    static TargetFile read(Path path) {
        return new TargetFile(path, NumpyFiles.readArchive(path), TargetOrigin.parse(NumpyFiles.comment(path)));
    }

    /** Says on {@code messages} where the values were computed by something else than what they are compared with here. */
    void warn(TargetOrigin here, PrintWriter messages) {
        List<String> differences = origin.map(there -> there.differences(here)).orElse(List.of());
        if (!differences.isEmpty()) {
            messages.println("warning: " + path + " was characterized with " + String.join("; with ", differences)
                    + ": the values do not mean the same");
            messages.flush();
        }
    }

    /**
     * The target of each output.
     *
     * @throws InputError where one is missing or has another shape
     */
    SequencedMap<String, double[]> values(Signature signature) {
        SequencedMap<String, double[]> values = new LinkedHashMap<>();
        List<String> faults = new ArrayList<>();
        for (Signature.Entry output : signature.outputs()) {
            NdArray array = arrays.get(output.name());
            int[] shape = output.shape().stream().mapToInt(Integer::intValue).toArray();
            if (array == null) {
                faults.add("it does not hold " + output.name());
            } else if (!array.hasShape(shape)) {
                faults.add("its " + output.name() + " has the shape " + array.shapeText() + ", and here it has "
                        + NdArray.shapeText(output.shape()));
            } else {
                values.put(output.name(), array.values());
            }
        }
        if (!faults.isEmpty()) {
            throw new InputError(path + " is not a target for " + signature.name() + " at " + sizeText(signature) + ": "
                    + String.join("; ", faults.subList(0, Math.min(faults.size(), MOST_FAULTS)))
                    + (faults.size() > MOST_FAULTS ? "; and " + (faults.size() - MOST_FAULTS) + " more" : ""),
                    "characterize and reconstruct with the same descriptor, --set, number of phases, and sizes with the same"
                            + " number of levels");
        }
        return values;
    }

    /**
     * The target of each output of a coarser field: what the file holds for so many levels further down. Absent where it does not
     * hold all of them.
     */
    Optional<Map<String, double[]>> shifted(Signature signature, int levels) {
        Map<String, double[]> values = new LinkedHashMap<>();
        for (Signature.Entry output : signature.outputs()) {
            Matcher level = LEVEL.matcher(output.name());
            NdArray array = level.find() ? arrays.get(level.replaceFirst(
                    "@" + (Integer.parseInt(level.group(1)) + levels))) : null;
            if (array == null || !array.hasShape(output.shape().stream().mapToInt(Integer::intValue).toArray())) {
                return Optional.empty();
            }
            values.put(output.name(), array.values());
        }
        return Optional.of(values);
    }

    /** The arrays in the file that are no output and no report here, such as those of a level too many. */
    List<String> unused(Signature signature) {
        List<String> unused = new ArrayList<>(arrays.keySet());
        signature.outputs().forEach(entry -> unused.remove(entry.name()));
        signature.reports().forEach(entry -> unused.remove(entry.name()));
        return unused;
    }

    private static String sizeText(Signature signature) {
        return String.join("x", signature.extents().stream().map(String::valueOf).toList());
    }

    /**
     * Refuses a target with an element that is no finite number although it is compared.
     *
     * @param engine has computed the outputs of some field: those that are not compared are not a number
     */
    static void requireFinite(Engine engine, Map<String, double[]> target) {
        target.forEach((output, values) -> {
            double[] compared = engine.values(output);
            for (int element = 0; element < values.length; element++) {
                if (!Double.isFinite(values[element]) && !Double.isNaN(compared[element])) {
                    throw new InputError("the target " + output + " is " + values[element] + " at element " + element
                            + ", where it is compared");
                }
            }
        });
    }
}
