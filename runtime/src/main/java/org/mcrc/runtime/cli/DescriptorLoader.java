package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.IntConsumer;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.compiler.bind.Binder;
import org.mcrc.compiler.bind.Binding;
import org.mcrc.compiler.check.CheckResult;
import org.mcrc.compiler.check.Checker;
import org.mcrc.compiler.check.SoundPart;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.diagnostic.Suggestions;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.DescriptorFile;
import org.mcrc.compiler.syntax.ParseResult;
import org.mcrc.compiler.syntax.Parser;
import org.mcrc.compiler.syntax.SetExpression;
import org.mcrc.compiler.syntax.SourceReader;
import org.mcrc.runtime.InputError;

/** A descriptor file that was read and found right: the way from a file to a bound program. */
public final class DescriptorLoader {
    private final Path path;
    private final CheckResult checked;
    private final FileUses files;

    private DescriptorLoader(Path path, CheckResult checked, FileUses files) {
        this.path = path;
        this.checked = checked;
        this.files = files;
    }

    /**
     * Reads and checks a file.
     *
     * @param messages where warnings go
     * @throws DescriptorFault where it has errors: all of them, also those that only show where what is right of it is bound
     */
    public static DescriptorLoader load(Path path, PrintWriter messages) {
        Diagnostics diagnostics = new Diagnostics();
        FileUses files = new FileUses();
        Optional<ParseResult> parsed =
                SourceReader.read(path, diagnostics).map(source -> Parser.parse(source, diagnostics));
        Optional<CheckResult> checked = parsed.map(tree -> Checker.check(tree, files, diagnostics));
        if (diagnostics.hasErrors() && checked.isPresent()) {
            SoundPart.of(parsed.get(), checked.get(), files, diagnostics)
                    .map(sound -> TrialBinding.errors(new DescriptorLoader(path, sound, files)))
                    .ifPresent(errors -> errors.forEach(diagnostics::report));
        }
        report(diagnostics, messages);
        return new DescriptorLoader(path, checked.orElseThrow(), files);
    }

    /** Shows warnings, throws errors. */
    private static void report(Diagnostics diagnostics, PrintWriter messages) {
        String text = DiagnosticRenderer.render(diagnostics.all());
        if (diagnostics.hasErrors()) {
            throw new DescriptorFault(text);
        }
        messages.print(text);
        messages.flush();
    }

    /** The file as it was named. */
    Path path() {
        return path;
    }

    /** The files besides this that were read so far, and what they are: {@code use} or {@code data}. */
    SequencedMap<Path, String> filesRead() {
        return files.read();
    }

    /** The documentation comments of declarations that have a name, by that name, in order. */
    SequencedMap<String, String> documentation() {
        SequencedMap<String, String> comments = new LinkedHashMap<>();
        for (Declaration declaration : file().declarations()) {
            if (declaration instanceof Declaration.Named named && !named.documentation().isEmpty()) {
                comments.put(named.name().text(), named.documentation());
            }
        }
        return comments;
    }

    /** The file's tree. */
    DescriptorFile file() {
        return checked.file();
    }

    /** Whether a field has indicators of all phases. */
    boolean ofPhases() {
        return fields().stream().anyMatch(field -> phaseIndex(field) >= 0);
    }

    /** The fields, in the file's order. */
    List<Declaration.FieldDeclaration> fields() {
        return declarations(Declaration.FieldDeclaration.class);
    }

    /** The declarations of a kind, in the file's order. */
    <T extends Declaration> List<T> declarations(Class<T> kind) {
        return checked.file().declarations().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Where among the own indices of a field the one over the phases stands, or -1. */
    static int phaseIndex(Declaration.FieldDeclaration field) {
        for (int position = 0; position < field.indices().size(); position++) {
            if (field.indices().get(position).set().filter(SetExpression.PhasesSet.class::isInstance).isPresent()) {
                return position;
            }
        }
        return -1;
    }

    /**
     * Binds the descriptor.
     *
     * @param settings values of params by name
     * @param messages where warnings go
     * @throws DescriptorFault where it cannot be bound so
     * @throws InputError where there is no such param
     */
    public BindResult bind(List<Integer> extents, int phases, Map<String, Double> settings, PrintWriter messages) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<BindResult> bound = bind(extents, phases, settings, diagnostics);
        report(diagnostics, messages);
        return bound.orElseThrow();
    }

    /** Binds the descriptor for what the user did not ask for: absent, without a word, where it cannot be bound so. */
    Optional<BindResult> bind(List<Integer> extents, int phases, Map<String, Double> settings) {
        return bind(extents, phases, settings, new Diagnostics());
    }

    /** Binds the descriptor; absent, with diagnostics, where it cannot be bound so. */
    private Optional<BindResult> bind(List<Integer> extents, int phases, Map<String, Double> settings,
            Diagnostics diagnostics) {
        return bind(extents, phases, settings, diagnostics, _ -> { });
    }

    /**
     * The same, for a caller that may choose other extents.
     *
     * @param divisors receives the numbers that do not divide the extents, and would have to
     */
    Optional<BindResult> bind(List<Integer> extents, int phases, Map<String, Double> settings, Diagnostics diagnostics,
            IntConsumer divisors) {
        if (phases < 1) {
            throw new InputError("--phases " + phases + ": a microstructure has at least one phase");
        }
        settings.keySet().forEach(this::requireParam);
        return Binder.bind(checked, new Binding(extents, phases, settings, files), diagnostics, divisors);
    }

    private void requireParam(String name) {
        List<String> params = new ArrayList<>();
        collectParams(checked, "", params);
        if (!params.contains(name)) {
            throw new InputError(path + " has no param '" + name + "'", Suggestions.didYouMean(name, params)
                    .orElse(params.isEmpty() ? "it has none at all" : "its params are " + String.join(", ", params)));
        }
    }

    private static void collectParams(CheckResult file, String prefix, List<String> names) {
        file.file().declarations().stream().filter(Declaration.ParamDeclaration.class::isInstance)
                .map(Declaration.ParamDeclaration.class::cast)
                .forEach(param -> names.add(prefix + param.name().text()));
        file.used().forEach((name, used) -> collectParams(used, prefix + name + ".", names));
    }
}
