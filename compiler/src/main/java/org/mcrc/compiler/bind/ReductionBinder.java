package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.bind.Value.Truth;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.syntax.Expression.BinaryOperator;
import org.mcrc.compiler.syntax.Expression.Reduction;

/**
 * Binds reductions. Conditions on indices become guards, conditions on the microstructure choose between a term and what
 * leaves the result as it is; {@code mean} is a sum over a count.
 */
final class ReductionBinder {
    static final DiagnosticKind EMPTY = DiagnosticKind.error("empty-reduction");

    /** Terms that are gone through to fold a reduction to a constant. */
    private static final long MOST_FOLDED = 100_000;

    private final ExpressionBinder binder;

    ReductionBinder(ExpressionBinder binder) {
        this.binder = binder;
    }

    /** A guard, taken apart. */
    private static final class Guard {
        private Expression onIndices = Expressions.always();
        private Truth onArrays;
        private final Set<String> arguments = new HashSet<>();
    }

    Number bind(Reduction node, Scope scope) {
        List<org.mcrc.compiler.syntax.Expression> formulas = new ArrayList<>();
        node.indices().forEach(index -> formulas.addAll(SyntaxTree.children(index)));
        node.guard().ifPresent(formulas::add);
        formulas.add(node.body());
        IndexBinder.Bound bound = IndexBinder.bind(node.indices(), formulas, scope, binder);
        Guard guard = new Guard();
        guard.onIndices = bound.condition();
        Validity inside = new Validity();
        Number body = binder.collecting(inside, () -> binder.where(condition(guard), () -> {
            node.guard().ifPresent(condition -> split(condition, bound.scope(), guard));
            return binder.where(condition(guard), () -> binder.number(node.body(), bound.scope()));
        }));
        binder.session().fold(guard.arguments);
        List<Validity.Requirement> requirements = new ArrayList<>();
        for (Index index : bound.indices()) {
            if (index.isPixel()) {
                requirements.addAll(inside.remove(index));
            }
        }
        List<Index> finite = bound.indices().stream().filter(index -> !index.isPixel()).toList();
        binder.validity().addAll(inside.forAll(finite, guard.onIndices).orElseThrow(() -> binder.error(Session.TOO_LARGE,
                node.span(), "this reduction is too large for an open boundary: what it reads is followed term by term")),
                Expressions.always());
        return reduce(node, bound.indices(), guard, requirements, body);
    }

    private static IndexSearch.Condition condition(Guard guard) {
        return new IndexSearch.Condition(guard.onIndices, Set.copyOf(guard.arguments));
    }

    private void split(org.mcrc.compiler.syntax.Expression condition, Scope scope, Guard guard) {
        if (condition instanceof org.mcrc.compiler.syntax.Expression.Binary binary
                && binary.operator() == BinaryOperator.AND) {
            split(binary.left(), scope, guard);
            split(binary.right(), scope, guard);
            return;
        }
        Truth truth = binder.where(condition(guard), () -> binder.truth(condition, scope));
        if (truth.structural() != null) {
            guard.onIndices = Conditions.and(guard.onIndices, truth.structural());
            guard.arguments.addAll(truth.arguments());
        } else {
            guard.onArrays = guard.onArrays == null ? truth : Arithmetic.and(guard.onArrays, truth);
        }
    }

    private Number reduce(Reduction node, List<Index> indices, Guard guard, List<Validity.Requirement> requirements,
            Number body) {
        Terms terms = new Terms(indices, Conditions.conjuncts(guard.onIndices), requirements);
        Expression condition = terms.condition();
        if (node.operator() != org.mcrc.compiler.syntax.Expression.ReductionOperator.SUM
                && node.operator() != org.mcrc.compiler.syntax.Expression.ReductionOperator.PROD) {
            requireTerms(terms, node);
        }
        boolean known = body.structural() != null && guard.onArrays == null && requirements.isEmpty();
        Expression computed = combine(node, terms, condition, guard.onArrays, body.expression());
        if (!known) {
            return Number.computed(computed);
        }
        Expression structural = combine(node, terms, condition, null, body.structural());
        Set<Index> free = Expressions.freeIndices(structural);
        if (free.isEmpty() && Count.of(indices) <= MOST_FOLDED) {
            Optional<Double> value = binder.constant(Number.computed(structural));
            if (value.isPresent()) {
                Number constant = Number.of(value.get());
                return body.arguments().isEmpty() ? constant
                        : new Number(computed, constant.structural(), constant.form(), body.arguments());
            }
        }
        return new Number(computed, structural, null, body.arguments());
    }

    private Expression combine(Reduction node, Terms terms, Expression condition, Truth onArrays, Expression body) {
        return switch (node.operator()) {
            case SUM -> Expressions.sum(terms.indices(), condition, chosen(onArrays, body, 0));
            case PROD -> Expressions.reduce(ReductionOperator.PRODUCT, terms.indices(), condition,
                    chosen(onArrays, body, 1));
            case MAX -> Expressions.reduce(ReductionOperator.MAXIMUM, terms.indices(), condition,
                    chosen(onArrays, body, Double.NEGATIVE_INFINITY));
            case MIN -> Expressions.reduce(ReductionOperator.MINIMUM, terms.indices(), condition,
                    chosen(onArrays, body, Double.POSITIVE_INFINITY));
            case MEAN -> Expressions.divide(Expressions.sum(terms.indices(), condition, chosen(onArrays, body, 0)),
                    onArrays == null ? terms.count(binder)
                            : Expressions.sum(terms.indices(), condition, chosen(onArrays, Expressions.constant(1), 0)));
        };
    }

    private static Expression chosen(Truth onArrays, Expression term, double otherwise) {
        return onArrays == null ? term
                : Expressions.select(onArrays.expression(), term, Expressions.constant(otherwise));
    }

    private void requireTerms(Terms terms, Reduction node) {
        Optional<String> empty = terms.emptiness(binder);
        if (empty.isPresent()) {
            throw binder.error(EMPTY, node.span(), "this " + node.operator().word() + " has no terms"
                    + (empty.get().isEmpty() ? "" : " for " + empty.get()));
        }
    }
}
