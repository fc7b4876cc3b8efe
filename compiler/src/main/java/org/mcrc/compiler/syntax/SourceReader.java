package org.mcrc.compiler.syntax;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.source.Span;

/** Reads descriptor files. */
public final class SourceReader {

    /** The largest file that is read, in bytes: hundreds of times the largest descriptor anyone would write. */
    public static final int LARGEST = 1 << 20;

    private SourceReader() {}

    /** The file at {@code path}; absent, with a diagnostic, if it cannot be read or is not UTF-8 text. */
    public static Optional<SourceFile> read(Path path, Diagnostics diagnostics) {
        Span nowhere = Span.start(SourceFile.of(path, ""));
        byte[] bytes;
        try {
            if (Files.isDirectory(path)) {
                diagnostics.report(
                        SyntaxErrors.UNREADABLE_FILE, nowhere, "this is a folder; a descriptor is a file");
                return Optional.empty();
            }
            try (InputStream stream = Files.newInputStream(path)) {
                bytes = stream.readNBytes(LARGEST + 1);
            }
        } catch (NoSuchFileException exception) {
            diagnostics.report(SyntaxErrors.UNREADABLE_FILE, nowhere, "there is no such file");
            return Optional.empty();
        } catch (IOException | SecurityException exception) {
            diagnostics.report(
                    SyntaxErrors.UNREADABLE_FILE, nowhere, "the file cannot be read: " + exception.getMessage());
            return Optional.empty();
        }
        return decode(path, bytes, diagnostics);
    }

    /** The file at {@code path} that holds {@code bytes}; absent, with a diagnostic, if that is not UTF-8 text. */
    public static Optional<SourceFile> decode(Path path, byte[] bytes, Diagnostics diagnostics) {
        if (bytes.length > LARGEST) {
            diagnostics.report(
                    SyntaxErrors.FILE_TOO_LARGE,
                    Span.start(SourceFile.of(path, "")),
                    "the file is too large to be a descriptor: more than " + LARGEST + " bytes");
            return Optional.empty();
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer decoded = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), decoded, true);
        int valid = decoded.position();
        if (!result.isError()) {
            return Optional.of(SourceFile.of(path, decoded.flip().toString()));
        }
        SourceFile source = SourceFile.of(path, new String(bytes, StandardCharsets.UTF_8));
        diagnostics.report(
                SyntaxErrors.NOT_TEXT,
                new Span(source, valid, Math.min(valid + 1, source.text().length())),
                "this is not UTF-8 text",
                isUtf16(bytes) ? "it looks like UTF-16: save it as UTF-8" : "save the file as UTF-8");
        return Optional.empty();
    }

    private static boolean isUtf16(byte[] bytes) {
        if (bytes.length < 2) {
            return false;
        }
        int mark = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        return mark == 0xfeff || mark == 0xfffe;
    }
}
