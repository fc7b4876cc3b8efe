package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.syntax.IndexBinding;
import org.mcrc.compiler.syntax.SetExpression;

/**
 * Gives the indices of a declaration or a reduction their domains. A range whose bounds depend on other indices becomes
 * the smallest range that holds all its values, with a condition.
 */
final class IndexBinder {
    /**
     * Indices that were introduced together.
     *
     * @param scope the scope in which they are known
     * @param condition where their values exist, made of indices only
     */
    record Bound(List<Index> indices, List<BoundArray.Axis> axes, Scope scope, Expression condition) {
        /** The condition, for what is bound under it. */
        IndexSearch.Condition inForce() {
            return IndexBinder.inForce(condition);
        }
    }

    private IndexBinder() {}

    private static IndexSearch.Condition inForce(Expression condition) {
        return new IndexSearch.Condition(condition, Set.of());
    }

    /** @param formulas what the indices occur in: the grids of pixel indices follow from it */
    static Bound bind(List<IndexBinding> bindings, List<org.mcrc.compiler.syntax.Expression> formulas, Scope scope,
            ExpressionBinder binder) {
        List<Index> indices = new ArrayList<>();
        List<BoundArray.Axis> axes = new ArrayList<>();
        Expression condition = Expressions.always();
        Scope inner = scope;
        for (IndexBinding binding : bindings) {
            binder.session().step(binding.span());
            String name = binding.name().text();
            // What the indices before exclude is excluded here too.
            IndexSearch.Condition before = inForce(condition);
            Scope known = inner;
            Index index;
            boolean vector = false;
            if (binding.isPixel()) {
                index = new Index(name, GridInference.infer(binding, formulas, inner, binder));
            } else if (binding.set().orElseThrow() instanceof SetExpression.RangeSet range) {
                IndexForm low = binder.where(before, () -> binder.integerForm(range.low(), known));
                IndexForm high = binder.where(before, () -> binder.integerForm(range.high(), known));
                index = new Index(name, binder.file().sets().range(low.bounds()[0], high.bounds()[1], range.span()));
                IndexForm value = IndexForm.of(index, 0);
                condition = Conditions.and(condition, low.isConstant() ? Expressions.always() : Conditions.atMost(low, value));
                condition = Conditions.and(condition,
                        high.isConstant() ? Expressions.always() : Conditions.atMost(value, high));
            } else {
                SetBinder.Members members = binder.where(before,
                        () -> binder.file().sets().domain(binding.set().orElseThrow(), known, binder));
                FiniteDomain domain = members.domain();
                index = new Index(name, domain);
                vector = members.vectors();
            }
            indices.add(index);
            axes.add(new BoundArray.Axis(index.domain(), vector));
            inner = inner.with(name, index);
        }
        return new Bound(List.copyOf(indices), List.copyOf(axes), inner, condition);
    }
}
