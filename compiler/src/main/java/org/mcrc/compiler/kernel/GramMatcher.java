package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Product;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;

/** Recognizes {@code T[rows, columns] = sum[pixel](left[rows, pixel] * right[columns, pixel])}. */
final class GramMatcher {
    private GramMatcher() {}

    /** The contraction; null where the definition is none, or too small to be worth it. */
    static Gram match(Definition definition, int leastRows) {
        Reduce reduction = definition.reduction();
        if (reduction == null || reduction.operator() != ReductionOperator.SUM || reduction.indices().size() != 1
                || !reduction.indices().getFirst().isPixel() || !Expressions.isAlways(reduction.guard())
                || definition.pixelAxis() != null) {
            return null;
        }
        Index pixel = reduction.indices().getFirst();
        List<Index> axes = definition.axes();
        for (int first = 0; first < axes.size() && isBatch(axes.subList(0, first)); first++) {
            for (int split = first + 1; split < axes.size(); split++) {
                List<Index> rows = axes.subList(first, split);
                List<Index> columns = axes.subList(split, axes.size());
                if (Count.of(rows) >= leastRows && Count.of(columns) >= leastRows) {
                    Gram gram = split(definition, reduction.body(), pixel, axes.subList(0, first), rows, columns);
                    if (gram != null) {
                        return gram;
                    }
                }
            }
        }
        return null;
    }

    private static boolean isBatch(List<Index> axes) {
        return axes.stream().allMatch(index -> index.domain() instanceof IntegerDomain);
    }

    private static Gram split(Definition definition, Expression body, Index pixel, List<Index> batch, List<Index> rows,
            List<Index> columns) {
        List<Expression> left = new ArrayList<>();
        List<Expression> right = new ArrayList<>();
        List<Expression> scale = new ArrayList<>();
        for (Expression factor : Product.factors(body)) {
            Set<Index> free = new HashSet<>(Expressions.freeIndices(factor));
            boolean ofRows = rows.stream().anyMatch(free::contains);
            boolean ofColumns = columns.stream().anyMatch(free::contains);
            if (ofRows && ofColumns) {
                return null;
            }
            boolean constant = free.isEmpty() && Expressions.reads(factor).isEmpty();
            (constant ? scale : ofColumns ? right : left).add(factor);
        }
        Expression ofRows = Product.of(left);
        Expression ofColumns = Product.of(right);
        return new Gram(definition.tensor(), batch, rows, columns, pixel, ofRows, ofColumns,
                isSame(ofRows, rows, ofColumns, columns), Product.of(scale), definition.comment());
    }

    private static boolean isSame(Expression left, List<Index> rows, Expression right, List<Index> columns) {
        if (!rows.stream().map(Index::domain).toList().equals(columns.stream().map(Index::domain).toList())) {
            return false;
        }
        Map<Index, List<IndexForm>> renaming = new HashMap<>();
        for (int k = 0; k < rows.size(); k++) {
            renaming.put(rows.get(k), IndexForm.of(columns.get(k)));
        }
        return Expressions.substitute(left, renaming) == right;
    }
}
