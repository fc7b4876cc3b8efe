package org.mcrc.compiler.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SourceFileTest {

    @Test
    void countsLinesOfEveryLineBreak() {
        SourceFile file = SourceFile.of("test", "a\nbc\r\nd\re");
        assertEquals(4, file.lineCount());
        assertEquals(2, file.lineOf(2));
        assertEquals(2, file.lineOf(5));
        assertEquals(3, file.lineOf(6));
        assertEquals(4, file.lineOf(8));
        assertEquals("bc", file.text().substring(file.startOfLine(2), file.endOfLine(2)));
        assertEquals(1, SourceFile.of("test", "").lineCount());
    }

    @Test
    void countsColumnsInCharactersNotCodeUnits() {
        SourceFile file = SourceFile.of("test", "\n𝔸 b");
        Span span = new Span(file, 4, 5);
        assertEquals("b", span.text());
        assertEquals("test:2:3", span.toString());
    }

    @Test
    void joinsSpansOfOneFileOnly() {
        SourceFile file = SourceFile.of("test", "abcdef");
        assertEquals(new Span(file, 1, 5), new Span(file, 4, 5).to(new Span(file, 1, 2)));
        Span other = Span.start(SourceFile.of("test", "abcdef"));
        assertThrows(IllegalArgumentException.class, () -> new Span(file, 1, 2).to(other));
        assertThrows(IllegalArgumentException.class, () -> new Span(file, 3, 7));
    }

    @Test
    void findsFilesBesideItself() {
        assertEquals(Path.of("library/w.npy"), SourceFile.of(Path.of("library/net.mcr"), "").resolve("w.npy"));
        assertEquals(Path.of("w.npy"), SourceFile.of("net", "").resolve("w.npy"));
    }
}
