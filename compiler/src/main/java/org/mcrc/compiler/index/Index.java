package org.mcrc.compiler.index;

import java.util.concurrent.atomic.AtomicLong;

/** An index variable. Two are the same only if they are the same object: names are for reading. */
public final class Index {
    private static final AtomicLong SERIAL = new AtomicLong();

    private final String name;
    private final Domain domain;
    private final long serial = SERIAL.incrementAndGet();

    public Index(String name, Domain domain) {
        this.name = name;
        this.domain = domain;
    }

    public String name() {
        return name;
    }

    public Domain domain() {
        return domain;
    }

    /** The order of creation: gives forms a canonical order that is the same from run to run. */
    long serial() {
        return serial;
    }

    /** Whether it ranges over the pixels of a grid. */
    public boolean isPixel() {
        return domain instanceof Grid;
    }

    /** A new index over the same domain. */
    public Index fresh() {
        return new Index(name, domain);
    }

    @Override
    public String toString() {
        return name;
    }
}
