package org.mcrc.runtime.engine.cpu.support;

/** Divides a range into parts that are as equal as can be; the division depends on its numbers alone. */
record Division(int length, int parts) {
    /** The fewest parts of at most {@code most} each; none of nothing. */
    static Division atMost(int length, int most) {
        return new Division(length, Math.ceilDiv(length, most));
    }

    /** Where part {@code part} begins, and the one before it ends. */
    int start(int part) {
        return (int) ((long) length * part / parts);
    }

    /** Where part {@code part} ends. */
    int end(int part) {
        return start(part + 1);
    }

    /** The length of part {@code part}. */
    int size(int part) {
        return end(part) - start(part);
    }
}
