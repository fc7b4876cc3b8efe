package org.mcrc.compiler.check;

import java.util.Objects;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.syntax.FileName;
import org.mcrc.compiler.syntax.ParseResult;

/** Finds and parses the descriptor files that {@code use} includes. */
@FunctionalInterface
public interface UseLoader {

    /**
     * Parses an included file. Its syntax errors go to {@code diagnostics}.
     *
     * @param file the file's name as written; it is relative to the file in which it stands, {@code file.span().file()}.
     *     The same file loaded twice is the same {@link org.mcrc.compiler.source.SourceFile} path, by which inclusion in
     *     a circle is recognized
     */
    Loaded load(FileName file, Diagnostics diagnostics);

    /** What came of it. */
    sealed interface Loaded {}

    /**
     * The file was read.
     *
     * @param file its tree, complete or not
     */
    record Found(ParseResult file) implements Loaded {

        public Found {
            Objects.requireNonNull(file, "file");
        }
    }

    /**
     * The file cannot be read.
     *
     * @param reason why, as in "there is no such file"
     */
    record Unreadable(String reason) implements Loaded {

        public Unreadable {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** A loader for texts that include nothing: every {@code use} is unreadable, for {@code reason}. */
    static UseLoader none(String reason) {
        return (file, diagnostics) -> new Unreadable(reason);
    }
}
