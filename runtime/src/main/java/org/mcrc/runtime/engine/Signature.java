package org.mcrc.runtime.engine;

import java.util.List;

/**
 * What a bound program takes and gives.
 *
 * @param name the descriptor's name
 * @param extents the pixels along each axis
 * @param phases the number of phases the program was bound for
 * @param fields the microstructure fields, in the descriptor's order
 * @param outputs the parts of the descriptor, one entry for each level (and slice axis), in the order of files
 * @param reports numbers to be shown
 * @param penalties the names of the penalties
 */
public record Signature(String name, List<Integer> extents, int phases, List<Field> fields, List<Entry> outputs,
        List<Entry> reports, List<String> penalties) {
    public Signature {
        extents = List.copyOf(extents);
        fields = List.copyOf(fields);
        outputs = List.copyOf(outputs);
        reports = List.copyOf(reports);
        penalties = List.copyOf(penalties);
    }

    /**
     * A field.
     *
     * @param shape the extents, then the sizes of its own indices
     * @param low the least valid value, or negative infinity
     * @param high the greatest valid value, or positive infinity
     * @param indicators whether its own index runs over the phases: it holds the phases' indicators
     */
    public record Field(String name, List<Integer> shape, double low, double high, boolean indicators) {
        public Field {
            shape = List.copyOf(shape);
        }

        /** The number of values. */
        public int size() {
            return shape.stream().reduce(1, Math::multiplyExact);
        }
    }

    /**
     * An array by its name in files, such as {@code S@1}.
     *
     * @param shape empty for a single number
     */
    public record Entry(String name, List<Integer> shape, String documentation) {
        public Entry {
            shape = List.copyOf(shape);
        }

        /** The number of values. */
        public int size() {
            return shape.stream().reduce(1, Math::multiplyExact);
        }
    }

    /** The field of that name, or null. */
    public Field field(String fieldName) {
        return fields.stream().filter(field -> field.name().equals(fieldName)).findFirst().orElse(null);
    }
}
