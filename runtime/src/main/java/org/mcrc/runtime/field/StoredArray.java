package org.mcrc.runtime.field;

/** An array as a file holds it: its values, and of which kind the file says that they are. */
public record StoredArray(NdArray array, Kind kind) {

    /** The kinds of numbers in NumPy files. */
    public enum Kind { BOOLEAN, INTEGER, REAL }
}
