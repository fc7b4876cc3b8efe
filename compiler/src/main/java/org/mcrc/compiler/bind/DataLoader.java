package org.mcrc.compiler.bind;

import java.util.List;
import org.mcrc.compiler.syntax.FileName;

/** Reads the arrays that {@code data} names. */
@FunctionalInterface
public interface DataLoader {

    /**
     * Reads an array.
     *
     * @param file the file's name as written; it is relative to the file in which it stands, {@code file.span().file()}
     * @param limit the greatest number of elements that is wanted: a larger array need not be read
     */
    Loaded load(FileName file, long limit);

    /** What came of it. */
    sealed interface Loaded {}

    /**
     * An array was read.
     *
     * @param shape its extents
     * @param values its elements in C order; may be absent (null) where there are more than the limit
     */
    record Found(List<Integer> shape, double[] values) implements Loaded {
        public Found {
            shape = List.copyOf(shape);
        }
    }

    /**
     * The array cannot be read.
     *
     * @param reason why, as in "there is no such file"
     */
    record Unreadable(String reason) implements Loaded {}

    /** A loader where there are no files. */
    static DataLoader none(String reason) {
        return (file, limit) -> new Unreadable(reason);
    }
}
