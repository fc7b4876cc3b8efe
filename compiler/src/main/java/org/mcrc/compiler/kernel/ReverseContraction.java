package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.adjoint.IndexSolver;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.simplify.Simplifier;

/**
 * A definition {@code z[batch, pixel, rows] = sum[inner](matrix[batch, rows, inner] * operand[batch, pixel, inner])} that
 * was recognized.
 */
record ReverseContraction(Definition definition, Index pixel, List<Index> batch, List<Index> rows, List<Index> inner,
        Expression matrix, Expression operand) {

    /** The parts of a contraction; null where the definition is none, or too small to be worth it. */
    static ReverseContraction match(Definition definition, int leastRows) {
        Reduce reduction = definition.reduction();
        if (reduction == null || reduction.operator() != ReductionOperator.SUM
                || !Expressions.isAlways(reduction.guard()) || reduction.indices().stream().anyMatch(Index::isPixel)) {
            return null;
        }
        Index pixel = definition.pixelAxis();
        Set<Index> ofOperand = new HashSet<>();
        Product.factors(reduction.body()).stream().map(Expressions::freeIndices)
                .filter(free -> free.contains(pixel)).forEach(ofOperand::addAll);
        List<Index> batch = definition.axes().stream().filter(index -> index.domain() instanceof IntegerDomain
                && ofOperand.contains(index)).toList();
        List<Index> rows = definition.axes().stream().filter(index -> index != pixel && !batch.contains(index)).toList();
        List<Expression> matrix = new ArrayList<>();
        List<Expression> operand = new ArrayList<>();
        for (Expression factor : Product.factors(reduction.body())) {
            Set<Index> free = Expressions.freeIndices(factor);
            if (free.contains(pixel)) {
                if (rows.stream().anyMatch(free::contains)) {
                    return null;
                }
                operand.add(factor);
            } else {
                matrix.add(factor);
            }
        }
        if (operand.isEmpty() || size(rows) < leastRows || size(reduction.indices()) < leastRows) {
            return null;
        }
        return new ReverseContraction(definition, pixel, batch, rows, reduction.indices(), Product.of(matrix),
                Product.of(operand));
    }

    private static long size(List<Index> indices) {
        return indices.stream().map(Index::domain).mapToLong(Domain::size).reduce(1, Math::multiplyExact);
    }

    /**
     * What one term of a target adds where an element of z is finished: the term seen from that element. Null where the
     * element does not determine the target's element, or where elements of the target's sum read no element of z of their
     * own: what the term is there would be lost.
     */
    Fold.Contribution contribution(Definition target, Read read, Expression term) {
        if (target.pixelAxis() == null) {
            return null;
        }
        List<Index> indices = new ArrayList<>(target.axes());
        if (target.reduction() != null) {
            indices.addAll(target.reduction().indices());
        }
        IndexSolver.Solution solution = IndexSolver.solve(read, indices, definition.axes());
        if (!solution.remaining().isEmpty() || size(indices) != definition.tensor().size()
                || !Expressions.isAlways(Simplifier.simplify(solution.guard()))) {
            return null;
        }
        Map<Index, List<IndexForm>> seen = new HashMap<>(solution.solved());
        Expression value = Expressions.substitute(term, seen);
        Expression z = Expressions.readAt(definition.tensor(), definition.axes());
        boolean whole = Expressions.reads(value).stream().filter(r -> r.tensor().equals(definition.tensor()))
                .allMatch(r -> r == z);
        return whole ? new Fold.Contribution(target.tensor(), target.axes().stream().map(seen::get).toList(),
                Simplifier.simplify(value)) : null;
    }

    Fold fold(Inliner inliner, List<Fold.Contribution> contributions) {
        return new Fold((Read) Expressions.readAt(definition.tensor(), definition.axes()), batch, rows, inner, pixel,
                Simplifier.simplify(inliner.inline(matrix)), Simplifier.simplify(inliner.inline(operand)), contributions,
                definition.comment());
    }
}
