package org.mcrc.runtime.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.mcrc.compiler.diagnostic.Suggestions;
import org.mcrc.compiler.simplify.SeparateExponentials;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.NdArray;
import org.mcrc.runtime.field.NumpyFiles;

/** The fields of a descriptor as arrays in {@code .npy} files: their values, and the size that they say. */
final class FieldArrays {
    private final List<FieldDeclaration> declarations;
    private final Map<String, Path> files;
    private final Map<String, NdArray> arrays = new LinkedHashMap<>();

    private FieldArrays(List<FieldDeclaration> declarations, Map<String, Path> files) {
        this.declarations = declarations;
        this.files = files;
    }

    /**
     * Reads the fields.
     *
     * @param assignments as given on the command line, {@code NAME=FILE}, or {@code FILE} where there is one field
     * @throws InputError where one is missing, is not finite, or two have different sizes
     */
    static FieldArrays read(List<String> assignments, DescriptorLoader descriptor) {
        return read(assignments, "--field", descriptor);
    }

    /** The same for another option. */
    static FieldArrays read(List<String> assignments, String option, DescriptorLoader descriptor) {
        List<String> names = names(descriptor);
        FieldArrays fields = new FieldArrays(descriptor.fields(), files(assignments, option, names));
        for (FieldDeclaration declaration : fields.declarations) {
            String name = declaration.name().text();
            Path file = fields.files.get(name);
            if (file == null) {
                throw new InputError("the field " + name + " of " + descriptor.path() + " is not given",
                        "add " + option + " " + name + "=FILE.npy");
            }
            NdArray array = NumpyFiles.readArray(file);
            requireFinite(array, file);
            fields.arrays.put(name, array);
        }
        return fields;
    }

    static List<String> names(DescriptorLoader descriptor) {
        return descriptor.fields().stream().map(field -> field.name().text()).toList();
    }

    /** The files by the fields' names. */
    static Map<String, Path> files(List<String> assignments, String option, List<String> names) {
        Map<String, Path> files = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            String name = equals < 0 ? "" : assignment.substring(0, equals);
            String file = assignment.substring(equals + 1);
            if (!names.contains(name)) {
                if (names.size() == 1 && !name.matches("[\\p{L}][\\p{L}\\p{N}_]*")) {
                    name = names.getFirst();
                    file = assignment;
                } else if (equals < 0) {
                    throw new InputError(option + " " + assignment + " does not say of which field",
                            "the fields are " + String.join(", ", names) + ": write " + option + " " + names.getFirst()
                                    + "=" + assignment);
                } else {
                    throw new InputError("there is no field '" + name + "'", Suggestions.didYouMean(name, names)
                            .orElse("the fields are " + String.join(", ", names)));
                }
            }
            if (file.isBlank()) {
                throw new InputError(option + " " + assignment + " names no file", "write " + option + " " + name + "=FILE.npy");
            }
            if (files.put(name, Path.of(file)) != null) {
                throw new InputError(option + " gives the field " + name + " twice");
            }
        }
        return files;
    }

    private static void requireFinite(NdArray array, Path file) {
        double[] values = array.values();
        for (int position = 0; position < values.length; position++) {
            if (!Double.isFinite(values[position])) {
                throw new InputError(file + " holds " + (Double.isNaN(values[position]) ? "not-a-number" : "infinity")
                        + " at " + Arrays.toString(array.subscripts(position)),
                        "a field has a finite number at every pixel");
            }
        }
    }

    /** The pixels along each axis, which all fields share. */
    List<Integer> extents() {
        List<Integer> extents = null;
        String first = null;
        for (FieldDeclaration declaration : declarations) {
            String name = declaration.name().text();
            NdArray array = arrays.get(name);
            int rank = array.rank() - declaration.indices().size();
            if (array.size() == 0) {
                throw new InputError(files.get(name) + " has the shape " + array.shapeText() + ": it holds no pixel");
            }
            if (rank < 2 || rank > 3) {
                throw new InputError(files.get(name) + " has the shape " + array.shapeText() + "; the field " + name
                        + " has 2 or 3 axes of pixels" + (declaration.indices().isEmpty() ? ""
                                : ", then " + declaration.indices().size() + " of its own"));
            }
            List<Integer> own = new ArrayList<>();
            for (int axis = 0; axis < rank; axis++) {
                own.add(array.extent(axis));
            }
            if (extents == null) {
                extents = own;
                first = name;
            } else if (!extents.equals(own)) {
                throw new InputError("the fields have different sizes: " + first + " " + sizeText(extents) + ", "
                        + name + " " + sizeText(own));
            }
        }
        return extents;
    }

    private static String sizeText(List<Integer> extents) {
        return String.join("x", extents.stream().map(String::valueOf).toList());
    }

    /** The files that were read. */
    List<Path> paths() {
        return List.copyOf(files.values());
    }

    /** The number of phases that the shape of a field says, where one has an index over them. */
    OptionalInt phases() {
        for (FieldDeclaration declaration : declarations) {
            int position = DescriptorLoader.phaseIndex(declaration);
            NdArray array = arrays.get(declaration.name().text());
            if (position >= 0) {
                return OptionalInt.of(array.extent(array.rank() - declaration.indices().size() + position));
            }
        }
        return OptionalInt.empty();
    }

    /** The values by field, in C order. */
    Map<String, double[]> values(Signature signature) {
        Map<String, double[]> values = new LinkedHashMap<>();
        for (Signature.Field field : signature.fields()) {
            NdArray array = arrays.get(field.name());
            int[] shape = field.shape().stream().mapToInt(Integer::intValue).toArray();
            if (!array.hasShape(shape)) {
                throw new InputError(files.get(field.name()) + " has the shape " + array.shapeText() + "; the field "
                        + field.name() + " here has the shape " + NdArray.shapeText(field.shape()));
            }
            values.put(field.name(), array.values());
        }
        return values;
    }

    /** Whether a value is so far outside of its field's range that compiled kernels may be wrong there. */
    boolean isFarOutside(Signature signature) {
        return signature.fields().stream().anyMatch(field -> {
            double beyond = SeparateExponentials.MARGIN * (field.high() - field.low());
            return Arrays.stream(arrays.get(field.name()).values())
                    .anyMatch(value -> value < field.low() - beyond || value > field.high() + beyond);
        });
    }

    /** Refuses values outside of the fields' declared ranges. */
    void requireInRange(Signature signature) {
        for (Signature.Field field : signature.fields()) {
            NdArray array = arrays.get(field.name());
            double[] values = array.values();
            // An end of the range such as pi is no number of single precision: in a file it is the nearest of these.
            double low = Math.min(field.low(), (float) field.low());
            double high = Math.max(field.high(), (float) field.high());
            for (int position = 0; position < values.length; position++) {
                if (values[position] < low || values[position] > high) {
                    throw new InputError(files.get(field.name()) + " holds " + values[position] + " at "
                            + Arrays.toString(array.subscripts(position)) + ", outside of the range of " + field.name()
                            + ", " + field.low() + " to " + field.high());
                }
            }
        }
    }
}
