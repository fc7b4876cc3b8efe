package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.check.CheckResult;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.diagnostic.Suggestions;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.IndexVerifier;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration.LossDeclaration;
import org.mcrc.compiler.syntax.Declaration.OutputDeclaration;
import org.mcrc.compiler.syntax.LossKind;

/**
 * Binds checked descriptor files. Whatever is wrong is reported; no file makes it throw, hang or run out of memory.
 */
public final class Binder {
    static final DiagnosticKind UNKNOWN_OVERRIDE = DiagnosticKind.error("unknown-override");
    static final DiagnosticKind EXTENTS = DiagnosticKind.error("extents");
    static final DiagnosticKind NESTED_TOO_DEEPLY = DiagnosticKind.error("nested-too-deeply");

    private static final Set<DiagnosticKind> OF_ANY_SIZE = Set.of(SetBinder.SET_TOO_LARGE, Session.TOO_LARGE,
            ParameterBinder.OUT_OF_RANGE, ArrayBinder.DATA_FILE);

    /** Formulas are walked recursively; the default stack is small. */
    private static final long STACK_BYTES = 512L << 20;

    private Binder() {}

    /**
     * Binds a file.
     *
     * @param checked a file in which static checking found no error
     * @return the program, or nothing where errors were reported
     */
    public static Optional<BindResult> bind(CheckResult checked, Binding binding, Diagnostics diagnostics) {
        return bind(checked, binding, diagnostics, _ -> { });
    }

    /**
     * The same, for a caller that may choose other extents.
     *
     * @param divisors receives the numbers that do not divide the extents, and would have to
     */
    public static Optional<BindResult> bind(CheckResult checked, Binding binding, Diagnostics diagnostics,
            IntConsumer divisors) {
        AtomicReference<Optional<BindResult>> result = new AtomicReference<>(Optional.empty());
        AtomicReference<Throwable> defect = new AtomicReference<>();
        Thread thread = new Thread(null, () -> {
            try {
                result.set(run(checked, binding, diagnostics, divisors));
            } catch (Abandoned abandoned) {
                result.set(Optional.empty());
            } catch (StackOverflowError overflow) {
                diagnostics.report(NESTED_TOO_DEEPLY, checked.file().name().span(),
                        "the formulas of this file are nested too deeply");
            } catch (RuntimeException | Error failure) {
                defect.set(failure);
            }
        }, "bind", STACK_BYTES);
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException interruption) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        switch (defect.get()) {
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            case null, default -> { }
        }
        return result.get();
    }

    private static Optional<BindResult> run(CheckResult checked, Binding binding, Diagnostics diagnostics,
            IntConsumer divisors) {
        int errors = diagnostics.errorCount();
        Session session = new Session(binding, diagnostics, divisors);
        Span span = checked.file().name().span();
        checkExtents(session, span);
        FileBinder file = new FileBinder(session, checked, "", Map.of(), new HashMap<>(), Number.of(1));
        file.bind();
        binding.params().keySet().stream().filter(name -> !session.knowsParam(name)).forEach(name ->
                diagnostics.report(UNKNOWN_OVERRIDE, span, "the descriptor has no param '" + name + "'",
                        Suggestions.didYouMean(name, session.knownParams())));
        // What is left of a file with errors need not have an output: it is bound for what else is wrong with it.
        boolean part = file.declarations(OutputDeclaration.class).isEmpty() && checked.used().isEmpty();
        if (diagnostics.errorCount() > errors || session.hasFailed() || part) {
            return Optional.empty();
        }
        Optional<LossDeclaration> loss = file.declarations(LossDeclaration.class).stream().findFirst();
        Tensor total = new LossBuilder(session, loss.map(LossDeclaration::kind).orElse(LossKind.L2),
                loss.map(LossDeclaration::span).orElse(span)).build();
        IndexProgram program = program(checked, session, total);
        IndexVerifier.verify(program, "binding");
        return Optional.of(new BindResult(program, summary(session)));
    }

    /**
     * Whether an error of this kind does not depend on the extents: what is too large stays so in a larger microstructure,
     * and ranges of params and files know nothing of it.
     */
    public static boolean isOfAnySize(DiagnosticKind kind) {
        return OF_ANY_SIZE.contains(kind);
    }

    /** Whether an error says that a vector has other components than an image of this size, or a volume, has axes. */
    public static boolean isOfDimension(DiagnosticKind kind) {
        return kind == ExpressionBinder.WRONG_DIMENSION;
    }

    private static void checkExtents(Session session, Span span) {
        List<Integer> extents = session.binding().extents();
        long size = 1;
        for (int extent : extents) {
            size = extent < 1 ? Long.MAX_VALUE : Count.product(size, extent);
        }
        if (extents.size() < 2 || extents.size() > 3 || extents.stream().anyMatch(extent -> extent < 1)) {
            throw session.error(EXTENTS, span, "a microstructure has two or three positive extents, not "
                    + Numbers.extents(extents));
        }
        if (size > Session.MOST_ELEMENTS) {
            throw session.error(EXTENTS, span, "a microstructure of " + Numbers.extents(extents) + " has " + size
                    + " pixels; at most " + Session.MOST_ELEMENTS + " are allowed");
        }
        if (session.binding().phases() < 1) {
            throw session.error(EXTENTS, span, "a microstructure has one phase or more, not "
                    + session.binding().phases());
        }
    }

    private static IndexProgram program(CheckResult checked, Session session, Tensor loss) {
        List<Definition> definitions = new ArrayList<>();
        session.definitions.forEach(definition ->
                definitions.add(definition.withBody(session.withoutFolded(definition.body()))));
        Map<String, Double> arguments = new LinkedHashMap<>();
        session.argumentNames().stream().filter(name -> !session.isFolded(name))
                .forEach(name -> arguments.put(name, session.cell(name)[0]));
        return new IndexProgram(checked.file().name().text(), checked.file().documentation(),
                session.binding().phases(), session.fields, session.data,
                session.targets, arguments, definitions, session.outputs, session.reports,
                session.penalties.stream().map(penalty -> new IndexProgram.Penalty(penalty.name(), penalty.value())).toList(),
                LossBuilder.ERROR, loss, Map.of());
    }

    private static BindSummary summary(Session session) {
        List<BindSummary.Parameter> folded = new ArrayList<>();
        List<BindSummary.Parameter> arguments = new ArrayList<>();
        session.argumentNames().forEach(name -> (session.isFolded(name) ? folded : arguments)
                .add(new BindSummary.Parameter(name, session.cell(name)[0])));
        return new BindSummary(session.sets, session.levels, session.solved, folded, arguments);
    }
}
