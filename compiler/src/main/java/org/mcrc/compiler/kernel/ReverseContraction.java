package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Product;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.simplify.Simplifier;

/**
 * A definition {@code z[batch, pixel, rows] = sum[inner](matrix[batch, rows, inner] * operand[batch, pixel, inner])}, with
 * one or more such products under the sum, that was recognized.
 */
record ReverseContraction(Definition definition, Index pixel, List<Index> batch, List<Index> rows,
        List<Fold.Term> terms) implements Folded {

    /** The parts of a contraction; null where the definition is none, or too small to be worth it. */
    static ReverseContraction match(Definition definition, int leastRows) {
        Reduce reduction = definition.reduction();
        if (reduction == null || reduction.operator() != ReductionOperator.SUM
                || !Expressions.isAlways(reduction.guard()) || reduction.indices().stream().anyMatch(Index::isPixel)) {
            return null;
        }
        Index pixel = definition.pixelAxis();
        List<Expression> products = Product.terms(reduction.body());
        Set<Index> ofOperands = new HashSet<>();
        products.stream().flatMap(product -> Product.factors(product).stream()).map(Expressions::freeIndices)
                .filter(free -> free.contains(pixel)).forEach(ofOperands::addAll);
        List<Index> batch = definition.axes().stream().filter(index -> index.domain() instanceof IntegerDomain
                && ofOperands.contains(index)).toList();
        List<Index> rows = definition.axes().stream().filter(index -> index != pixel && !batch.contains(index)).toList();
        if (Count.of(rows) < leastRows || Count.real(reduction.indices()) * products.size() < leastRows) {
            return null;
        }
        List<Fold.Term> terms = products.stream().map(product -> term(product, pixel, rows, reduction.indices())).toList();
        return terms.contains(null) ? null : new ReverseContraction(definition, pixel, batch, rows, terms);
    }

    /** A product taken apart; null where a factor depends on pixels and rows, or none on pixels. */
    private static Fold.Term term(Expression product, Index pixel, List<Index> rows, List<Index> inner) {
        List<Expression> matrix = new ArrayList<>();
        List<Expression> operand = new ArrayList<>();
        for (Expression factor : Product.factors(product)) {
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
        return operand.isEmpty() ? null : new Fold.Term(inner, Product.of(matrix), Product.of(operand));
    }

    @Override
    public Fold fold(Inliner inliner, List<Fold.Contribution> contributions) {
        return new Fold((Read) Expressions.readAt(definition.tensor(), definition.axes()), batch, rows, pixel,
                terms.stream().map(term -> new Fold.Term(term.inner(), Simplifier.simplify(inliner.inline(term.matrix())),
                        Simplifier.simplify(inliner.inline(term.operand())))).toList(),
                contributions, definition.comment());
    }

    @Override
    public List<Expression> operands() {
        return terms.stream().flatMap(term -> Stream.of(term.matrix(), term.operand())).toList();
    }

    /** The coefficients are packed once, for all pixels. */
    @Override
    public double evaluations(Expression operand) {
        return terms.stream().mapToDouble(term -> {
            double all = definition.tensor().size() * Count.real(term.inner());
            return operand == term.matrix() ? all / pixel.domain().size() : operand == term.operand() ? all : 0;
        }).sum();
    }

    @Override
    public List<String> decision() {
        return List.of("contraction", StorageDecision.isPixelsByVectors(definition)
                ? "pixels × vectors: produced tile by tile, never stored"
                : "a matrix product, whose elements are written where they belong as they finish");
    }

    @Override
    public boolean canFold(Inliner inliner, List<Fold.Contribution> contributions) {
        return true;
    }
}
