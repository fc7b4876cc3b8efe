package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.List;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.compiler.syntax.Declaration.MultigridDeclaration;
import org.mcrc.compiler.syntax.Declaration.SlicesDeclaration;

/** Builds the levels of a file: pooled fields, and what its formulas see of them. */
final class LevelBuilder {
    static final DiagnosticKind LEVEL_NOT_DIVISIBLE = DiagnosticKind.error("level-not-divisible");
    static final DiagnosticKind COARSEST = DiagnosticKind.error("coarsest");
    static final DiagnosticKind POOLING_FACTOR = DiagnosticKind.error("pooling-factor");
    static final DiagnosticKind NO_SLICES = DiagnosticKind.error("no-slices");
    static final DiagnosticKind NO_COARSE_LEVEL = DiagnosticKind.warning("smaller-than-coarsest");

    /**
     * What outputs are evaluated on once.
     *
     * @param weight the level's weight
     */
    record Level(Context context, Number weight) {}

    /** How many levels there are, and how much coarser each is than the one before. */
    private record Pooling(int levels, int factor) {
        static final Pooling NONE = new Pooling(1, 1);
    }

    private final FileBinder file;
    private final List<Level> levels = new ArrayList<>();
    private Context whole;

    LevelBuilder(FileBinder file) {
        this.file = file;
    }

    /** All levels, the finest first; of a sliced file the axes of a level one after the other. */
    List<Level> all() {
        return levels;
    }

    /** The whole field on the finest level. */
    Context whole() {
        return whole;
    }

    void build() {
        List<Integer> extents = file.session().binding().extents();
        SlicesDeclaration slices = file.declarations(SlicesDeclaration.class).stream().findFirst().orElse(null);
        MultigridDeclaration multigrid = file.declarations(MultigridDeclaration.class).stream().findFirst().orElse(null);
        if (slices != null && extents.size() == 3) {
            for (int axis : slices.axes()) {
                if (axis < 1 || axis > 3) {
                    throw file.session().error(NO_SLICES, slices.span(), "there is no axis " + axis);
                }
            }
        }
        boolean volume = slices != null && extents.size() == 3;
        Grid formulaGrid = volume ? sliceGrid(extents, slices.axes().getFirst() - 1) : new Grid(extents);
        FieldBinder.bind(file, new Context(1, formulaGrid, -1, null, "@1"), slices != null);
        Pooling pooling = pooling(multigrid, extents);
        int factor = pooling.factor();
        List<Tensor> fields = new ArrayList<>();
        file.names(FieldDeclaration.class).forEach(name -> fields.add(file.fields().get(name).tensor()));
        List<Integer> own = extents;
        List<Tensor> tensors = fields;
        for (int number = 1; number <= pooling.levels(); number++) {
            if (number > 1) {
                own = own.stream().map(extent -> extent / factor).toList();
                tensors = pool(tensors, own, factor, number, multigrid.span());
            }
            Number weight = levelWeight(multigrid, new Context(number, formulaGrid, -1, null, ""));
            addLevel(number, own, tensors, weight, slices);
        }
    }

    /** How many levels there are; one where that cannot be said, so that what is wrong with the formulas is found too. */
    private Pooling pooling(MultigridDeclaration multigrid, List<Integer> extents) {
        if (multigrid == null) {
            return Pooling.NONE;
        }
        try {
            return new Pooling(count(multigrid, extents), factor(multigrid, extents.size()));
        } catch (Abandoned reported) {
            file.session().noteFailure();
            return Pooling.NONE;
        }
    }

    private void addLevel(int number, List<Integer> extents, List<Tensor> tensors, Number weight,
            SlicesDeclaration slices) {
        Context full = new Context(number, new Grid(extents), -1, null, "@" + number);
        putFields(full, tensors);
        if (slices == null) {
            levels.add(new Level(full, weight));
        } else {
            for (int axis : slices.axes()) {
                // An image stands for every slice of a volume: each axis sees it as it is.
                boolean volume = extents.size() == 3;
                Context context = new Context(number, volume ? sliceGrid(extents, axis - 1) : new Grid(extents),
                        volume ? axis - 1 : -1, volume ? new IntegerDomain(0, extents.get(axis - 1) - 1) : null,
                        "@" + number + "." + axis);
                putFields(context, tensors);
                levels.add(new Level(context, weight));
            }
        }
        if (number == 1) {
            whole = full;
            if (slices != null) {
                whole = new Context(1, new Grid(extents), -1, null, "@1.whole");
                putFields(whole, tensors);
            }
        }
        double value = new ExpressionBinder(file, full, null).constant(weight).orElse(Double.NaN);
        file.session().levels.add(new BindSummary.Level(file.prefix(), number, extents,
                slices == null ? List.of() : slices.axes(), value));
    }

    private void putFields(Context context, List<Tensor> tensors) {
        List<String> names = file.names(FieldDeclaration.class);
        for (int i = 0; i < names.size(); i++) {
            FieldBinder.BoundField field = file.fields().get(names.get(i));
            List<BoundArray.Axis> axes = new ArrayList<>();
            axes.add(new BoundArray.Axis(context.grid(), true));
            axes.addAll(field.own());
            context.put(names.get(i), BoundArray.whole(tensors.get(i), axes, context.slicedAxis(), field.open()));
        }
    }

    private static Grid sliceGrid(List<Integer> extents, int axis) {
        List<Integer> rest = new ArrayList<>(extents);
        rest.remove(axis);
        return new Grid(rest);
    }

    private Number levelWeight(MultigridDeclaration multigrid, Context context) {
        if (multigrid == null || multigrid.weight().isEmpty()) {
            return Number.of(1);
        }
        return new ExpressionBinder(file, context, null).weight(multigrid.weight().get(), Scope.EMPTY,
                "level " + context.level());
    }

    private int factor(MultigridDeclaration multigrid, int rank) {
        if (multigrid.factor().isEmpty()) {
            return 2;
        }
        int factor = new ExpressionBinder(file, null, null).integer(multigrid.factor().get(), Scope.EMPTY);
        if (factor < 2) {
            throw file.session().error(POOLING_FACTOR, multigrid.factor().get().span(),
                    "each level is coarser than the one before by 2 or more, not by " + factor);
        }
        if (Math.pow(factor, rank) > SetBinder.MOST_MEMBERS) {
            throw file.session().error(POOLING_FACTOR, multigrid.factor().get().span(), "a pixel of a level would be the mean"
                    + " of " + Numbers.text(Math.pow(factor, rank)) + " pixels of the one before, and "
                    + SetBinder.MOST_MEMBERS + " are allowed");
        }
        return factor;
    }

    /** The number of levels; every extent of each of them is whole. */
    private int count(MultigridDeclaration multigrid, List<Integer> extents) {
        Context none = new Context(1, new Grid(extents), -1, null, "");
        double coarsest = new ExpressionBinder(file, none, null).constant(multigrid.coarsest(), Scope.EMPTY);
        Span span = multigrid.coarsest().span();
        if (!(coarsest >= 1)) {
            throw file.session().error(COARSEST, span, "the coarsest level has extents of 1 or more, not of "
                    + Numbers.text(coarsest));
        }
        int factor = factor(multigrid, extents.size());
        int smallest = extents.stream().min(Integer::compare).orElseThrow();
        if (smallest < coarsest) {
            file.session().diagnostics().report(NO_COARSE_LEVEL, span, "a microstructure of " + Numbers.extents(extents)
                    + " is smaller than the coarsest level, " + Numbers.text(coarsest) + ": there is one level");
        }
        int count = 1;
        long size = factor;
        while (smallest / (double) size >= coarsest) {
            count++;
            for (int extent : extents) {
                if (extent % size != 0) {
                    file.session().noteDivisor(size);
                    throw file.session().error(LEVEL_NOT_DIVISIBLE, multigrid.span(), "a microstructure of "
                            + Numbers.extents(extents) + " has no level " + count + ": " + size + " does not divide "
                            + extent, "use extents that " + size + " divides, or a 'coarsest' of more than "
                            + Numbers.text(smallest / (double) size) + " for fewer levels; it is " + Numbers.text(coarsest)
                            + " now");
                }
            }
            size *= factor;
        }
        return count;
    }

    /** Mean pooling of all fields by the factor along every axis. */
    private List<Tensor> pool(List<Tensor> finer, List<Integer> extents, int factor, int number, Span span) {
        Grid grid = new Grid(extents);
        List<int[]> offsets = new ArrayList<>();
        int[] offset = new int[grid.rank()];
        while (true) {
            offsets.add(offset.clone());
            int axis = grid.rank() - 1;
            while (axis >= 0 && ++offset[axis] == factor) {
                offset[axis--] = 0;
            }
            if (axis < 0) {
                break;
            }
        }
        VectorDomain box = new VectorDomain("box(" + factor + ")", grid.rank(), offsets);
        List<Tensor> coarser = new ArrayList<>();
        List<String> names = file.names(FieldDeclaration.class);
        for (int i = 0; i < finer.size(); i++) {
            Index pixel = new Index("x", grid);
            Index cell = new Index("d", box);
            List<Index> axes = new ArrayList<>(List.of(pixel));
            List<List<IndexForm>> subscripts = new ArrayList<>();
            List<IndexForm> position = new ArrayList<>();
            for (int axis = 0; axis < grid.rank(); axis++) {
                position.add(IndexForm.of(pixel, axis).times(factor).plus(IndexForm.of(cell, axis)));
            }
            subscripts.add(position);
            for (BoundArray.Axis own : file.fields().get(names.get(i)).own()) {
                Index index = new Index("c", own.domain());
                axes.add(index);
                subscripts.add(IndexForm.of(index));
            }
            coarser.add(file.session().define(file.prefix() + names.get(i) + "@" + number, axes, Expressions.divide(
                    Expressions.sum(List.of(cell), Expressions.always(), Expressions.read(finer.get(i), subscripts)),
                    Expressions.constant(box.size())), "mean pooling by " + factor, span));
        }
        return coarser;
    }
}
