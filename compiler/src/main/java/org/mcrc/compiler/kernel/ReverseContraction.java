package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
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
        Expression matrix, Expression operand) implements Folded {

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

    @Override
    public Fold fold(Inliner inliner, List<Fold.Contribution> contributions) {
        return new Fold((Read) Expressions.readAt(definition.tensor(), definition.axes()), batch, rows, inner, pixel,
                Simplifier.simplify(inliner.inline(matrix)), Simplifier.simplify(inliner.inline(operand)), contributions,
                definition.comment());
    }

    @Override
    public List<Expression> operands() {
        return List.of(matrix, operand);
    }

    /** The coefficients are packed once, for all pixels. */
    @Override
    public double evaluations(Expression operand) {
        double all = (double) definition.tensor().size() * size(inner);
        return operand == matrix ? all / pixel.domain().size() : all;
    }

    @Override
    public List<String> decision() {
        return List.of("contraction", "pixels × vectors: produced tile by tile, never stored");
    }

    @Override
    public boolean canFold(Inliner inliner, List<Fold.Contribution> contributions) {
        return true;
    }
}
