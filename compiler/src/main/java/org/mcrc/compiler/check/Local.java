package org.mcrc.compiler.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Name;

/** A name that is known in one place only: an index, a parameter of a function, a constant that is solved for. */
final class Local {

    /** What a local name stands for. */
    enum Kind {
        PIXEL("the pixel index"),
        INTEGER("the index"),
        VECTOR("the index"),
        /** An index over a set that has an error. */
        UNKNOWN("the index"),
        PARAMETER("the parameter"),
        SOLVED("the constant");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** How messages call it. */
        String words() {
            return words;
        }
    }

    /**
     * A read of an array at a position made of a pixel index.
     *
     * @param array the array
     * @param factor by how much the array's grid is finer than the index's, if known
     * @param span the subscript
     */
    record PixelRead(String array, OptionalInt factor, Span span) {}

    private final Name name;
    private final Kind kind;
    private final Optional<String> absence;
    private final List<PixelRead> reads = new ArrayList<>();
    private boolean read;

    Local(Name name, Kind kind) {
        this(name, kind, Optional.empty());
    }

    /** A local name that cannot be used yet, for the reason {@code absence}. */
    Local(Name name, Kind kind, Optional<String> absence) {
        this.name = name;
        this.kind = kind;
        this.absence = absence;
    }

    Name name() {
        return name;
    }

    Kind kind() {
        return kind;
    }

    /** Why it is not known at a place at which it was looked for, if that is peculiar to it. */
    Optional<String> absence() {
        return absence;
    }

    /** Notes that an array, perhaps an unknown one, is read at this pixel index. */
    void markRead() {
        read = true;
    }

    boolean isRead() {
        return read;
    }

    /** The reads at this pixel index, by which its grid is inferred. */
    List<PixelRead> reads() {
        return reads;
    }
}
