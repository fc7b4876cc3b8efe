package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.bind.Value.Truth;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.Declaration.DataDeclaration;
import org.mcrc.compiler.syntax.Declaration.LetDeclaration;
import org.mcrc.compiler.syntax.Declaration.OutputDeclaration;
import org.mcrc.compiler.syntax.Declaration.ReportDeclaration;
import org.mcrc.compiler.syntax.IndexBinding;

/** Makes definitions of {@code let}, {@code output} and {@code report}, and tensors of {@code data}. */
final class ArrayBinder {
    static final DiagnosticKind DATA_FILE = DiagnosticKind.error("data-file");
    static final DiagnosticKind DATA_SHAPE = DiagnosticKind.error("data-shape");
    static final DiagnosticKind DATA_NOT_FINITE = DiagnosticKind.warning("data-not-finite");
    static final DiagnosticKind GUARD_ON_ARRAYS = DiagnosticKind.error("guard-on-arrays");
    static final DiagnosticKind DEPENDENT_RANGE = DiagnosticKind.error("dependent-range");

    /** What an output's comparison needs of its definition. */
    private record Bound(List<Index> axes, Index slice, Expression guard, Scope scope, Tensor compared,
            Tensor target) {}

    private final FileBinder file;
    private final Map<String, Map<List<Domain>, Tensor>> data = new HashMap<>();
    private final Map<String, Bound> outputs = new HashMap<>();

    ArrayBinder(FileBinder file) {
        this.file = file;
    }

    BoundArray bind(Declaration.Named declaration, Context context) {
        return switch (declaration) {
            case DataDeclaration array -> data(array, context);
            case LetDeclaration let -> let(let, context);
            case OutputDeclaration output -> shown(output.name().text(), output.indices(), output.guard(), output.body(),
                    output.documentation(), output.span(), context, true);
            case ReportDeclaration report -> shown(report.name().text(), report.indices(), report.guard(), report.body(),
                    report.documentation(), report.span(), context, false);
            case Declaration.ParamDeclaration _, Declaration.FieldDeclaration _, Declaration.VectorsDeclaration _,
                    Declaration.FunctionDeclaration _, Declaration.PenaltyDeclaration _, Declaration.UseDeclaration _ ->
                    throw file.session().error(FileBinder.UNKNOWN_ARRAY, declaration.span(), "this is no array");
        };
    }

    private BoundArray data(DataDeclaration declaration, Context context) {
        ExpressionBinder binder = new ExpressionBinder(file, context, null);
        IndexBinder.Bound bound = IndexBinder.bind(declaration.indices(), List.of(), Scope.EMPTY, binder);
        if (!Expressions.isAlways(bound.condition())) {
            throw file.session().error(DEPENDENT_RANGE, declaration.span(),
                    "the ranges of data do not depend on one another: a file holds a whole array");
        }
        List<Domain> domains = bound.axes().stream().map(BoundArray.Axis::domain).toList();
        Map<List<Domain>, Tensor> known = data.computeIfAbsent(declaration.name().text(), unknown -> new HashMap<>());
        Tensor tensor = known.get(domains);
        if (tensor == null) {
            String name = file.prefix() + declaration.name().text() + (known.isEmpty() ? "" : context.suffix());
            tensor = load(declaration, new Tensor(name, Tensor.Kind.DATA, domains));
            known.put(domains, tensor);
        }
        return BoundArray.whole(tensor, bound.axes(), -1, false);
    }

    private Tensor load(DataDeclaration declaration, Tensor tensor) {
        Session session = file.session();
        session.requireCountable(tensor, declaration.span());
        List<Integer> shape = tensor.axes().stream().map(Domain::size).toList();
        switch (session.binding().data().load(declaration.file(), tensor.size())) {
            case DataLoader.Unreadable unreadable -> throw session.error(DATA_FILE, declaration.file().span(),
                    "'" + declaration.file().text() + "' cannot be read: " + unreadable.reason());
            case DataLoader.Found found -> {
                if (!found.shape().equals(shape) || found.values() == null || found.values().length != tensor.size()) {
                    throw session.error(DATA_SHAPE, declaration.file().span(), "'" + declaration.file().text()
                            + "' has the shape " + shape(found.shape()) + ", and the indices of '"
                            + declaration.name().text() + "' make " + shape(shape));
                }
                warnWhereNotFinite(declaration, shape, found.values());
                session.data.add(new IndexProgram.Data(tensor, found.values().clone()));
            }
        }
        return tensor;
    }

    /** Elements that are no finite numbers are wanted where guards leave them out, and a mistake elsewhere. */
    private void warnWhereNotFinite(DataDeclaration declaration, List<Integer> shape, double[] values) {
        int[] places = IntStream.range(0, values.length).filter(place -> !Double.isFinite(values[place])).toArray();
        if (places.length > 0) {
            file.session().diagnostics().report(DATA_NOT_FINITE, declaration.file().span(), "'" + declaration.file().text()
                    + "' holds " + (Double.isNaN(values[places[0]]) ? "not-a-number" : "infinity")
                    + (shape.isEmpty() ? "" : " at " + element(places[0], shape) + ", counted from 0")
                    + (places.length == 1 ? "" : ", and " + (places.length - 1) + (places.length == 2
                            ? " more element is no finite number" : " more elements are no finite numbers")),
                    "a loss that depends on such an element is no number: a guard can leave it out");
        }
    }

    /** The indices of the element at a place in C order, as Python writes them. */
    private static String element(int place, List<Integer> shape) {
        List<String> indices = new ArrayList<>();
        for (int axis = shape.size() - 1, rest = place; axis >= 0; axis--) {
            indices.addFirst(String.valueOf(rest % shape.get(axis)));
            rest /= shape.get(axis);
        }
        return "[" + String.join(", ", indices) + "]";
    }

    /** A guard as a condition on indices alone: where it reads data, by a table. */
    private Expression elements(Truth guard, Span span, ExpressionBinder binder) {
        Session session = file.session();
        session.fold(guard.arguments());
        if (guard.structural() != null) {
            return guard.structural();
        }
        session.fold(ExpressionBinder.dependencies(guard.expression()));
        boolean known = Expressions.freeIndices(guard.expression()).stream().noneMatch(Index::isPixel)
                && Expressions.reads(guard.expression()).stream().allMatch(read -> session.data(read.tensor()) != null);
        if (!known) {
            throw session.error(GUARD_ON_ARRAYS, span, "which elements there are does not depend on the microstructure");
        }
        IndexForm table = Tabulation.of(
                Expressions.select(guard.expression(), Expressions.constant(1), Expressions.constant(0)), span, binder);
        return Expressions.binary(BinaryOperator.EQUAL, Expressions.coordinate(table), Expressions.constant(1));
    }

    /** A shape as Python writes it. */
    private static String shape(List<Integer> extents) {
        String inside = String.join(", ", extents.stream().map(String::valueOf).toList());
        return extents.size() == 1 ? "(" + inside + ",)" : "(" + inside + ")";
    }

    private BoundArray let(LetDeclaration declaration, Context context) {
        Index slice = context.newSlice();
        ExpressionBinder binder = new ExpressionBinder(file, context, slice);
        IndexBinder.Bound bound = IndexBinder.bind(declaration.indices(), List.of(declaration.body()), Scope.EMPTY, binder);
        Number body = binder.where(new IndexSearch.Condition(bound.condition(), java.util.Set.of()),
                () -> binder.number(declaration.body(), bound.scope()));
        List<Index> axes = withSlice(slice, bound.indices());
        Tensor tensor = Tensor.defined(file.prefix() + declaration.name().text() + context.suffix(), axes);
        boolean pixels = bound.indices().stream().anyMatch(Index::isPixel);
        if (pixels) {
            file.session().requireSize(tensor, declaration.span());
        } else {
            file.session().requireCountable(tensor, declaration.span());
        }
        // Elements that do not exist may read outside of an axis.
        file.session().define(tensor.name(), axes, Expressions.isAlways(bound.condition()) ? body.expression()
                : Expressions.select(bound.condition(), body.expression(), Expressions.constant(0)),
                declaration.documentation(), declaration.span());
        boolean open = pixels && (binder.readsOpen() || !binder.readsGrid() && !file.fields().isEmpty()
                && file.fields().values().stream().allMatch(FieldBinder.BoundField::open));
        return new BoundArray(tensor, bound.axes(), -1, slice != null, open, bound.indices(), bound.condition(),
                binder.validity());
    }

    private static List<Index> withSlice(Index slice, List<Index> indices) {
        List<Index> axes = new ArrayList<>();
        if (slice != null) {
            axes.add(slice);
        }
        axes.addAll(indices);
        return axes;
    }

    private BoundArray shown(String name, List<IndexBinding> indices, Optional<org.mcrc.compiler.syntax.Expression> guard,
            org.mcrc.compiler.syntax.Expression formula, String documentation, Span span, Context context,
            boolean compared) {
        Session session = file.session();
        Index slice = context.newSlice();
        ExpressionBinder binder = new ExpressionBinder(file, context, slice);
        List<org.mcrc.compiler.syntax.Expression> formulas = new ArrayList<>(List.of(formula));
        guard.ifPresent(formulas::add);
        IndexBinder.Bound bound = IndexBinder.bind(indices, formulas, Scope.EMPTY, binder);
        Expression condition = bound.condition();
        if (guard.isPresent()) {
            Truth truth = binder.where(bound.inForce(), () -> binder.truth(guard.get(), bound.scope()));
            condition = Conditions.and(condition, elements(truth, guard.get().span(), binder));
        }
        IndexSearch.Condition inForce = new IndexSearch.Condition(condition, java.util.Set.of());
        Number body = binder.where(inForce, () -> binder.number(formula, bound.scope()));
        Expression declared = condition;
        for (Index index : bound.indices()) {
            if (index.isPixel()) {
                condition = Conditions.and(condition, Conditions.and(binder.validity().of(index).stream()
                        .map(Validity.Requirement::condition).toList()));
            }
        }
        String entry = file.prefix() + name + context.suffix();
        List<Index> axes = withSlice(slice, bound.indices());
        Tensor value = Tensor.defined(entry, bound.indices());
        session.requireCountable(value, span);
        boolean whole = Expressions.isAlways(condition);
        Tensor raw;
        if (slice == null && whole) {
            raw = session.define(entry, axes, body.expression(), documentation, span);
        } else {
            raw = session.define(entry + (slice == null ? ".compared" : ".slices"), axes, whole ? body.expression()
                    : Expressions.select(condition, body.expression(), Expressions.constant(0)), documentation, span);
            session.requireSize(raw, span);
            define(value, raw, slice, bound.indices(), condition, documentation, span);
        }
        if (compared) {
            Tensor target = new Tensor(entry + "*", Tensor.Kind.TARGET, value.axes());
            session.targets.add(target);
            session.outputs.add(new IndexProgram.Output(entry, value, target, documentation));
            outputs.put(entry, new Bound(bound.indices(), slice, condition, bound.scope(), raw, target));
        } else {
            session.reports.add(new IndexProgram.Output(entry, value, null, documentation));
        }
        return new BoundArray(raw, bound.axes(), -1, slice != null, binder.readsOpen(), bound.indices(), declared,
                binder.validity());
    }

    /** What is written to files: the mean over slices, not a number where there is no element. */
    private void define(Tensor value, Tensor raw, Index slice, List<Index> axes, Expression condition,
            String documentation, Span span) {
        Expression shown;
        if (slice == null) {
            shown = Expressions.readAt(raw, axes);
        } else {
            Index each = slice.fresh();
            shown = Expressions.divide(Expressions.sum(List.of(each), Expressions.always(),
                    Expressions.readAt(raw, withSlice(each, axes))), Expressions.constant(each.domain().size()));
        }
        List<Index> own = axes.stream().map(Index::fresh).toList();
        Map<Index, List<IndexForm>> renamed = new HashMap<>();
        for (int i = 0; i < own.size(); i++) {
            renamed.put(axes.get(i), IndexForm.of(own.get(i)));
        }
        Expression body = Expressions.isAlways(condition) ? shown
                : Expressions.select(condition, shown, Expressions.constant(Double.NaN));
        file.session().define(value.name(), own, Expressions.substitute(body, renamed), documentation, span);
    }

    /** Notes that an output takes part in the loss. */
    void compare(OutputDeclaration output, LevelBuilder.Level level, Number fileWeight) {
        String entry = file.prefix() + output.name().text() + level.context().suffix();
        Bound bound = outputs.get(entry);
        ExpressionBinder binder = new ExpressionBinder(file, level.context(), null);
        Number own = output.weight().isEmpty() ? Number.of(1)
                : binder.weight(output.weight().get(), bound.scope(), "output '" + output.name().text() + "'");
        Number weight = LossBuilder.product(LossBuilder.product(own, level.weight()), fileWeight);
        Terms terms = new Terms(bound.axes(), Conditions.conjuncts(bound.guard()), List.of());
        file.session().comparisons.add(new LossBuilder.Comparison(entry, bound.compared(),
                bound.target(), bound.axes(), bound.slice(), bound.guard(), weight.expression(), level.context().sliceCount(),
                terms.count(binder), output.span()));
    }
}
