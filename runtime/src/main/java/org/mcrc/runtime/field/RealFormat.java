package org.mcrc.runtime.field;

/** How real numbers are stored in NumPy files: little-endian IEEE 754 of 4 or 8 bytes. */
public enum RealFormat {
    SINGLE("<f4", 4),
    DOUBLE("<f8", 8);

    private final String description;
    private final int bytes;

    RealFormat(String description, int bytes) {
        this.description = description;
        this.bytes = bytes;
    }

    /** NumPy's name for it. */
    String description() {
        return description;
    }

    int bytes() {
        return bytes;
    }
}
