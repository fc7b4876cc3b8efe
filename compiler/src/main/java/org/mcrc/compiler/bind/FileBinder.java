package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.check.CheckResult;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.Declaration.DataDeclaration;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.compiler.syntax.Declaration.FunctionDeclaration;
import org.mcrc.compiler.syntax.Declaration.LetDeclaration;
import org.mcrc.compiler.syntax.Declaration.OutputDeclaration;
import org.mcrc.compiler.syntax.Declaration.ParamDeclaration;
import org.mcrc.compiler.syntax.Declaration.PenaltyDeclaration;
import org.mcrc.compiler.syntax.Declaration.ReportDeclaration;
import org.mcrc.compiler.syntax.Declaration.SlicesDeclaration;
import org.mcrc.compiler.syntax.Declaration.UseDeclaration;
import org.mcrc.compiler.syntax.Declaration.VectorsDeclaration;

/** Binds one file: all of it that has no error, so that every error is found. */
final class FileBinder {
    static final DiagnosticKind UNKNOWN_ARRAY = DiagnosticKind.error("unknown-array");
    static final DiagnosticKind UNKNOWN_PARAM = DiagnosticKind.error("unknown-param");

    private final Session session;
    private final CheckResult checked;
    private final String prefix;
    private final Number weight;
    private final SetBinder sets;
    private final FunctionBinder functions;
    private final ParameterBinder parameters;
    private final ArrayBinder arrays;
    private final Map<String, FieldBinder.BoundField> fields;

    /**
     * @param prefix what the names of its outputs, params, … begin with: empty, or {@code NAME.} where it is used
     * @param assigned values of its params that the using file gives
     * @param fields the fields, by name; filled by the outermost file
     * @param weight what the weights of its outputs are multiplied by
     */
    FileBinder(Session session, CheckResult checked, String prefix, Map<String, Number> assigned,
            Map<String, FieldBinder.BoundField> fields, Number weight) {
        this.session = session;
        this.checked = checked;
        this.prefix = prefix;
        this.weight = weight;
        this.fields = fields;
        this.sets = new SetBinder(this);
        this.functions = new FunctionBinder(this);
        this.parameters = new ParameterBinder(this, assigned);
        this.arrays = new ArrayBinder(this);
    }

    Session session() {
        return session;
    }

    String prefix() {
        return prefix;
    }

    SetBinder sets() {
        return sets;
    }

    FunctionBinder functions() {
        return functions;
    }

    Map<String, FieldBinder.BoundField> fields() {
        return fields;
    }

    /** The place to blame for what concerns the file as a whole. */
    Span span() {
        return checked.file().name().span();
    }

    /** The param of that name, or null. */
    Number parameter(String name) {
        return parameters.value(name);
    }

    /** The declaration of that name and kind, or null. */
    <T extends Declaration.Named> T declaration(String name, Class<T> kind) {
        Declaration.Named found = checked.declarations().get(name);
        return kind.isInstance(found) ? kind.cast(found) : null;
    }

    /** All declarations of a kind, in the file's order. */
    <T extends Declaration> List<T> declarations(Class<T> kind) {
        return checked.file().declarations().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Whether a name is that of a field, of data, or of something computed. */
    boolean isArray(String name) {
        Declaration.Named found = checked.declarations().get(name);
        return found instanceof FieldDeclaration || found instanceof DataDeclaration || found instanceof LetDeclaration
                || found instanceof OutputDeclaration || found instanceof ReportDeclaration;
    }

    /** An array as it is on one level, bound now where it was not before. */
    BoundArray array(String name, Context context, Span span) {
        BoundArray known = context.array(name);
        if (known != null) {
            return known;
        }
        if (context.hasFailed(name)) {
            throw new Abandoned();
        }
        Declaration.Named declaration = checked.declarations().get(name);
        if (declaration == null || !isArray(name) || declaration instanceof FieldDeclaration) {
            throw session.error(UNKNOWN_ARRAY, span, "there is no array '" + name + "' here");
        }
        context.fail(name);
        BoundArray bound = arrays.bind(declaration, context);
        context.put(name, bound);
        return bound;
    }

    /** Binds the whole file. */
    void bind() {
        for (ParamDeclaration declaration : declarations(ParamDeclaration.class)) {
            session.knowParam(prefix + declaration.name().text());
            attempt(declaration.span(), () -> parameters.value(declaration.name().text()));
        }
        declarations(FunctionDeclaration.class).forEach(function -> attempt(function.span(),
                () -> functions.solveEagerly(function)));
        attempt(span(), () -> {
            LevelBuilder levels = new LevelBuilder(this);
            levels.build();
            bindFormulas(levels);
        });
        declarations(UseDeclaration.class).forEach(use -> attempt(use.span(), () -> bindUsed(use)));
    }

    private void bindFormulas(LevelBuilder levels) {
        Context formulas = levels.all().getFirst().context();
        for (VectorsDeclaration declaration : declarations(VectorsDeclaration.class)) {
            attempt(declaration.span(), () -> {
                ExpressionBinder binder = new ExpressionBinder(this, formulas, null);
                int count = sets.declared(declaration.name().text(), binder, declaration.span()).size();
                session.sets.add(new BindSummary.VectorSet(prefix + declaration.name().text(), formulas.dimension(), count));
            });
        }
        for (LevelBuilder.Level level : levels.all()) {
            for (Declaration declaration : checked.file().declarations()) {
                switch (declaration) {
                    case DataDeclaration data -> attempt(data.span(),
                            () -> array(data.name().text(), level.context(), data.span()));
                    case LetDeclaration let -> attempt(let.span(),
                            () -> array(let.name().text(), level.context(), let.span()));
                    case ReportDeclaration report -> attempt(report.span(),
                            () -> array(report.name().text(), level.context(), report.span()));
                    case OutputDeclaration output -> attempt(output.span(), () -> {
                        array(output.name().text(), level.context(), output.span());
                        arrays.compare(output, level, weight);
                    });
                    case ParamDeclaration _, FieldDeclaration _, VectorsDeclaration _, FunctionDeclaration _,
                            Declaration.MultigridDeclaration _, SlicesDeclaration _, PenaltyDeclaration _,
                            Declaration.LossDeclaration _, UseDeclaration _ -> { }
                }
            }
        }
        declarations(PenaltyDeclaration.class).forEach(penalty -> attempt(penalty.span(),
                () -> bindPenalty(penalty, levels.whole())));
    }

    private void bindPenalty(PenaltyDeclaration penalty, Context whole) {
        ExpressionBinder binder = new ExpressionBinder(this, whole, null);
        Number value = binder.number(penalty.body(), Scope.EMPTY);
        Number factor = new ExpressionBinder(this, whole, null).weight(penalty.weight(), Scope.EMPTY,
                "penalty '" + penalty.name().text() + "'");
        String name = prefix + penalty.name().text();
        session.penalties.add(new LossBuilder.WeightedPenalty(name, session.define(session.freeName(name),
                List.<Index>of(), value.expression(), penalty.documentation(), penalty.span()), factor.expression()));
    }

    private void bindUsed(UseDeclaration use) {
        CheckResult used = checked.used().get(use.name().text());
        if (used == null) {
            return;
        }
        session.countFile(use.span());
        ExpressionBinder binder = new ExpressionBinder(this, null, null);
        Map<String, Number> assigned = new LinkedHashMap<>();
        for (Declaration.Assignment assignment : use.assignments()) {
            String name = assignment.name().text();
            if (!(used.declarations().get(name) instanceof ParamDeclaration)) {
                throw session.error(UNKNOWN_PARAM, assignment.name().span(), "'" + use.file().text()
                        + "' has no param '" + name + "'");
            }
            assigned.put(name, binder.number(assignment.value(), Scope.EMPTY));
        }
        Number factor = use.weight().isEmpty() ? weight : Arithmetic.binary(
                org.mcrc.compiler.index.BinaryOperator.MULTIPLY, weight,
                binder.weight(use.weight().get(), Scope.EMPTY, "'" + use.name().text() + "'"));
        FileBinder inner = new FileBinder(session, used, prefix + use.name().text() + ".", assigned, new HashMap<>(),
                factor);
        inner.inherit(this, use);
        inner.bind();
    }

    private void inherit(FileBinder outer, UseDeclaration use) {
        for (FieldDeclaration declaration : declarations(FieldDeclaration.class)) {
            String name = declaration.name().text();
            FieldBinder.BoundField given = outer.fields.get(name);
            if (given == null) {
                throw session.error(UNKNOWN_ARRAY, use.span(), "'" + use.file().text() + "' needs a field '" + name
                        + "', which is not declared here");
            }
            fields.put(name, given);
        }
    }

    /** Goes on after an error that was reported. */
    private void attempt(Span span, Runnable action) {
        try {
            action.run();
        } catch (Abandoned abandoned) {
            session.noteFailure();
        } catch (ArithmeticException overflow) {
            session.error(Session.TOO_LARGE, span, "the integers in this become too large");
            session.noteFailure();
        }
    }

    /** The names of the declarations of a kind. */
    List<String> names(Class<? extends Declaration.Named> kind) {
        List<String> names = new ArrayList<>();
        declarations(kind).forEach(declaration -> names.add(declaration.name().text()));
        return names;
    }
}
