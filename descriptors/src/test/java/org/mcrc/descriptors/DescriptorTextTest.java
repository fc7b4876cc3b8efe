package org.mcrc.descriptors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.check.Checker;
import org.mcrc.compiler.check.UseLoader;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.Declaration.OutputDeclaration;
import org.mcrc.compiler.syntax.DescriptorFile;
import org.mcrc.compiler.syntax.Formatter;
import org.mcrc.compiler.syntax.Parser;

/** Every descriptor file as a text: right, documented, and unchanged by being formatted twice. */
class DescriptorTextTest {
    static List<Path> files() {
        return DescriptorFiles.all();
    }

    @Test
    void thereAreDescriptors() {
        assertFalse(files().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("files")
    void theStaticCheckHasNothingToSay(Path file) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        SourceFile source = SourceFile.of(file, Files.readString(file));
        boolean valid = Checker.check(Parser.parse(source, diagnostics), UseLoader.files(), diagnostics).valid();
        assertEquals("", DiagnosticRenderer.render(diagnostics.all()));
        assertTrue(valid);
    }

    @ParameterizedTest
    @MethodSource("files")
    void theDescriptorHasTheNameOfItsFile(Path file) throws IOException {
        assertEquals(file.getFileName().toString(), parse(Files.readString(file)).name().text() + ".mcr");
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatItIsAndItsOutputsAreDocumented(Path file) throws IOException {
        DescriptorFile descriptor = parse(Files.readString(file));
        assertFalse(descriptor.documentation().isBlank());
        descriptor.declarations().stream().filter(OutputDeclaration.class::isInstance).map(OutputDeclaration.class::cast)
                .forEach(output -> assertFalse(output.documentation().isBlank(), output.name().text()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void formattingTwiceIsFormattingOnce(Path file) throws IOException {
        String once = Formatter.format(parse(Files.readString(file)));
        assertEquals(once, Formatter.format(parse(once)));
    }

    private static DescriptorFile parse(String text) {
        Diagnostics diagnostics = new Diagnostics();
        DescriptorFile file = Parser.parse(SourceFile.of("descriptor.mcr", text), diagnostics).file();
        assertEquals("", DiagnosticRenderer.render(diagnostics.all()));
        return file;
    }
}
