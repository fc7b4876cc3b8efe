package org.mcrc.compiler.check;

import java.util.Objects;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.syntax.FileName;
import org.mcrc.compiler.syntax.ParseResult;
import org.mcrc.compiler.syntax.Parser;
import org.mcrc.compiler.syntax.SourceReader;

/** Finds and parses the descriptor files that {@code use} includes. */
@FunctionalInterface
public interface UseLoader {

    /**
     * Parses an included file. Its syntax errors go to {@code diagnostics}; that it cannot be read does not.
     *
     * @param file the file's name as written; it is relative to the file in which it stands, {@code
     *     file.span().file()}, which resolves it. The name can be resolved
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

    /** The loader that reads files. */
    static UseLoader files() {
        return (file, diagnostics) -> {
            Diagnostics reading = new Diagnostics();
            return SourceReader.read(file.span().file().resolve(file.text()), reading)
                    .<Loaded>map(source -> new Found(Parser.parse(source, diagnostics)))
                    .orElseGet(() -> new Unreadable(reading.all().getFirst().message()));
        };
    }

    /** A loader for texts that include nothing: every {@code use} is unreadable, for {@code reason}. */
    static UseLoader none(String reason) {
        return (file, diagnostics) -> new Unreadable(reason);
    }
}
