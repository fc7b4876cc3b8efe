package org.mcrc.compiler.bind;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcrc.compiler.check.CheckResult;
import org.mcrc.compiler.check.Checker;
import org.mcrc.compiler.check.UseLoader;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.Parser;

/** Descriptors parsed, checked and bound for tests. */
final class Bound {
    private Bound() {}

    static BindResult file(Path file, List<Integer> extents, int phases, Map<String, Double> params) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<BindResult> result = bind(source(file), new Binding(extents, phases, params, Bound::load), diagnostics);
        return result.orElseThrow(() -> new AssertionError(DiagnosticRenderer.render(diagnostics.all())));
    }

    /** A descriptor of two phases. */
    static BindResult text(String text, Integer... extents) {
        Diagnostics diagnostics = new Diagnostics();
        return bind(SourceFile.of("test.mcr", text), binding(extents), diagnostics)
                .orElseThrow(() -> new AssertionError(DiagnosticRenderer.render(diagnostics.all())));
    }

    /** What a descriptor of two phases that is not right gets told. */
    static String errors(String text, Integer... extents) {
        return errors(text, binding(extents));
    }

    static String errors(String text, Binding binding) {
        Diagnostics diagnostics = new Diagnostics();
        bind(SourceFile.of("test.mcr", text), binding, diagnostics);
        return DiagnosticRenderer.render(diagnostics.all());
    }

    static Binding binding(Integer... extents) {
        return new Binding(List.of(extents), 2, Map.of(), DataLoader.none("there are no files"));
    }

    static Optional<BindResult> bind(SourceFile source, Binding binding, Diagnostics diagnostics) {
        CheckResult checked = Checker.check(Parser.parse(source, diagnostics), Bound::load, diagnostics);
        return checked.valid() ? Binder.bind(checked, binding, diagnostics) : Optional.empty();
    }

    private static UseLoader.Loaded load(org.mcrc.compiler.syntax.FileName file, Diagnostics diagnostics) {
        return new UseLoader.Found(Parser.parse(source(file.span().file().resolve(file.text())), diagnostics));
    }

    private static DataLoader.Loaded load(org.mcrc.compiler.syntax.FileName file, long limit) {
        Path path = file.span().file().resolve(file.text());
        if (!Files.exists(path)) {
            return new DataLoader.Unreadable("there is no such file");
        }
        NumpyFile array = NumpyFile.read(path);
        return new DataLoader.Found(array.shape(), array.values());
    }

    private static SourceFile source(Path file) {
        try {
            return SourceFile.of(file, Files.readString(file));
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }
}
