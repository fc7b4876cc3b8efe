package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.bind.Value.Vector;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Expression.Subscript;

/** Binds elements of arrays: makes sure that each exists, and notes what an open boundary requires. */
final class ReadBinder {
    static final DiagnosticKind NOT_A_MEMBER = DiagnosticKind.error("not-a-member");
    static final DiagnosticKind NOT_AN_ELEMENT = DiagnosticKind.error("not-an-element");
    static final DiagnosticKind NO_PIXEL = DiagnosticKind.error("no-pixel");
    static final DiagnosticKind WRONG_COUNT = DiagnosticKind.error("wrong-subscripts");

    private final ExpressionBinder binder;

    ReadBinder(ExpressionBinder binder) {
        this.binder = binder;
    }

    /** An array without indices. */
    Number scalar(String name, Span span) {
        return read(binder.file().array(name, binder.context(span), span), List.of(), List.of());
    }

    Number read(Subscript node, Scope scope) {
        String name = node.array().text();
        BoundArray array = binder.file().array(name, binder.context(node.span()), node.array().span());
        if (array.axes().size() != node.subscripts().size()) {
            throw binder.error(WRONG_COUNT, node.span(), "'" + name + "' has " + array.axes().size() + " indices, and "
                    + node.subscripts().size() + " stand here");
        }
        List<Supplier<List<IndexForm>>> parts = new ArrayList<>();
        for (int axis = 0; axis < array.axes().size(); axis++) {
            BoundArray.Axis read = array.axes().get(axis);
            org.mcrc.compiler.syntax.Expression subscript = node.subscripts().get(axis);
            parts.add(() -> subscript(array, read, subscript, scope));
        }
        return read(array, ExpressionBinder.all(parts),
                node.subscripts().stream().map(org.mcrc.compiler.syntax.Expression::span).toList());
    }

    private List<IndexForm> subscript(BoundArray array, BoundArray.Axis axis, org.mcrc.compiler.syntax.Expression subscript,
            Scope scope) {
        Span span = subscript.span();
        Value value = binder.bind(subscript, scope);
        return switch (axis.domain()) {
            case Grid grid -> pixel(array, grid, binder.vector(value, grid.rank(), span), span);
            case FiniteDomain finite -> {
                List<IndexForm> element = axis.vector() ? binder.vector(value, finite.components(), span).components()
                        : List.of(binder.integerForm(binder.number(value, span), span));
                requireMember(element, finite, span);
                yield element;
            }
        };
    }

    private Number read(BoundArray array, List<List<IndexForm>> subscripts, List<Span> spans) {
        requireElement(array, subscripts, spans);
        List<List<IndexForm>> all = new ArrayList<>();
        if (array.sliced()) {
            all.add(IndexForm.of(binder.slice()));
        }
        for (List<IndexForm> subscript : subscripts) {
            boolean grid = array.slicedAxis() >= 0 && array.axes().get(all.size()).domain() instanceof Grid;
            all.add(grid ? inVolume(subscript, array.slicedAxis()) : subscript);
        }
        Expression read = Expressions.read(array.tensor(), all);
        boolean constant = all.stream().flatMap(List::stream).allMatch(IndexForm::isConstant);
        double[] data = constant ? binder.session().data(array.tensor()) : null;
        return data == null ? Number.computed(read)
                : Number.of(data[IndexForm.position(array.tensor().axes(), all).constant()]);
    }

    private List<IndexForm> inVolume(List<IndexForm> subscript, int axis) {
        List<IndexForm> volume = new ArrayList<>(subscript);
        volume.add(axis, IndexForm.of(binder.slice(), 0));
        return volume;
    }

    private List<IndexForm> pixel(BoundArray array, Grid grid, Vector vector, Span span) {
        Set<Index> pixels = new LinkedHashSet<>();
        vector.components().forEach(form -> form.indices().stream().filter(Index::isPixel).forEach(pixels::add));
        if (pixels.size() != 1) {
            throw binder.error(NO_PIXEL, span, "a pixel is needed here: a pixel index, such as x, plus a vector");
        }
        Index pixel = pixels.iterator().next();
        Grid own = (Grid) pixel.domain();
        for (int axis = 0; axis < grid.rank(); axis++) {
            int factor = vector.components().get(axis).linearCoefficient(new IndexForm.Component(pixel, axis));
            if (factor < 1 || own.rank() != grid.rank() || (long) factor * own.extent(axis) != grid.extent(axis)) {
                throw binder.error(NO_PIXEL, span, "'" + span.text() + "' is no pixel of a grid of " + grid + " where "
                        + pixel.name() + " is one of " + own);
            }
        }
        binder.noteGridRead(array.open());
        if (array.open()) {
            for (int axis = 0; axis < grid.rank(); axis++) {
                binder.validity().require(pixel, vector.components().get(axis), grid.extent(axis));
            }
        }
        return vector.components();
    }

    /** The element must be a member of the axis's set for all values of the indices that can occur here. */
    private void requireMember(List<IndexForm> element, FiniteDomain domain, Span span) {
        if (isWithin(element, domain)) {
            return;
        }
        Set<Index> indices = new LinkedHashSet<>();
        element.forEach(form -> indices.addAll(form.indices()));
        int[][] offending = new int[1][];
        try {
            Optional<String> found = binder.search().counterexample(indices, (compiler, space) -> {
                FormulaCompiler.IntegerFormula[] components = compiler.compile(element);
                return slots -> {
                    int[] value = FormulaCompiler.at(components, slots);
                    boolean member = domain.ordinal(value) >= 0;
                    if (!member) {
                        offending[0] = value;
                    }
                    return member;
                };
            });
            if (found.isPresent()) {
                throw binder.error(NOT_A_MEMBER, span, notAMember(span.text(), IndexSpace.vector(offending[0]), domain,
                        found.get()));
            }
        } catch (FormulaCompiler.Unknown unknown) {
            throw binder.error(Session.TOO_LARGE, span, "there are too many values of " + span.text()
                    + " to see that all are members of " + domain);
        }
    }

    private static String notAMember(String subscript, String value, FiniteDomain domain, String indices) {
        String shown = subscript + " = " + value;
        if (subscript.replace(" ", "").equals(value.replace(" ", ""))) {
            return value + " is not a member of " + domain;
        }
        return shown + " is not a member of " + domain
                + (indices.isEmpty() || indices.equals(shown) ? "" : ", for " + indices);
    }

    private static boolean isWithin(List<IndexForm> element, FiniteDomain domain) {
        Set<Index> indices = element.getFirst().indices();
        if (indices.size() == 1) {
            Index index = indices.iterator().next();
            if (IndexForm.of(index).equals(element) && index.domain().equals(domain)) {
                return true;
            }
        }
        return switch (domain) {
            case IntegerDomain range -> {
                long[] bounds = element.getFirst().bounds();
                yield bounds[0] >= range.low() && bounds[1] <= range.high();
            }
            case VectorDomain set -> LinearImage.of(element)
                    .map(image -> image.count() <= set.size() && image.all(value -> set.ordinal(value) >= 0))
                    .orElse(false);
        };
    }

    /** The element must exist, and must be inside where the boundary is open. */
    private void requireElement(BoundArray array, List<List<IndexForm>> subscripts, List<Span> spans) {
        if (array.indices().isEmpty()) {
            return;
        }
        Map<Index, List<IndexForm>> replacements = new HashMap<>();
        for (int axis = 0; axis < subscripts.size(); axis++) {
            replacements.put(array.indices().get(axis), subscripts.get(axis));
        }
        if (!Expressions.isAlways(array.condition())) {
            Expression condition = Conditions.fold(Expressions.substitute(array.condition(), replacements));
            Span span = spans.getFirst().to(spans.getLast());
            try {
                Optional<String> found = binder.search().counterexample(Expressions.freeIndices(condition),
                        (compiler, space) -> compiler.compile(condition)::holds);
                if (found.isPresent()) {
                    throw binder.error(NOT_AN_ELEMENT, span, "there is no such element"
                            + (found.get().isEmpty() ? "" : " for " + found.get()));
                }
            } catch (FormulaCompiler.Unknown unknown) {
                throw binder.error(Session.TOO_LARGE, span,
                        "there are too many values of the indices to see that all these elements exist");
            }
        }
        for (int axis = 0; axis < subscripts.size(); axis++) {
            Index index = array.indices().get(axis);
            if (index.isPixel()) {
                Index pixel = subscripts.get(axis).stream().flatMap(form -> form.indices().stream())
                        .filter(Index::isPixel).findFirst().orElseThrow();
                array.validity().of(index).forEach(requirement ->
                        binder.validity().add(pixel, requirement.substitute(replacements)));
            }
        }
    }
}
