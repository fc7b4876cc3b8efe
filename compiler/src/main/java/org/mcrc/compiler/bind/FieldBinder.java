package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.List;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.syntax.Boundary;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.compiler.syntax.IndexBinding;
import org.mcrc.compiler.syntax.Interval;
import org.mcrc.compiler.syntax.SetExpression;

/** Binds fields: their pixels, their own indices, their range. */
final class FieldBinder {
    static final DiagnosticKind WRONG_RANK = DiagnosticKind.error("wrong-rank");
    static final DiagnosticKind FIELDS_DIFFER = DiagnosticKind.error("fields-differ");
    static final DiagnosticKind EMPTY_RANGE = DiagnosticKind.error("empty-range");

    /**
     * A field.
     *
     * @param own what its own indices range over
     */
    record BoundField(Tensor tensor, List<BoundArray.Axis> own, boolean open) {
        BoundField {
            own = List.copyOf(own);
        }
    }

    private FieldBinder() {}

    /** Binds the fields of the outermost file, or compares those of a used file with what is given. */
    static void bind(FileBinder file, Context formulas, boolean sliced) {
        for (FieldDeclaration declaration : file.declarations(FieldDeclaration.class)) {
            checkRank(declaration, file, sliced);
            List<BoundArray.Axis> own = own(declaration, file, formulas);
            BoundField given = file.fields().get(declaration.name().text());
            if (given == null) {
                file.fields().put(declaration.name().text(), declare(declaration, own, file));
            } else if (!given.own().equals(own)) {
                throw file.session().error(FIELDS_DIFFER, declaration.span(), "the field '" + declaration.name().text()
                        + "' has other indices where this file is used");
            }
        }
    }

    private static void checkRank(FieldDeclaration declaration, FileBinder file, boolean sliced) {
        List<Integer> extents = file.session().binding().extents();
        boolean imageForSlices = sliced && extents.size() == 2;
        if (declaration.rank().isPresent() && declaration.rank().getAsInt() != extents.size() && !imageForSlices) {
            throw file.session().error(WRONG_RANK, declaration.span(), "the field '" + declaration.name().text()
                    + "' has rank " + declaration.rank().getAsInt() + ", and a microstructure of "
                    + Numbers.extents(extents) + " has rank " + extents.size());
        }
    }

    private static List<BoundArray.Axis> own(FieldDeclaration declaration, FileBinder file, Context formulas) {
        ExpressionBinder binder = new ExpressionBinder(file, formulas, null);
        return IndexBinder.bind(declaration.indices(), List.of(), Scope.EMPTY, binder).axes();
    }

    private static BoundField declare(FieldDeclaration declaration, List<BoundArray.Axis> own, FileBinder file) {
        Session session = file.session();
        List<Domain> axes = new ArrayList<>();
        axes.add(new Grid(session.binding().extents()));
        own.forEach(axis -> axes.add(axis.domain()));
        Tensor tensor = new Tensor(declaration.name().text(), Tensor.Kind.FIELD, axes);
        session.requireCountable(tensor, declaration.span());
        ExpressionBinder binder = new ExpressionBinder(file, null, null);
        double low = declaration.range().map(Interval::low).map(bound -> binder.structuralBound(bound, Scope.EMPTY))
                .orElse(Double.NEGATIVE_INFINITY);
        double high = declaration.range().map(Interval::high).map(bound -> binder.structuralBound(bound, Scope.EMPTY))
                .orElse(Double.POSITIVE_INFINITY);
        if (!(low <= high)) {
            throw session.error(EMPTY_RANGE, declaration.range().orElseThrow().span(), "there is no value between "
                    + Numbers.text(low) + " and " + Numbers.text(high));
        }
        boolean phases = declaration.indices().stream().map(IndexBinding::set)
                .anyMatch(set -> set.isPresent() && set.get() instanceof SetExpression.PhasesSet);
        session.fields.add(new IndexProgram.Field(tensor, low, high, phases, declaration.documentation()));
        return new BoundField(tensor, own, declaration.boundary() == Boundary.OPEN);
    }
}
